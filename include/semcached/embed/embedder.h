// Turns texts into vectors.
#ifndef SEMCACHED_EMBED_EMBEDDER_H_
#define SEMCACHED_EMBED_EMBEDDER_H_

#include <absl/status/statusor.h>
#include <absl/types/span.h>

#include <string>
#include <string_view>
#include <vector>

#include "semcached/base/call.h"

namespace semcached {

// Thread-safe.
class Embedder {
 public:
  virtual ~Embedder() = default;

  // Model, version and dimension, e.g. "all-MiniLM-L6-v2@4a668a07/384". Equal identities mean
  // comparable vectors; constant.
  virtual const std::string& identity() const = 0;

  virtual size_t dimension() const = 0;

  // True if no text leaves this machine.
  virtual bool is_local() const = 0;

  // One vector of length 1 (Euclidean) for each text, in order; an empty one for a text that the
  // model cannot tell from others, since it is too long for it or holds words it does not know.
  //
  // Unavailable: the model or the endpoint fails, or would not answer in time; never later than the
  // call's deadline. ResourceExhausted: so much waits for the model that it would not be done in
  // the call's time. DeadlineExceeded, Cancelled: by the call. InvalidArgument: no text, or one
  // that is empty.
  virtual absl::StatusOr<std::vector<std::vector<float>>> Embed(
      absl::Span<const std::string_view> texts, const Call& call) = 0;
};

}  // namespace semcached

#endif  // SEMCACHED_EMBED_EMBEDDER_H_
