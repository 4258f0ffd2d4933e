#include <algorithm>
#include <cmath>
#include <cstdint>
#include <set>

#include "cache/eviction/orders.h"
#include "semcached/base/split_map.h"

namespace semcached {
namespace {

// What a hit saves when nobody has measured it.
constexpr double kUnknownSeconds = 1;

// Priority = L + uses * seconds saved / bytes, where L is the priority of the last victim: who has
// not been used since falls behind those that come after.
class CostAwareOrder final : public EvictionOrder {
 public:
  void Insert(EntryId id, size_t bytes, double saved_seconds) override {
    Erase(id);
    const bool known = std::isfinite(saved_seconds) && saved_seconds > 0;
    Entry entry;
    entry.worth =
        (known ? saved_seconds : kUnknownSeconds) / static_cast<double>(std::max<size_t>(bytes, 1));
    entry.rank = {floor_ + entry.worth, ++sequence_, id};
    order_.insert(entry.rank);
    entries_[id] = entry;
  }

  void Touch(EntryId id) override {
    Entry* const found = entries_.Find(id);
    if (found == nullptr) return;
    Entry& entry = *found;
    order_.erase(entry.rank);
    ++entry.uses;
    entry.rank.priority = floor_ + static_cast<double>(entry.uses) * entry.worth;
    entry.rank.sequence = ++sequence_;
    order_.insert(entry.rank);
  }

  void Erase(EntryId id) override {
    const Entry* const entry = entries_.Find(id);
    if (entry == nullptr) return;
    // Only an eviction raises the floor; what is deleted on request says nothing about worth.
    if (id == offered_) floor_ = std::max(floor_, entry->rank.priority);
    order_.erase(entry->rank);
    entries_.Erase(id);
    if (order_.empty()) floor_ = 0;
  }

  std::optional<EntryId> Victim() override {
    if (order_.empty()) return std::nullopt;
    offered_ = order_.begin()->id;
    return offered_;
  }

 private:
  struct Rank {
    double priority = 0;
    uint64_t sequence = 0;  // the least recently used of equal ones leaves first
    EntryId id = 0;

    bool operator<(const Rank& other) const {
      return priority != other.priority ? priority < other.priority : sequence < other.sequence;
    }
  };
  struct Entry {
    double worth = 0;  // seconds a byte
    uint64_t uses = 1;
    Rank rank;
  };

  double floor_ = 0;     // L of the paper
  EntryId offered_ = 0;  // the last victim; 0 is no id
  uint64_t sequence_ = 0;
  SplitMap<EntryId, Entry> entries_;
  std::set<Rank> order_;
};

}  // namespace

std::unique_ptr<EvictionOrder> MakeCostAwareOrder() { return std::make_unique<CostAwareOrder>(); }

}  // namespace semcached
