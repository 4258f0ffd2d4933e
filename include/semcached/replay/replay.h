// One run of a stream against the real cache and policies, with a simulated model behind them.
#ifndef SEMCACHED_REPLAY_REPLAY_H_
#define SEMCACHED_REPLAY_REPLAY_H_

#include <absl/status/statusor.h>
#include <absl/time/time.h>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "semcached/config/category_policy.h"
#include "semcached/config/server_config.h"
#include "semcached/replay/model_server.h"
#include "semcached/replay/question_bank.h"
#include "semcached/replay/stream.h"

namespace semcached {

// All but the last four outlive the run.
struct ReplayParts {
  const QuestionBank* bank = nullptr;
  const AskStream* stream = nullptr;
  const std::map<std::string, absl::Duration>* facts = nullptr;  // as ReplayWorkload::facts
  LoadConfig load;
  ModelSpeed speed;
  int slots = 1;
  std::string identity;  // of the bank's vectors
};

// Why the model was called: what could have helped.
enum class CallCause {
  kNone,      // it was not
  kNew,       // nobody had asked this before: nothing helps
  kInFlight,  // it was just being answered for somebody else
  kExpired,   // it had been answered, longer ago than the configured TTL
  kWords,     // it had been answered, in other words, which were not near enough or a guard refused
};
inline constexpr size_t kCallCauses = 5;

// What became of one arrival.
struct Answered {
  bool hit = false;
  bool wrong = false;     // a hit of another intent
  bool outdated = false;  // a hit of its own intent whose fact has changed since
  bool stale = false;     // a hit past its TTL; the model refreshes it, unless that is put off
  bool model_call = false;
  CallCause cause = CallCause::kNone;
  float latency = -1;  // seconds from the model call to its answer; -1: not called, or not ended
};

struct ReplayRun {
  std::vector<Answered> answered;   // by arrival of the trace
  std::vector<double> utilization;  // by second of the trace: (in flight + queued) / slots
  std::vector<double> load_factor;  // by second; applied or not
};

// Lookups bring their category and their vector; a miss goes to the model and is inserted once it
// has answered, a stale hit likewise; in the history at once. Each second the gateway reports
// in_flight, queued and the limit, and policies and cache tick; the time from a miss to its insert
// is observed as the server does. Faster than real time, on the caller's thread; the store lies in
// a directory of its own below the system's for temporary files, and is gone afterwards.
//
// Errors as of the store and the cache: a lookup or an insert that fails ends the run.
absl::StatusOr<ReplayRun> Replay(const ReplayParts& parts, CategoryPolicySetPtr policies);

// The same with no cache: every arrival goes to the model, and the load factor is 0.
ReplayRun ReplayWithoutCache(const ReplayParts& parts);

}  // namespace semcached

#endif  // SEMCACHED_REPLAY_REPLAY_H_
