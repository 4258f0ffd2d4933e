#include "index/link_graph.h"

#include <absl/container/fixed_array.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <new>
#include <numbers>
#include <numeric>

#include "index/code_kernels.h"
#include "index/compact_vector.h"
#include "index/sign_codes.h"

namespace semcached {
namespace {

// A smaller graph is searched without signs as quickly, and what they need weighs more than it.
constexpr size_t kMinSigned = 128;

// Differing signs tell an angle, but for an error (see MostDifferentSigns). A neighbour that would
// be near enough only if they were off by more standard deviations than this is not looked at: one
// in forty of those that barely are. Searches of texts found as many true neighbours as without.
constexpr double kDeviations = 2;

constexpr size_t kWordBits = 64;
constexpr size_t kLineBytes = 64;

void Prefetch(const void* data, size_t bytes) {
  const auto* begin = static_cast<const std::byte*>(data);
  for (size_t at = 0; at < bytes; at += kLineBytes) __builtin_prefetch(begin + at);
}

// The nodes that a search has met, in that order.
class Visited {
 public:
  void Fit(size_t nodes) {
    const size_t words = (nodes + kWordBits - 1) / kWordBits;
    if (words_.size() < words) words_.resize(words, 0);
  }
  // False if it was met before.
  bool Visit(uint32_t node) {
    uint64_t& word = words_[node / kWordBits];
    const uint64_t bit = uint64_t{1} << node % kWordBits;
    if ((word & bit) != 0) return false;
    nodes_.push_back(node);
    word |= bit;
    return true;
  }
  size_t size() const { return nodes_.size(); }
  // Until the next visit.
  absl::Span<const uint32_t> From(size_t first) const {
    return absl::MakeConstSpan(nodes_).subspan(first);
  }
  void Clear() {
    for (const uint32_t node : nodes_) words_[node / kWordBits] = 0;
    nodes_.clear();
  }

 private:
  std::vector<uint64_t> words_;
  std::vector<uint32_t> nodes_;
};

Visited& VisitedOfThread() {
  thread_local Visited visited;
  return visited;
}

// The nearest nodes so far: what is found in the end, and until then what to look around next.
class Pool {
 public:
  struct Entry {
    float similarity = 0;
    uint32_t node = 0;
    bool expanded = false;
  };

  explicit Pool(size_t most) : entries_(most) {}

  // What is not nearer than this is not kept.
  float least() const {
    return size_ < entries_.size() ? -std::numeric_limits<float>::infinity()
                                   : entries_[size_ - 1].similarity;
  }

  // Of equally near ones the first stays first.
  void Offer(uint32_t node, float similarity) {
    if (!(similarity > least())) return;
    const auto begin = entries_.begin();
    auto end = begin + static_cast<std::ptrdiff_t>(size_);
    const auto at = std::upper_bound(begin, end, similarity,
                                     [](float a, const Entry& b) { return a > b.similarity; });
    if (size_ < entries_.size()) {
      ++size_;
      ++end;
    }
    std::move_backward(at, end - 1, end);
    *at = {similarity, node, false};
    next_ = std::min(next_, static_cast<size_t>(at - begin));
  }

  // The nearest one that was not taken yet; null if all were.
  const Entry* Next() {
    while (next_ < size_ && entries_[next_].expanded) ++next_;
    return next_ < size_ ? &entries_[next_] : nullptr;
  }
  void TakeNext() { entries_[next_].expanded = true; }

  absl::Span<const Entry> entries() const { return absl::MakeConstSpan(entries_).first(size_); }

 private:
  absl::FixedArray<Entry, 128> entries_;  // sorted
  size_t size_ = 0;
  size_t next_ = 0;  // all before were taken
};

}  // namespace

// One search.
class LinkGraph::Searcher {
 public:
  Searcher(const LinkGraph& graph, const QueryCodes& query, size_t breadth)
      : graph_(graph),
        query_(query),
        differ_(ActiveCodeKernels().differ),
        row_bytes_(CompactBytes(graph.dimension_)),
        signs_(graph.sign_words_),
        visited_(VisitedOfThread()),
        pool_(breadth),
        near_(graph.most_links_) {
    visited_.Fit(graph.size());
    if (graph.sign_words_ > 0) SetSigns();
  }
  ~Searcher() { visited_.Clear(); }
  Searcher(const Searcher&) = delete;
  Searcher& operator=(const Searcher&) = delete;

