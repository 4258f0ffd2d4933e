// Lookups of texts that miss, over the server's Unix socket.
#ifndef SEMCACHED_BENCH_TEXT_TEXT_LOOKUPS_H_
#define SEMCACHED_BENCH_TEXT_TEXT_LOOKUPS_H_

#include <absl/status/statusor.h>
#include <absl/types/span.h>

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "semcached/v1/semantic_cache.grpc.pb.h"

namespace semcached::text {

// Callers that stay connected, each over a connection of its own as separate gateways would be. One
// method at a time.
class TextLookups {
 public:
  TextLookups(const std::string& address, size_t callers);

  // Entries of random vectors, near to no text, in the scope that is asked. Unavailable: the server
  // refuses; says why.
  absl::Status Fill(size_t entries);

  // Adds the microseconds of each, one caller, one after the other. Unavailable: a lookup fails or
  // is no miss; says which.
  absl::Status OneAfterTheOther(absl::Span<const std::string> texts, std::vector<double>* micros);

  // Texts a second, of all callers at once, each sending its next when its last has ended. Errors
  // as above.
  absl::StatusOr<double> AtOnce(absl::Span<const std::string> texts);

 private:
  using Stub = v1::SemanticCache::Stub;

  static absl::Status Ask(Stub& stub, const std::string& text);

  std::vector<std::unique_ptr<Stub>> callers_;
};

}  // namespace semcached::text

#endif  // SEMCACHED_BENCH_TEXT_TEXT_LOOKUPS_H_
