// The tokens of texts into vectors; ONNX Runtime behind one door.
#ifndef SEMCACHED_EMBED_SENTENCE_ENCODER_H_
#define SEMCACHED_EMBED_SENTENCE_ENCODER_H_

#include <absl/status/statusor.h>
#include <absl/types/span.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace semcached {

// A BERT-like model with mean pooling. Thread-safe.
class SentenceEncoder {
 public:
  using Tokens = std::vector<int64_t>;
  using Vectors = std::vector<std::vector<float>>;

  virtual ~SentenceEncoder() = default;

  virtual size_t dimension() const = 0;

  // A vector of length 1 for each text, in one run of the model: shorter texts are padded, and the
  // padding masked. Unavailable: the model failed, or did not give a vector with a direction for
  // each token.
  virtual absl::StatusOr<Vectors> Encode(absl::Span<const Tokens* const> texts) = 0;
};

// Of the content of an .onnx file; `threads` of one run. It has been tried, and so warmed up, with
// as many tokens and as high a token number as it will ever see.
//
// InvalidArgument: it is no such model, or fails at the trial.
absl::StatusOr<std::unique_ptr<SentenceEncoder>> MakeSentenceEncoder(const std::string& model,
                                                                     int threads, size_t max_tokens,
                                                                     int64_t largest_id);

}  // namespace semcached

#endif  // SEMCACHED_EMBED_SENTENCE_ENCODER_H_
