// A workload under one law, run by run: the same arrivals for every variant of the policies.
#ifndef SEMCACHED_REPLAY_STUDY_H_
#define SEMCACHED_REPLAY_STUDY_H_

#include <absl/status/statusor.h>

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "semcached/config/load.h"
#include "semcached/replay/question_bank.h"
#include "semcached/replay/replay.h"
#include "semcached/replay/variants.h"
#include "semcached/replay/workload.h"

namespace semcached {

// Counts of one run, of all its arrivals and of those in overload.
//
// Overload are the seconds in which the load factor of the run with adaptation off is above 0. They
// are the same for every variant of one seed and law, so that who ends an overload sooner is not
// measured over less of it.
struct ReplayCounts {
  int64_t lookups = 0, hits = 0, wrong = 0, outdated = 0, stale = 0, calls = 0;
  int64_t overload_lookups = 0, overload_calls = 0;
  std::array<int64_t, kCallCauses> overload_causes{};  // of those calls, by CallCause

  double HitRate() const { return Share(hits, lookups); }
  double FalseHitRate() const { return Share(wrong + outdated, hits); }

 private:
  static double Share(int64_t part, int64_t all) {
    return all > 0 ? static_cast<double>(part) / static_cast<double>(all) : 0;
  }
};

struct ReplayFigures {
  ReplayCounts all;
  std::map<std::string, ReplayCounts> by_category;
  double overload_seconds = 0;
  double mean_latency = 0;  // seconds; of model calls that began in overload, 0 of none
  double p99_latency = 0;
};

// `overload`: by second of the trace. Pure.
ReplayFigures FiguresOf(const ReplayRun& run, const AskStream& stream, const QuestionBank& bank,
                        const std::vector<bool>& overload);

std::vector<bool> OverloadOf(const ReplayRun& run);

// What a study needs besides the workload. All outlive it.
struct StudyParts {
  const ReplayWorkload* workload = nullptr;
  const Arrivals* arrivals = nullptr;
  const QuestionBank* bank = nullptr;
  const Config* config = nullptr;
  std::string identity;  // of the bank's vectors
};

class Study {
 public:
  // The server is sized for the arrivals. `seeds` 1 or more.
  Study(const StudyParts& parts, int seeds);

  const Sizing& sizing() const { return sizing_; }

  struct Variant {
    VariantKind kind = VariantKind::kAll;
    double drop = 0;  // of kStatic
  };
  struct Result {
    std::vector<ReplayFigures> by_seed;
    ReplayRun first;  // of the first seed, for plots
  };
  // Runs a variant once a seed, and before it, once a law, the one with adaptation off. Errors as
  // of MakeAskStream and Replay; InvalidArgument: there is no such law.
  absl::StatusOr<Result> Run(const std::string& law, const Variant& variant);

  // The largest drop of kStatic, to `steps` halvings of [0, 2], whose false-hit rate over all seeds
  // is not above `rate`.
  absl::StatusOr<double> FindDrop(const std::string& law, double rate, int steps);

 private:
  struct Prepared {
    AskStream stream;
    std::vector<bool> overload;
    ReplayRun off;
  };
  absl::Status Prepare(const std::string& law);
  ReplayParts PartsFor(const Prepared& prepared) const;

  const StudyParts parts_;
  const int seeds_;
  const Sizing sizing_;
  std::map<std::string, std::vector<Prepared>> prepared_;  // by law, then by seed
};

// Of all seeds together.
double FalseHitRateOf(const std::vector<ReplayFigures>& by_seed);

// The model calls in overload that `with` saves of those of `without`, by seed, in [-inf,1]; 0
// where there were none.
std::vector<double> SavedCalls(const std::vector<ReplayFigures>& with,
                               const std::vector<ReplayFigures>& without);

}  // namespace semcached

#endif  // SEMCACHED_REPLAY_STUDY_H_
