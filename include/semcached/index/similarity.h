// The one arithmetic of similarity.
#ifndef SEMCACHED_INDEX_SIMILARITY_H_
#define SEMCACHED_INDEX_SIMILARITY_H_

#include <absl/status/status.h>
#include <absl/types/span.h>

namespace semcached {

// The inner product; for vectors of length 1, the cosine. Equal sizes. Uses AVX-512 or AVX2 where
// the processor has them, chosen at the first call.
float DotProduct(absl::Span<const float> a, absl::Span<const float> b);

// Scales `vector` to length 1. InvalidArgument: empty, a component is not finite, or the length is
// outside [1e-6, 1e6]; the vector is then unchanged.
absl::Status Normalize(absl::Span<float> vector);

}  // namespace semcached

#endif  // SEMCACHED_INDEX_SIMILARITY_H_
