#include "embed/unit_length.h"

#include <algorithm>
#include <cmath>

namespace semcached {

std::optional<std::vector<float>> UnitLength(absl::Span<const double> values) {
  double largest = 0;
  for (const double value : values) {
    if (!std::isfinite(value)) return std::nullopt;
    largest = std::max(largest, std::abs(value));
  }
  if (largest == 0) return std::nullopt;
  // Divided by the largest first, so that no square leaves the range of a double.
  double square = 0;
  for (const double value : values) square += (value / largest) * (value / largest);
  const double length = std::sqrt(square);
  std::vector<float> unit(values.size());
  std::transform(values.begin(), values.end(), unit.begin(),
                 [&](double value) { return static_cast<float>(value / largest / length); });
  return unit;
}

}  // namespace semcached
