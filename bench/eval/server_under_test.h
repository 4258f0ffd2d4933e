// The real semcached, in a directory of its own, under policies that an experiment chooses.
#ifndef SEMCACHED_BENCH_EVAL_SERVER_UNDER_TEST_H_
#define SEMCACHED_BENCH_EVAL_SERVER_UNDER_TEST_H_

#include <absl/status/statusor.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "eval/category_file.h"
#include "eval/judged_pair.h"
#include "integration/process.h"

namespace semcached::eval {

struct ServerSetup {
  std::string program;     // semcached
  std::string categories;  // directory of the shipped category files
  std::string model_dir;
  std::string work;  // an empty directory; stays
};

struct ShippedPolicy {
  double threshold = 1;
  GuardSet guards = 0;
  bool allow_caching = true;
};

// In every experiment entries live for a week and load moves nothing, so that what is measured
// depends on texts alone; all else is as shipped, until SetPolicies says otherwise. Not
// thread-safe.
class ServerUnderTest {
 public:
  // Returns once it listens. Unavailable: it did not; holds the end of its log.
  static absl::StatusOr<std::unique_ptr<ServerUnderTest>> Start(const ServerSetup& setup);

  // Of all categories, from the next request on; for entries that exist, too.
  absl::Status SetPolicies(const Overrides& overrides);
  absl::StatusOr<std::map<std::string, ShippedPolicy>> ListPolicies();

  // The Unix socket of the data plane.
  std::string address() const { return setup_.work + "/data.sock"; }

  pid_t pid() const { return process_->pid(); }

  // SIGTERM. Internal: it did not end well.
  absl::Status Stop();

 private:
  explicit ServerUnderTest(const ServerSetup& setup) : setup_(setup) {}
  absl::Status WriteCategories(const Overrides& overrides);

  const ServerSetup setup_;
  std::unique_ptr<Process> process_;
};

}  // namespace semcached::eval

#endif  // SEMCACHED_BENCH_EVAL_SERVER_UNDER_TEST_H_
