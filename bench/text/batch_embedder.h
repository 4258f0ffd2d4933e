// What the model could do if texts were embedded in batches; the server does not (see
// docs/performance.md).
#ifndef SEMCACHED_BENCH_TEXT_BATCH_EMBEDDER_H_
#define SEMCACHED_BENCH_TEXT_BATCH_EMBEDDER_H_

#include <absl/status/statusor.h>
#include <absl/types/span.h>

#include <memory>
#include <string>
#include <vector>

namespace semcached::text {

// All the same work as the server's embedder does: texts into vectors of length 1. Thread-safe.
class BatchEmbedder {
 public:
  virtual ~BatchEmbedder() = default;

  // All texts in one run of the model, padded to the longest and masked.
  virtual std::vector<std::vector<float>> Embed(absl::Span<const std::string> texts) = 0;
};

// The model as scripts/install.sh lays it out, in a session of its own with `threads` a run and,
// but for that, ONNX Runtime's defaults. InvalidArgument: it cannot be loaded; the message names
// it. A run that fails ends the program.
absl::StatusOr<std::unique_ptr<BatchEmbedder>> MakeBatchEmbedder(const std::string& model_dir,
                                                                 int threads);

}  // namespace semcached::text

#endif  // SEMCACHED_BENCH_TEXT_BATCH_EMBEDDER_H_
