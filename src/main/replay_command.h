#ifndef SEMCACHED_SRC_MAIN_REPLAY_COMMAND_H_
#define SEMCACHED_SRC_MAIN_REPLAY_COMMAND_H_

#include <string>

#include "semcached/replay/study_input.h"

namespace semcached {

struct ReplayOptions {
  std::string workload = "replay-code";  // name of a file in bench/workloads, or a file
  std::string trace;                     // in place of the workload's
  std::string data;                      // directory; empty: the project's own set
  std::string law;                       // empty: the workload's middle one
  int seeds = 0;                         // 0: the workload's
  std::string config;
  std::string own_queries;
  std::string near_opposites;
  std::string model_dir;
  std::string vectors;  // file; empty: embedded anew each time
  bool json = false;
};

// What the build tree knows of them.
ReplayOptions DefaultReplayOptions();

// What a study reads, for these options.
StudyFiles StudyFilesOf(const ReplayOptions& options);

// Prints what each variant of the policies comes to. The exit status: 0, or 2 if a file is missing
// or wrong.
int RunReplay(const ReplayOptions& options);

}  // namespace semcached

#endif  // SEMCACHED_SRC_MAIN_REPLAY_COMMAND_H_
