#ifndef SEMCACHED_SRC_MAIN_LOAD_RUN_H_
#define SEMCACHED_SRC_MAIN_LOAD_RUN_H_

#include <absl/status/statusor.h>
#include <absl/time/time.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "main/load_workload.h"

namespace semcached {

// Whether the entries are inserted before the calls are sent.
enum class FillMode {
  kFirst,
  kOnly,   // and no calls are sent
  kNever,  // they are there, of an earlier run with the same tenant, seed, sizes and workload
};

struct LoadOptions {
  std::string target;
  std::string compare;          // another server, asked in turn with the first; empty: none
  bool empty_baseline = false;  // servers of empty calls, asked in turn, too
  std::string http;             // host:port of the target's metrics; empty: CPU is not read
  Workload workload;
  int callers = 1;  // closed loop: each sends its next call when the last has ended
  double rate = 0;  // calls a second; above 0: an open loop, `callers` at most at once
  absl::Duration deadline = absl::Seconds(10);  // of a call
  int64_t calls = 10'000;                       // counted ones, in all, of each run
  int64_t warm_up_calls = 500;                  // before them, of each run; one a caller at least
  int runs = 1;
  int dimension = 384;
  std::string vectors;  // file of VectorRows: of entries and inserts; empty: random ones
  std::string misses;   // file of VectorRows: of lookups that miss; empty: random ones
  int response_bytes = 2'000;
  uint64_t seed = 1;
  std::string tenant;  // empty: one that no other run has
  FillMode fill = FillMode::kFirst;
  int fill_callers = 1;  // several insert sooner, in no fixed order
  bool settle = false;   // before the calls, wait until the target rests; takes `http`
  bool json = false;
};

// One run against one server.
struct RunFigures {
  std::vector<double> micros;   // of every measured call that was answered, rising
  double calls_per_second = 0;  // of those
  int64_t hits = 0;             // among those
  // The warm-up's count, too: nothing may fail.
  int64_t failed = 0;  // not answered, or an insert that was declined
  int64_t wrong = 0;   // answers that belong to another entry
  // Of the messages, without what gRPC adds.
  double request_bytes_a_call = 0;
  double answer_bytes_a_call = 0;
  // Of the server's process; only where its metrics were read.
  std::optional<double> cpu_micros_a_call;
  std::optional<double> resident_bytes;

  // Exact, of all samples: 0 if there is none.
  double Percentile(double share) const;
};

struct TargetFigures {
  std::string name;
  std::vector<RunFigures> runs;  // none with FillMode::kOnly
  double fill_seconds = 0;       // 0: it was not filled
  double settle_seconds = 0;     // until it rested; 0: nobody waited for that
};

// Fills a running server with entries, many by a call, unless they are there, and sends the calls.
// The first target is options.target. An error says which server cannot be filled or reached.
//
// In a closed loop a latency is what a caller sees, from its call to its answer. In an open loop it
// counts from when the call should have been sent, so that a server that stalls cannot hide the
// calls that it kept waiting.
absl::StatusOr<std::vector<TargetFigures>> MeasureLoad(const LoadOptions& options);

// Prints what was measured. Returns the exit status: 0; 1 if a call failed or an answer was not the
// one inserted under the nearest vector; 2 if there is nothing to print.
int RunLoad(const LoadOptions& options);

}  // namespace semcached

#endif  // SEMCACHED_SRC_MAIN_LOAD_RUN_H_
