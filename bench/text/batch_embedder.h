// The model as the server runs it, in batches of any size.
#ifndef SEMCACHED_BENCH_TEXT_BATCH_EMBEDDER_H_
#define SEMCACHED_BENCH_TEXT_BATCH_EMBEDDER_H_

#include <absl/status/statusor.h>
#include <absl/types/span.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "embed/sentence_encoder.h"
#include "embed/wordpiece.h"

namespace semcached::text {

// All the same work as the server's embedder does: texts into vectors of length 1. Thread-safe.
class BatchEmbedder {
 public:
  BatchEmbedder(WordPiece tokenizer, std::unique_ptr<SentenceEncoder> encoder)
      : tokenizer_(std::move(tokenizer)), encoder_(std::move(encoder)) {}

  // All texts in one run of the model, padded to the longest and masked. A run that fails ends the
  // program.
  std::vector<std::vector<float>> Embed(absl::Span<const std::string> texts);

 private:
  const WordPiece tokenizer_;
  const std::unique_ptr<SentenceEncoder> encoder_;
};

// The model as scripts/install.sh lays it out, in a session of its own with `threads` a run.
// InvalidArgument: it cannot be loaded; the message names it.
absl::StatusOr<std::unique_ptr<BatchEmbedder>> MakeBatchEmbedder(const std::string& model_dir,
                                                                 int threads);

}  // namespace semcached::text

#endif  // SEMCACHED_BENCH_TEXT_BATCH_EMBEDDER_H_
