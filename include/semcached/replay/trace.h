// Arrivals at a model, as public traces of LLM inference tell them.
#ifndef SEMCACHED_REPLAY_TRACE_H_
#define SEMCACHED_REPLAY_TRACE_H_

#include <absl/status/statusor.h>
#include <absl/time/time.h>

#include <cstdint>
#include <istream>
#include <string>
#include <vector>

namespace semcached {

struct Arrival {
  absl::Duration at;  // since the first one
  int64_t input_tokens = 0;
  int64_t output_tokens = 0;  // 1 or more
};
using Arrivals = std::vector<Arrival>;  // by time

// Reads one of three formats, told apart by the first line:
//   TIMESTAMP,ContextTokens,GeneratedTokens      Azure's LLM inference traces
//   Timestamp,...,Request tokens,Response tokens,...   BurstGPT; seconds, further columns ignored
//   {"timestamp":ms,"input_length":n,"output_length":n,...}   Mooncake, an object a line
// Requests without an answer (no output tokens: refused, failed) are left out.
//
// InvalidArgument: names `file` and the line; a trace has one arrival at least.
absl::StatusOr<Arrivals> ParseTrace(std::istream& input, const std::string& file);

// NotFound: the file cannot be read. Else as ParseTrace.
absl::StatusOr<Arrivals> ReadTrace(const std::string& file);

// Made arrivals, for where there is no trace: a calm rate with bursts in it.
struct MadeArrivals {
  absl::Duration length = absl::Hours(1);
  double calm_rate = 1;   // arrivals a second, above 0
  double burst_rate = 5;  // above 0
  struct Burst {
    absl::Duration begin;
    absl::Duration end;
  };
  std::vector<Burst> bursts;
  double mean_input_tokens = 1000;  // log-normal, with a deviation of 0.8 of the logarithm
  double mean_output_tokens = 200;
};
// Poisson within each rate; the same for the same seed on one C++ library.
Arrivals MakeArrivals(const MadeArrivals& made, uint64_t seed);

}  // namespace semcached

#endif  // SEMCACHED_REPLAY_TRACE_H_
