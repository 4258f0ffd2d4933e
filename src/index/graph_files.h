// Where the graphs of an index outlive the process.
#ifndef SEMCACHED_SRC_INDEX_GRAPH_FILES_H_
#define SEMCACHED_SRC_INDEX_GRAPH_FILES_H_

#include <absl/functional/function_ref.h>
#include <absl/status/status.h>
#include <absl/status/statusor.h>
#include <absl/types/span.h>

#include <atomic>
#include <cstdint>
#include <string>

#include "index/built_graph.h"
#include "semcached/base/hash.h"
#include "semcached/index/vector_index.h"

namespace semcached {

// A file a scope: to find the links of a large graph takes many minutes. Losing a file costs only
// that. Thread-safe.
class GraphFiles {
 public:
  explicit GraphFiles(const IndexOptions& options) : options_(options) {}

  // Whether graphs are kept at all.
  bool IsOn() const { return !options_.graph_directory.empty(); }

  // The graph that is kept of `scope`, over those of `nodes` that it has. NotFound: none is kept.
  // FailedPrecondition: of another format or shape, or too much has changed since. Cancelled.
  // DataLoss: it is damaged. Unavailable: it cannot be read, or there is no memory for it.
  absl::StatusOr<BuiltGraph> Restore(const Hash128& scope, absl::Span<const GraphNode> nodes,
                                     absl::FunctionRef<bool()> cancelled) const;

  // Keeps `graph` in place of what was kept of `scope`. An error as of WriteCheckedFile().
  absl::Status Write(const Hash128& scope, const LinkGraph& graph,
                     absl::Span<const EntryId> left_out) const;

  // Says what became of a file: to the log, and to whom the options name.
  void TellRestored(const Hash128& scope, const absl::Status& status, size_t nodes) const;
  void TellWritten(const Hash128& scope, const absl::Status& status, size_t nodes) const;

  // Removes those whose scope `is_wanted` does not want.
  void Sweep(absl::FunctionRef<bool(const Hash128& scope)> is_wanted) const;

  // Of all files, as of the last write or sweep.
  int64_t Bytes() const { return bytes_; }

 private:
  std::string PathOf(const Hash128& scope) const;
  void Tell(GraphFileOutcome outcome) const;
  void Count() const;

  const IndexOptions options_;
  mutable std::atomic<int64_t> bytes_{0};
};

}  // namespace semcached

#endif  // SEMCACHED_SRC_INDEX_GRAPH_FILES_H_
