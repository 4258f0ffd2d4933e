#include "semcached/index/similarity.h"

#include <absl/strings/str_cat.h>

#include <algorithm>
#include <cmath>

#include "semcached/base/dot_kernel.h"

namespace semcached {
namespace {

constexpr double kMinLength = 1e-6;
constexpr double kMaxLength = 1e6;

}  // namespace

float DotProduct(absl::Span<const float> a, absl::Span<const float> b) {
  return ActiveDotKernel()(a.data(), b.data(), a.size());
}

absl::Status Normalize(absl::Span<float> vector) {
  if (vector.empty()) return absl::InvalidArgumentError("the embedding is empty");
  double square = 0;  // the square of any finite float fits, also summed
  for (const float value : vector) square += static_cast<double>(value) * value;
  if (!std::isfinite(square)) {
    const auto* const bad = std::find_if_not(vector.begin(), vector.end(),
                                             [](float value) { return std::isfinite(value); });
    return absl::InvalidArgumentError(absl::StrCat("component ", bad - vector.begin(), " of ",
                                                   vector.size(),
                                                   " of the embedding is not finite: ", *bad));
  }
  const double length = std::sqrt(square);
  if (!(length >= kMinLength && length <= kMaxLength)) {
    return absl::InvalidArgumentError(absl::StrCat("the embedding has length ", length,
                                                   "; allowed: ", kMinLength, " to ", kMaxLength));
  }
  for (float& value : vector) value = static_cast<float>(value / length);
  return absl::OkStatus();
}

}  // namespace semcached
