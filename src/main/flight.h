// Whether single flight holds: many ask the same at once, and one call of the model is made.
#ifndef SEMCACHED_SRC_MAIN_FLIGHT_H_
#define SEMCACHED_SRC_MAIN_FLIGHT_H_

#include <absl/time/time.h>

#include <string>

namespace semcached {

struct FlightOptions {
  std::string target;  // path of a Unix socket, or host:port
  std::string category = "code";
  int callers = 1000;                            // lookups at once
  absl::Duration model_time = absl::Seconds(2);  // what the pretended model takes
  absl::Duration max_wait = absl::Seconds(10);   // of every lookup
  absl::Duration dead_wait = absl::Seconds(3);   // of those whose holder is dead
  bool json = false;
};

// Sends `callers` near-identical lookups with on_miss LEASE at once, and answers for whoever is
// told to call the model; then the same with a holder that never answers. Prints how many calls
// the model would have had, and how long the longest wait was. Returns the exit status: 0; 1 if
// the model was called more than twice, somebody waited half a second past its bound, or an answer
// was wrong; 2 if a call failed.
int RunFlight(const FlightOptions& options);

}  // namespace semcached

#endif  // SEMCACHED_SRC_MAIN_FLIGHT_H_
