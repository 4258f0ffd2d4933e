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

  // The true similarity is off by `error` at most.
  void Offer(EntryId id, float similarity, float error) {
    if (similarity > best_) best_ = similarity;
    if (!(similarity + error >= min_similarity_)) return;
    const Candidate candidate{id, similarity};
    if (heap_.size() == limit_) {
      if (limit_ == 0 || !Nearer(candidate, heap_.front())) return;
      std::pop_heap(heap_.begin(), heap_.end(), Nearer);
      heap_.back() = candidate;
    } else {
      heap_.push_back(candidate);
    }
    std::push_heap(heap_.begin(), heap_.end(), Nearer);
  }

  float best() const { return best_; }

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
