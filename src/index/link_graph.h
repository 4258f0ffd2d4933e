// A finished HNSW graph in plain arrays, and the search over them.
#ifndef SEMCACHED_SRC_INDEX_LINK_GRAPH_H_
#define SEMCACHED_SRC_INDEX_LINK_GRAPH_H_

#include <absl/types/span.h>

#include <cstddef>
#include <cstdint>
#include <vector>

#include "index/query_codes.h"
#include "semcached/index/vector_index.h"

namespace semcached {

// A compact vector; a graph reads it where it lies, as long as it is built or searched.
struct GraphNode {
  EntryId id = 0;
  const std::byte* row = nullptr;
};

// What a build has linked. Nodes are numbered from 0 on.
class LinkSource {
 public:
  virtual ~LinkSource() = default;

  virtual size_t size() const = 0;
  virtual GraphNode NodeAt(uint32_t node) const = 0;
  // All nodes are on level 0, and some of each level are on the next one too.
  virtual size_t LevelOf(uint32_t node) const = 0;
  // `node` is on `level`, and so are those that it links to.
  virtual absl::Span<const uint32_t> LinksOf(uint32_t node, size_t level) const = 0;
  // A node of the highest level.
  virtual uint32_t Entry() const = 0;
};

// HNSW (Malkov and Yashunin, 2018). Their search finds as much; this one reads less and waits less:
// what sets a node apart by signs lies in one cache line (of 384 components), its row is read only
// if the signs allow for a vector that is near enough, and what will be read is prefetched for all
// neighbours at once.
//
// Immutable, so searches need no lock. A thread that searches keeps a bit a node for it, of the
// largest graph that it met.
class LinkGraph final : public LinkSource {
 public:
  // Copies the links; rows stay where they are. `source` has at least one node.
  LinkGraph(size_t dimension, const LinkSource& source);

  // The `breadth` (1 or more) nearest, or nearly, with similarities from bytes; nearest first. The
  // broader, the surer is what comes first. Fewer only if no more can be reached.
  std::vector<Candidate> Search(const QueryCodes& query, size_t breadth) const;

  // What it was made of. Rows may be gone by now: see Partition.
  size_t size() const override { return ids_.size(); }
  GraphNode NodeAt(uint32_t node) const override { return {ids_[node], HeadOf(node).row}; }
  size_t LevelOf(uint32_t node) const override;
  absl::Span<const uint32_t> LinksOf(uint32_t node, size_t level) const override;
  uint32_t Entry() const override { return 0; }

  // And the bits of one thread.
  size_t MemoryBytes() const;

 private:
  class Searcher;

  // The first words of a node; its signs follow.
  struct Head {
    const std::byte* row;
    float from_centre;  // the distance
    uint32_t links;     // where they begin
  };
  static constexpr size_t kHeadWords = sizeof(Head) / sizeof(uint64_t);

  struct alignas(64) Line {
    uint64_t words[8];
  };

  // Of a node: how many, and then which.
  using Links = std::vector<uint32_t>;
  static absl::Span<const uint32_t> LinksAt(const Links& links, uint32_t begin) {
    return {&links[begin] + 1, links[begin]};
  }

  // Nodes are numbered by level, the highest first, so those of a level are the first so many.
  struct UpperLevel {
    std::vector<uint32_t> begins;  // in links, by node
    Links links;
  };

  const uint64_t* WordsOf(uint32_t node) const {
    return reinterpret_cast<const uint64_t*>(lines_.data()) + node * node_words_;
  }
  uint64_t* WordsOf(uint32_t node) {
    return reinterpret_cast<uint64_t*>(lines_.data()) + node * node_words_;
  }
  const Head& HeadOf(uint32_t node) const { return *reinterpret_cast<const Head*>(WordsOf(node)); }
  const uint64_t* SignsOf(uint32_t node) const { return WordsOf(node) + kHeadWords; }

  void TakeCentre(const LinkSource& source);
  void SetNode(uint32_t node, const std::byte* row);

  const size_t dimension_;
  const size_t sign_words_;  // 0: too small a graph for signs to pay
  const size_t node_words_;
  std::vector<Line> lines_;
  Links links_;  // of level 0
  std::vector<UpperLevel> upper_;
  size_t most_links_ = 0;  // of a node
  std::vector<EntryId> ids_;
  std::vector<float> centre_;  // the mean
  float centre_square_ = 0;
  // Seen from the centre, two vectors that differ in so many signs hardly have a cosine above this.
  std::vector<float> cosines_;
};

}  // namespace semcached

#endif  // SEMCACHED_SRC_INDEX_LINK_GRAPH_H_
