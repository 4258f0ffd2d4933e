#include <algorithm>
#include <cstdint>
#include <list>

#include "cache/eviction/orders.h"
#include "semcached/base/split_map.h"

namespace semcached {
namespace {

// The paper's share of the small queue, and its cap on an entry's uses.
constexpr size_t kSmallShare = 10;  // one in ten
constexpr uint8_t kMaxUses = 3;

// The paper's ghost queue remembers who left, to admit a returner to the main queue at once. An
// EntryId never returns, so there is none here; for the same reason one use, not two, leads out of
// the small queue.
class S3FifoOrder final : public EvictionOrder {
 public:
  void Insert(EntryId id, size_t /*bytes*/, double /*saved_seconds*/) override {
    Erase(id);
    small_.push_front(id);
    nodes_[id] = {small_.begin(), false, 0};
  }

  void Touch(EntryId id) override {
    Node* const node = nodes_.Find(id);
    if (node != nullptr) node->uses = std::min<uint8_t>(kMaxUses, node->uses + 1);
  }

  void Erase(EntryId id) override {
    const Node* const node = nodes_.Find(id);
    if (node == nullptr) return;
    (node->is_main ? main_ : small_).erase(node->place);
    nodes_.Erase(id);
  }

  // Ends: every round either moves an entry to the main queue for good or takes a use away.
  std::optional<EntryId> Victim() override {
    while (nodes_.size() > 0) {
      const bool from_small =
          main_.empty() || (!small_.empty() && small_.size() * kSmallShare > nodes_.size());
      const EntryId id = from_small ? small_.back() : main_.back();
      Node& node = *nodes_.Find(id);
      if (node.uses == 0) return id;
      if (from_small) {
        main_.splice(main_.begin(), small_, node.place);
        node.is_main = true;
        node.uses = 0;
      } else {
        main_.splice(main_.begin(), main_, node.place);
        --node.uses;
      }
    }
    return std::nullopt;
  }

 private:
  struct Node {
    std::list<EntryId>::iterator place;
    bool is_main = false;
    uint8_t uses = 0;  // since it came into its queue
  };

  std::list<EntryId> small_;  // the newest first, in both
  std::list<EntryId> main_;
  SplitMap<EntryId, Node> nodes_;
};

}  // namespace

std::unique_ptr<EvictionOrder> MakeS3FifoOrder() { return std::make_unique<S3FifoOrder>(); }

}  // namespace semcached
