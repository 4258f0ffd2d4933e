// A trace played in real time against a running server, with a stand-in for the model behind it.
#ifndef SEMCACHED_SRC_MAIN_LIVE_REPLAY_H_
#define SEMCACHED_SRC_MAIN_LIVE_REPLAY_H_

#include <absl/status/statusor.h>
#include <absl/time/time.h>

#include <cstdint>
#include <string>

#include "semcached/config/category_policy.h"
#include "semcached/replay/replay.h"

namespace semcached {

struct LiveServer {
  std::string target;  // path of the data listener's Unix socket, or host:port
  std::string admin;   // path of the admin listener's
  double speed = 1;    // seconds of the trace in a second; above 0. The server's clock is not moved
};

struct LiveRun {
  ReplayRun run;  // as Replay() gives it, but without causes of calls
  // Calls that failed. The question of a lookup among them went to the model, as at a gateway that
  // does without a cache that is in trouble.
  int64_t failed = 0;
  std::string first_failure;
  absl::Duration latest;  // how late a lookup was sent at most, by the wall
};

// What a gateway would do: each lookup at its time, whatever has become of the others (an open
// loop); a miss goes to a ModelServer that works in real time, and its answer is inserted once it
// is there; each second of the trace the load is reported. Beside that, the load factor is read.
//
// First the history: of what was asked before, the answers that `policies`, which should be the
// server's, still let live at the begin of the trace are inserted with what is left of their TTL.
// Older ones, and those that live on only under load, cannot be had on a clock that is not ours.
//
// Tenants have names that no other run has, so that the server may hold anything. The model is
// called "replay". `parts.load` is not read: the server has its own.
//
// Unavailable: the history cannot be inserted.
absl::StatusOr<LiveRun> ReplayLive(const ReplayParts& parts, const CategoryPolicySet& policies,
                                   const LiveServer& server);

}  // namespace semcached

#endif  // SEMCACHED_SRC_MAIN_LIVE_REPLAY_H_