  std::vector<Candidate> Run() {
    Descend();
    while (const Pool::Entry* next = pool_.Next()) {
      const uint32_t node = next->node;
      pool_.TakeNext();
      Expand(node);
    }
    std::vector<Candidate> found;
    found.reserve(pool_.entries().size());
    for (const Pool::Entry& entry : pool_.entries()) {
      found.push_back({graph_.ids_[entry.node], entry.similarity,
                       query_.fine.MaxError(graph_.HeadOf(entry.node).row)});
    }
    return found;
  }

 private:
  void SetSigns() {
    const SignCode signs = semcached::SignsOf(query_.rotated, graph_.centre_);
    std::copy(signs.begin(), signs.end(), signs_.begin());
    float square = 0;
    float product = 0;
    for (size_t i = 0; i < graph_.dimension_; ++i) {
      const float away = query_.rotated[i] - graph_.centre_[i];
      square += away * away;
      product += query_.rotated[i] * graph_.centre_[i];
    }
    from_centre_ = std::sqrt(square);
    same_for_all_ = product + (1 - graph_.centre_square_) / 2;
  }

  // To the node of the upper levels that has no nearer neighbour.
  void Descend() {
    uint32_t node = 0;
    float similarity = query_.fine.Dot(graph_.HeadOf(node).row);
    for (size_t level = graph_.upper_.size(); level > 0; --level) {
      const UpperLevel& upper = graph_.upper_[level - 1];
      for (bool moved = true; moved;) {
        moved = false;
        const auto links = LinksAt(upper.links, upper.begins[node]);
        for (const uint32_t link : links) PrefetchNode(link);
        Compare(links, similarity, [&](uint32_t other, float other_similarity) {
          if (other_similarity <= similarity) return;
          similarity = other_similarity;
          node = other;
          moved = true;
        });
      }
    }
    visited_.Visit(node);
    pool_.Offer(node, similarity);
  }

  void Expand(uint32_t node) {
    if (const Pool::Entry* next = pool_.Next()) {  // most often expanded next
      Prefetch(&graph_.links_[graph_.HeadOf(next->node).links], 2 * kLineBytes);
    }
    const size_t before = visited_.size();
    for (const uint32_t link : LinksAt(graph_.links_, graph_.HeadOf(node).links)) {
      if (visited_.Visit(link)) PrefetchNode(link);
    }
    Compare(visited_.From(before), pool_.least(),
            [&](uint32_t other, float similarity) { pool_.Offer(other, similarity); });
  }

  void PrefetchNode(uint32_t node) const {
    Prefetch(graph_.WordsOf(node), graph_.node_words_ * sizeof(uint64_t));
  }

  // Calls `visit` with those of `nodes` that may be nearer than `least`, and how near they are.
  template <typename Visit>
  void Compare(absl::Span<const uint32_t> nodes, float least, Visit visit) {
    size_t near = 0;
    for (const uint32_t node : nodes) {
      if (graph_.sign_words_ > 0 && Highest(node) <= least) continue;
      Prefetch(graph_.HeadOf(node).row, row_bytes_);
      near_[near++] = node;
    }
    for (size_t i = 0; i < near; ++i) {
      visit(near_[i], query_.fine.Dot(graph_.HeadOf(near_[i]).row));
    }
  }

  // What the similarity hardly exceeds, by the signs. As seen from the centre c, the inner product
  // of q and x is |q-c| |x-c| cos + q.c + x.c - c.c, where for a length of 1 twice x.c is 1 + c.c -
  // |x-c|^2.
  float Highest(uint32_t node) const {
    const uint32_t differing = differ_(signs_.data(), graph_.SignsOf(node), graph_.sign_words_);
    const float from_centre = graph_.HeadOf(node).from_centre;
    return from_centre * (from_centre_ * graph_.cosines_[differing] - from_centre / 2) +
           same_for_all_;
  }

