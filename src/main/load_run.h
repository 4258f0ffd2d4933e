#ifndef SEMCACHED_SRC_MAIN_LOAD_RUN_H_
#define SEMCACHED_SRC_MAIN_LOAD_RUN_H_

#include <cstdint>
#include <string>

namespace semcached {

enum class Workload {
  kExactHit,     // lookups by text of what is cached
  kSemanticHit,  // lookups by vectors near to what is cached
  kMiss,         // lookups by vectors near to nothing
  kInsert,       // inserts of new vectors
};

struct LoadOptions {
  std::string target;
  Workload workload = Workload::kSemanticHit;
  int callers = 1;         // closed loop: each sends its next call when the last has ended
  int64_t calls = 10'000;  // counted ones, in all
  int64_t warm_up_calls = 500;
  int64_t entries = 1'000;  // inserted before the run
  int dimension = 384;
  int response_bytes = 2'000;
  uint64_t seed = 1;
  std::string category = "code";
  bool json = false;
};

// Fills a running server with entries of a tenant of its own, sends the calls and prints how long
// they took. Returns the exit status: 0; 1 if a call failed or an answer was not the one inserted
// under the nearest vector; 2 if the server cannot be reached.
int RunLoad(const LoadOptions& options);

}  // namespace semcached

#endif  // SEMCACHED_SRC_MAIN_LOAD_RUN_H_
