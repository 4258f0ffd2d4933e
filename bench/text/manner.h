// The ways in which the model could embed texts in batches.
#ifndef SEMCACHED_BENCH_TEXT_MANNER_H_
#define SEMCACHED_BENCH_TEXT_MANNER_H_

#include <absl/status/statusor.h>
#include <absl/types/span.h>

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "text/batch_embedder.h"

namespace semcached::text {

// A way of using the cores.
struct Manner {
  std::string name;
  size_t callers = 1;
  std::vector<std::unique_ptr<BatchEmbedder>> sessions;  // one for all callers, or one each
};

// One thread; if there are more CPUs, also so many callers of one session, so many sessions, and so
// many threads a run. Errors as of MakeBatchEmbedder.
absl::StatusOr<std::vector<Manner>> MakeManners(const std::string& model_dir, int cpus);

// Texts a second. `texts` go in their order, `batch` a run.
double Throughput(const Manner& manner, absl::Span<const std::string> texts, size_t batch);

// The least cosine, of all texts, of the vector that a text has in a batch to the one that it has
// alone.
double LeastCosine(BatchEmbedder* session, absl::Span<const std::string> texts, size_t batch);

}  // namespace semcached::text

#endif  // SEMCACHED_BENCH_TEXT_MANNER_H_
