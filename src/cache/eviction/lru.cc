#include <absl/container/flat_hash_map.h>

#include <list>

#include "cache/eviction/orders.h"

namespace semcached {
namespace {

class LruOrder final : public EvictionOrder {
 public:
  void Insert(EntryId id, size_t /*bytes*/, double /*saved_seconds*/) override {
    Erase(id);
    recent_.push_front(id);
    places_[id] = recent_.begin();
  }

  void Touch(EntryId id) override {
    const auto found = places_.find(id);
    if (found != places_.end()) recent_.splice(recent_.begin(), recent_, found->second);
  }

  void Erase(EntryId id) override {
    const auto found = places_.find(id);
    if (found == places_.end()) return;
    recent_.erase(found->second);
    places_.erase(found);
  }

  std::optional<EntryId> Victim() override {
    if (recent_.empty()) return std::nullopt;
    return recent_.back();
  }

 private:
  std::list<EntryId> recent_;  // the most recent one first
  absl::flat_hash_map<EntryId, std::list<EntryId>::iterator> places_;
};

}  // namespace

std::unique_ptr<EvictionOrder> MakeLruOrder() { return std::make_unique<LruOrder>(); }

}  // namespace semcached
