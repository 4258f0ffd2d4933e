#include <algorithm>
#include <cmath>
#include <cstdint>
#include <set>

#include "cache/eviction/orders.h"
#include "semcached/base/split_map.h"

namespace semcached {
namespace {

// Uses between two halvings, an entry.
constexpr uint64_t kUsesPerEntry = 8;
constexpr uint64_t kLeastUses = 1024;

// Halving every count would stall the category for as long as it is large. Doubling the weight of
// every later use gives the same order and costs nothing, so a count is kept as its logarithm, in
// units of the first epoch's uses.
class LfuOrder final : public EvictionOrder {
 public:
  void Insert(EntryId id, size_t /*bytes*/, double /*saved_seconds*/) override {
    Erase(id);
    Use();
    const Rank rank{epoch_, ++sequence_, id};
    ranks_[id] = rank;
    order_.insert(rank);
  }

  void Touch(EntryId id) override {
    Rank* const found = ranks_.Find(id);
    if (found == nullptr) return;
    Use();
    Rank& rank = *found;
    order_.erase(rank);
    // log2(2^count + 2^epoch), without the overflow.
    const double high = std::max(rank.log_count, epoch_);
    const double low = std::min(rank.log_count, epoch_);
    rank.log_count = high + std::log2(1 + std::exp2(low - high));
    order_.insert(rank);
  }

  void Erase(EntryId id) override {
    const Rank* const rank = ranks_.Find(id);
    if (rank == nullptr) return;
    order_.erase(*rank);
    ranks_.Erase(id);
  }

  std::optional<EntryId> Victim() override {
    if (order_.empty()) return std::nullopt;
    return order_.begin()->id;
  }

 private:
  struct Rank {
    double log_count = 0;
    uint64_t sequence = 0;  // the older of two equal ones leaves first
    EntryId id = 0;

    bool operator<(const Rank& other) const {
      return log_count != other.log_count ? log_count < other.log_count : sequence < other.sequence;
    }
  };

  void Use() {
    if (++uses_ < std::max(kLeastUses, kUsesPerEntry * ranks_.size())) return;
    uses_ = 0;
    epoch_ += 1;
  }

  double epoch_ = 0;
  uint64_t uses_ = 0;  // in this epoch
  uint64_t sequence_ = 0;
  SplitMap<EntryId, Rank> ranks_;
  std::set<Rank> order_;
};

}  // namespace

std::unique_ptr<EvictionOrder> MakeLfuOrder() { return std::make_unique<LfuOrder>(); }

}  // namespace semcached
