// A verifier as a disk may give it back: read or refused, and what is read judges without harm.
//
// The input is the file without its checksum.
#include <cmath>
#include <string>

#include "fuzz/fuzz.h"
#include "semcached/base/clock.h"
#include "semcached/verify/verifier_file.h"

namespace semcached {
namespace {

constexpr size_t kMostDimension = 64;

void TryDecide(const TrainedVerifier& trained) {
  const absl::StatusOr<CategoryVerifier> verifier = MakeCategoryVerifier(trained);
  if (!verifier.ok() || trained.model.dimension > kMostDimension) return;
  std::vector<float> vector(trained.model.dimension, 0.0F);
  vector[0] = 1;
  const VerifyDecision decision = verifier->Decide(
      {"one text", "the other text", vector, vector, 0.85}, 0.8, 0.8, Call(SystemClock()));
  Require(!(decision.score < 0) && decision.score <= 1, "a score is in [0,1]");
  const float nothing = std::nanf("");
  Require(
      !verifier->Decide({"a", "b", vector, vector, nothing}, 0.8, 0, Call(SystemClock())).accept,
      "what is no number is not accepted");
}

}  // namespace
}  // namespace semcached

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace semcached;
  const std::string bytes(AsText(data, size));
  DecodeVerifier(bytes).IgnoreError();
  const std::string file = Sealed(bytes);
  const absl::StatusOr<TrainedVerifier> verifier = DecodeVerifier(file);
  if (!verifier.ok()) return 0;
  Require(EncodeVerifier(*verifier) == file, "a verifier encodes to what it was decoded from");
  TryDecide(*verifier);
  return 0;
}
