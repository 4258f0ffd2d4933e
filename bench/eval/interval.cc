#include "eval/interval.h"

#include <algorithm>
#include <cmath>

namespace semcached::eval {

Interval WilsonInterval(int64_t hits, int64_t trials, double z) {
  if (trials <= 0) return {};
  const auto n = static_cast<double>(trials);
  const double share = static_cast<double>(hits) / n;
  const double square = z * z / n;
  const double center = (share + square / 2) / (1 + square);
  const double reach = z / (1 + square) * std::sqrt(share * (1 - share) / n + square / (4 * n));
  return {std::max(0.0, center - reach), std::min(1.0, center + reach)};
}

}  // namespace semcached::eval