  const LinkGraph& graph_;
  const QueryCodes& query_;
  uint32_t (*const differ_)(const uint64_t* a, const uint64_t* b, size_t words);
  const size_t row_bytes_;
  SignCode signs_;
  float from_centre_ = 0;
  float same_for_all_ = 0;
  Visited& visited_;
  Pool pool_;
  absl::FixedArray<uint32_t, 64> near_;
};

LinkGraph::LinkGraph(size_t dimension, const LinkSource& source)
    : dimension_(dimension),
      sign_words_(source.size() < kMinSigned ? 0 : (dimension + kWordBits - 1) / kWordBits),
      node_words_(kHeadWords + sign_words_) {
  const auto count = static_cast<uint32_t>(source.size());
  std::vector<uint32_t> order(count);
  std::iota(order.begin(), order.end(), 0);
  // By level, and the entry before all.
  const auto rank = [&](uint32_t node) {
    return 2 * source.LevelOf(node) + (node == source.Entry() ? 1 : 0);
  };
  std::stable_sort(order.begin(), order.end(),
                   [&](uint32_t a, uint32_t b) { return rank(a) > rank(b); });
  std::vector<uint32_t> numbers(count);
  for (uint32_t node = 0; node < count; ++node) numbers[order[node]] = node;

  const auto append = [&](absl::Span<const uint32_t> of, Links* links) {
    const auto begin = static_cast<uint32_t>(links->size());
    links->push_back(static_cast<uint32_t>(of.size()));
    for (const uint32_t link : of) links->push_back(numbers[link]);
    most_links_ = std::max(most_links_, of.size());
    return begin;
  };
  if (sign_words_ > 0) TakeCentre(source);
  lines_.resize((count * node_words_ + std::size(Line().words) - 1) / std::size(Line().words));
  ids_.reserve(count);
  upper_.resize(source.LevelOf(source.Entry()));
  for (uint32_t node = 0; node < count; ++node) {
    const uint32_t old = order[node];
    const GraphNode of = source.NodeAt(old);
    ids_.push_back(of.id);
    SetNode(node, of.row);
    reinterpret_cast<Head*>(WordsOf(node))->links = append(source.LinksOf(old, 0), &links_);
    for (size_t level = 1; level <= source.LevelOf(old); ++level) {
      UpperLevel& upper = upper_[level - 1];
      upper.begins.push_back(append(source.LinksOf(old, level), &upper.links));
    }
  }
  links_.shrink_to_fit();
  for (UpperLevel& upper : upper_) {
    upper.begins.shrink_to_fit();
    upper.links.shrink_to_fit();
  }
}

void LinkGraph::TakeCentre(const LinkSource& source) {
  std::vector<double> sum(dimension_, 0);
  for (uint32_t node = 0; node < source.size(); ++node) {
    const CompactVector vector = ReadCompact(source.NodeAt(node).row);
    for (size_t i = 0; i < dimension_; ++i) {
      sum[i] += static_cast<double>(vector.scale * static_cast<float>(vector.codes[i]));
    }
  }
  const auto count = static_cast<double>(source.size());
  centre_.reserve(dimension_);
  for (const double of : sum) centre_.push_back(static_cast<float>(of / count));
  for (const float of : centre_) centre_square_ += of * of;

  const auto signs = static_cast<double>(dimension_);
  cosines_.reserve(dimension_ + 1);
  for (size_t differing = 0; differing <= dimension_; ++differing) {
    const double share = static_cast<double>(differing) / signs;
    const double deviation = std::sqrt(share * (1 - share) / signs);
    const double least = std::max(0.0, share - kDeviations * deviation);
    cosines_.push_back(static_cast<float>(std::cos(std::numbers::pi * least)));
  }
}

void LinkGraph::SetNode(uint32_t node, const std::byte* row) {
  uint64_t* const words = WordsOf(node);
  float square = 0;
  if (sign_words_ > 0) {
    const CompactVector vector = ReadCompact(row);
    const SignCode signs = semcached::SignsOf(vector, centre_);
    std::copy(signs.begin(), signs.end(), words + kHeadWords);
    for (size_t i = 0; i < dimension_; ++i) {
      const float away = vector.scale * static_cast<float>(vector.codes[i]) - centre_[i];
      square += away * away;
    }
  }
  new (words) Head{row, std::sqrt(square), 0};
}

std::vector<Candidate> LinkGraph::Search(const QueryCodes& query, size_t breadth) const {
  return Searcher(*this, query, std::min(breadth, size())).Run();
}

size_t LinkGraph::LevelOf(uint32_t node) const {
  size_t level = 0;
  while (level < upper_.size() && node < upper_[level].begins.size()) ++level;
  return level;
}

absl::Span<const uint32_t> LinkGraph::LinksOf(uint32_t node, size_t level) const {
  if (level == 0) return LinksAt(links_, HeadOf(node).links);
  const UpperLevel& upper = upper_[level - 1];
  return LinksAt(upper.links, upper.begins[node]);
}

size_t LinkGraph::MemoryBytes() const {
  size_t bytes = sizeof(*this) + lines_.capacity() * sizeof(Line) +
                 links_.capacity() * sizeof(uint32_t) + ids_.capacity() * sizeof(EntryId) +
                 (centre_.capacity() + cosines_.capacity()) * sizeof(float) +
                 upper_.capacity() * sizeof(UpperLevel) + size() / 8;
  for (const UpperLevel& upper : upper_) {
    bytes += (upper.begins.capacity() + upper.links.capacity()) * sizeof(uint32_t);
  }
  return bytes;
}

}  // namespace semcached
