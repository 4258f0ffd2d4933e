// Links between vectors, made by hand.
#ifndef SEMCACHED_TESTS_INDEX_HAND_MADE_LINKS_H_
#define SEMCACHED_TESTS_INDEX_HAND_MADE_LINKS_H_

#include <deque>
#include <vector>

#include "index/compact_vector.h"
#include "index/link_graph.h"

namespace semcached {

// Ids count from 1000.
class HandMade final : public LinkSource {
 public:
  size_t size() const override { return rows_.size(); }
  GraphNode NodeAt(uint32_t node) const override { return {1000 + node, rows_[node].data()}; }
  size_t LevelOf(uint32_t node) const override { return links_[node].size() - 1; }
  absl::Span<const uint32_t> LinksOf(uint32_t node, size_t level) const override {
    return links_[node][level];
  }
  uint32_t Entry() const override { return entry_; }

  void Add(const std::vector<float>& vector, size_t level = 0) {
    rows_.push_back(Compact(vector));
    links_.emplace_back(level + 1);
    if (level > LevelOf(entry_)) entry_ = static_cast<uint32_t>(rows_.size() - 1);
  }
  void Link(uint32_t a, uint32_t b, size_t level = 0) {
    links_[a][level].push_back(b);
    links_[b][level].push_back(a);
  }
  const std::byte* Row(uint32_t node) const { return rows_[node].data(); }

 private:
  std::deque<CompactRow> rows_;
  std::vector<std::vector<std::vector<uint32_t>>> links_;
  uint32_t entry_ = 0;
};

}  // namespace semcached

#endif  // SEMCACHED_TESTS_INDEX_HAND_MADE_LINKS_H_
