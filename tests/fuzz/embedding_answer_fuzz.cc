// What an endpoint of embeddings may answer: unit vectors, one a text, or an error.
#include <cmath>

#include "embed/embedding_json.h"
#include "fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace semcached;
  constexpr size_t kTexts = 2;
  constexpr size_t kDimension = 3;
  const auto vectors = ParseEmbeddingAnswer(AsText(data, size), kTexts, kDimension);
  if (!vectors.ok()) {
    Require(absl::IsUnavailable(vectors.status()), "a bad answer is as none");
    return 0;
  }
  Require(vectors->size() == kTexts, "a vector for each text");
  for (const std::vector<float>& vector : *vectors) {
    double square = 0;
    for (const float value : vector) square += static_cast<double>(value) * value;
    Require(vector.size() == kDimension, "of the dimension that is configured");
    Require(std::abs(square - 1) < 1e-3, "of length 1");
  }
  return 0;
}
