// What a replay is made of: files bench/workloads/replay-*.json.
#ifndef SEMCACHED_REPLAY_WORKLOAD_H_
#define SEMCACHED_REPLAY_WORKLOAD_H_

#include <absl/status/statusor.h>
#include <absl/time/time.h>

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "semcached/replay/model_server.h"
#include "semcached/replay/trace.h"

namespace semcached {

// How often the questions of each category are asked again: the exponent of a power law over them.
// 0 is uniform.
struct RepetitionLaw {
  double other = 0;  // of categories that are not named
  std::map<std::string, double, std::less<>> exponents;

  double Of(std::string_view category) const {
    const auto found = exponents.find(category);
    return found == exponents.end() ? other : found->second;
  }
};

struct ReplayWorkload {
  std::string name;
  std::string trace;  // below the data directory
  MadeArrivals made;  // in its place, where there is no data
  ModelSpeed model;
  int64_t history_arrivals = 0;  // before the trace, so that the cache is not empty
  absl::Duration history_span;   // that they come in
  int64_t tenants = 1;           // namespaces; an intent is of one of them
  size_t groups = 5000;          // intents of labelled pairs, as QuestionSources
  size_t singles = 5000;
  std::map<std::string, std::vector<std::string>> rare;  // as QuestionSources
  size_t rare_each = 2500;
  std::map<std::string, double> shares;  // of the arrivals, by category; sum to 1
  std::map<std::string, RepetitionLaw> laws;
  std::string middle_law;  // one of them: the bars are of this one
  // How long an answer of a category stays true; of others for good.
  std::map<std::string, absl::Duration> facts;
  int seeds = 5;
  double false_hit_budget = 0.01;  // of hits, that the bars ask for
};

// One of the workload's laws. InvalidArgument: there is none of this name; lists those there are.
absl::StatusOr<RepetitionLaw> LawNamed(const ReplayWorkload& workload, const std::string& law);

// JSON with comments, the keys described in bench/workloads/README.md. InvalidArgument: names the
// file and the key.
absl::StatusOr<ReplayWorkload> ParseReplayWorkload(std::string_view json, const std::string& file);

// NotFound: the file cannot be read.
absl::StatusOr<ReplayWorkload> ReadReplayWorkload(const std::string& file);

}  // namespace semcached

#endif  // SEMCACHED_REPLAY_WORKLOAD_H_
