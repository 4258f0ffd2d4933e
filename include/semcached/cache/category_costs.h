// What a category has cost and given, as the cache counts it.
#ifndef SEMCACHED_CACHE_CATEGORY_COSTS_H_
#define SEMCACHED_CACHE_CATEGORY_COSTS_H_

#include <absl/time/time.h>

#include <cstdint>
#include <functional>
#include <map>
#include <string>

namespace semcached {

// Sums since the start of the process.
struct CategoryCosts {
  int64_t hits = 0;
  int64_t misses = 0;
  absl::Duration hit_time;  // of those lookups in the cache, the embedding included
  absl::Duration miss_time;
  int64_t model_answers = 0;  // inserted by the lookup_id of a miss
  absl::Duration model_time;  // from those misses to their inserts
  // Of the answers that were hits, where their metadata tell: the keys "tokens" and "cost".
  double tokens_saved = 0;
  double cost_saved = 0;

  CategoryCosts& operator+=(const CategoryCosts& more);
  CategoryCosts& operator-=(const CategoryCosts& less);
};

inline CategoryCosts& CategoryCosts::operator+=(const CategoryCosts& more) {
  hits += more.hits;
  misses += more.misses;
  hit_time += more.hit_time;
  miss_time += more.miss_time;
  model_answers += more.model_answers;
  model_time += more.model_time;
  tokens_saved += more.tokens_saved;
  cost_saved += more.cost_saved;
  return *this;
}

inline CategoryCosts& CategoryCosts::operator-=(const CategoryCosts& less) {
  hits -= less.hits;
  misses -= less.misses;
  hit_time -= less.hit_time;
  miss_time -= less.miss_time;
  model_answers -= less.model_answers;
  model_time -= less.model_time;
  tokens_saved -= less.tokens_saved;
  cost_saved -= less.cost_saved;
  return *this;
}

using CostsByCategory = std::map<std::string, CategoryCosts, std::less<>>;

}  // namespace semcached

#endif  // SEMCACHED_CACHE_CATEGORY_COSTS_H_
