#ifndef SEMCACHED_TESTS_INDEX_INDEX_FIXTURE_H_
#define SEMCACHED_TESTS_INDEX_INDEX_FIXTURE_H_

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <random>
#include <vector>

#include "semcached/index/similarity.h"
#include "semcached/index/vector_index.h"
#include "support/clustered_vectors.h"
#include "support/manual_executor.h"

namespace semcached {

inline Hash128 ScopeNumber(uint64_t number) { return {number, ~number}; }

// With kHnsw a graph at any size.
inline IndexOptions Options(IndexType type, size_t dimension) {
  IndexOptions options;
  options.type = type;
  if (type == IndexType::kHnsw) options.graph_min_entries = 1;
  options.dimension = dimension;
  options.ef_construction = 64;
  return options;
}

inline std::vector<EntryId> Ids(const SearchResult& result) {
  std::vector<EntryId> ids;
  for (const Candidate& candidate : result.candidates) ids.push_back(candidate.id);
  return ids;
}

// How far a similarity from bytes is off at most, for the vectors of these tests.
inline constexpr float kByteError = 0.02F;

// What is in one scope, searched exactly.
class Oracle {
 public:
  void Insert(EntryId id, std::vector<float> vector) { vectors_[id] = std::move(vector); }
  void Erase(EntryId id) { vectors_.erase(id); }

  Candidate Nearest(const std::vector<float>& query) const {
    Candidate nearest{0, -1};
    for (const auto& [id, vector] : vectors_) {
      const float similarity = DotProduct(query, vector);
      if (similarity > nearest.similarity) nearest = {id, similarity};
    }
    return nearest;
  }
  // Whether the nearest, or one that is as near, is among what a search proposes.
  bool HasNearest(const SearchResult& result, const std::vector<float>& query) const {
    const float nearest = Nearest(query).similarity;
    return std::any_of(result.candidates.begin(), result.candidates.end(), [&](const auto& found) {
      return DotProduct(query, vectors_.at(found.id)) >= nearest - 1e-6F;
    });
  }
  const std::map<EntryId, std::vector<float>>& vectors() const { return vectors_; }

 private:
  std::map<EntryId, std::vector<float>> vectors_;
};

}  // namespace semcached

#endif  // SEMCACHED_TESTS_INDEX_INDEX_FIXTURE_H_
