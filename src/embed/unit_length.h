#ifndef SEMCACHED_EMBED_UNIT_LENGTH_H_
#define SEMCACHED_EMBED_UNIT_LENGTH_H_

#include <absl/types/span.h>

#include <optional>
#include <vector>

namespace semcached {

// `values` scaled to Euclidean length 1; nullopt if one is not finite or all are 0.
std::optional<std::vector<float>> UnitLength(absl::Span<const double> values);

}  // namespace semcached

#endif  // SEMCACHED_EMBED_UNIT_LENGTH_H_
