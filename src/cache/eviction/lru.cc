#include <list>

#include "cache/eviction/orders.h"
#include "semcached/base/split_map.h"

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
    const auto* const place = places_.Find(id);
    if (place != nullptr) recent_.splice(recent_.begin(), recent_, *place);
  }

  void Erase(EntryId id) override {
    const auto* const place = places_.Find(id);
    if (place == nullptr) return;
    recent_.erase(*place);
    places_.Erase(id);
  }

  std::optional<EntryId> Victim() override {
    if (recent_.empty()) return std::nullopt;
    return recent_.back();
  }

 private:
  std::list<EntryId> recent_;  // the most recent one first
  SplitMap<EntryId, std::list<EntryId>::iterator> places_;
};

}  // namespace

std::unique_ptr<EvictionOrder> MakeLruOrder() { return std::make_unique<LruOrder>(); }

}  // namespace semcached
