// Keeps the best of what is offered.
#ifndef SEMCACHED_SRC_INDEX_NEAREST_H_
#define SEMCACHED_SRC_INDEX_NEAREST_H_

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include "semcached/index/vector_index.h"

namespace semcached {

// The `limit` nearest candidates that may be at or above `min_similarity`, and the similarity of
// the nearest whether above or not. What is not a number is never kept.
class Nearest {
 public:
  Nearest(size_t limit, float min_similarity) : limit_(limit), min_similarity_(min_similarity) {}

  // Returns whether it is one of them so far.
  bool Offer(const Candidate& candidate) {
    if (candidate.similarity > best_) best_ = candidate.similarity;
    if (!(candidate.similarity + candidate.error >= min_similarity_)) return false;
    if (heap_.size() == limit_) {
      if (limit_ == 0 || !Nearer(candidate, heap_.front())) return false;
      std::pop_heap(heap_.begin(), heap_.end(), Nearer);
      heap_.back() = candidate;
    } else {
      heap_.push_back(candidate);
    }
    std::push_heap(heap_.begin(), heap_.end(), Nearer);
    return true;
  }

  // Within [-1,1], though what was offered may be over it by an error.
  float best() const { return std::clamp(best_, -1.0F, 1.0F); }

  // Nearest first, and then by id, so that equal searches give equal answers.
  std::vector<Candidate> Take() {
    std::sort_heap(heap_.begin(), heap_.end(), Nearer);
    return std::move(heap_);
  }

 private:
  static bool Nearer(const Candidate& a, const Candidate& b) {
    return a.similarity != b.similarity ? a.similarity > b.similarity : a.id < b.id;
  }

  const size_t limit_;
  const float min_similarity_;
  float best_ = -1;
  std::vector<Candidate> heap_;  // the farthest is in front
};

}  // namespace semcached

#endif  // SEMCACHED_SRC_INDEX_NEAREST_H_
