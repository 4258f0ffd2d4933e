#include "cache/costs_of.h"

#include <absl/strings/numbers.h>

#include <cmath>

namespace semcached {
namespace {

// A number that whoever inserted the answer has put beside it.
double Told(const Response& response, const char* key) {
  const auto found = response.metadata.find(key);
  double value = 0;
  if (found == response.metadata.end() || !absl::SimpleAtod(found->second, &value)) return 0;
  return std::isfinite(value) && value > 0 ? value : 0;
}

}  // namespace

CategoryCosts CostsOf(const LookupResult& result, absl::Duration took) {
  CategoryCosts costs;
  if (result.outcome == Outcome::kBypass) return costs;
  if (result.outcome == Outcome::kMiss) {
    costs.misses = 1;
    costs.miss_time = took;
    return costs;
  }
  costs.hits = 1;
  costs.hit_time = took;
  costs.tokens_saved = Told(result.response, "tokens");
  costs.cost_saved = Told(result.response, "cost");
  return costs;
}

}  // namespace semcached
