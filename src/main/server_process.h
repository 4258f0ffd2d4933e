#ifndef SEMCACHED_SRC_MAIN_SERVER_PROCESS_H_
#define SEMCACHED_SRC_MAIN_SERVER_PROCESS_H_

#include <absl/status/statusor.h>
#include <absl/time/time.h>

#include <string>

namespace semcached {

// Of a running server, by its page of metrics.
struct ProcessFigures {
  double cpu_seconds = 0;  // since its start
  double resident_bytes = 0;
};

// `http`: host:port of its metrics. Unavailable: they are not there. InvalidArgument: it is no such
// address.
absl::StatusOr<ProcessFigures> ReadProcess(const std::string& http);

// Tells from readings of a process's CPU time whether it rests: less than a tenth of a core for
// three seconds on end.
class RestWatch {
 public:
  // The next reading. True: it has rested up to now.
  bool Look(absl::Duration now, double cpu_seconds);

  // Of a core, between the last two readings.
  double share() const { return share_; }

 private:
  bool first_ = true;
  absl::Duration last_;
  double last_cpu_seconds_ = 0;
  double share_ = 0;
  absl::Duration rested_;
};

// Waits until the server rests, and tells standard error under `name` what it waits for. Returns
// the seconds it took. DeadlineExceeded: it has not come to rest within `patience`. Others: as
// ReadProcess().
absl::StatusOr<double> AwaitRest(const std::string& name, const std::string& http,
                                 absl::Duration patience);

}  // namespace semcached

#endif  // SEMCACHED_SRC_MAIN_SERVER_PROCESS_H_
