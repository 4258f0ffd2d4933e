#ifndef SEMCACHED_SRC_MAIN_LIVE_COMMAND_H_
#define SEMCACHED_SRC_MAIN_LIVE_COMMAND_H_

#include "main/live_replay.h"
#include "main/replay_command.h"

namespace semcached {

struct LiveReplayOptions {
  ReplayOptions replay;  // `seeds` is not read: one run, of the first seed
  LiveServer server;
  double from = 0;     // minutes of the trace that are history
  double minutes = 0;  // of it that are played; 0: all that follow
};

// Plays the trace in real time against a running server, and the same arrivals in the simulation
// before that; prints both. Overload is what it is in the simulation with adaptation off. The exit
// status: 0; 1 if the server failed to answer a call; 2 if a file is missing or wrong, or the
// server.
int RunLiveReplay(const LiveReplayOptions& options);

}  // namespace semcached

#endif  // SEMCACHED_SRC_MAIN_LIVE_COMMAND_H_
