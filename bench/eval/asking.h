// Questions to a running server, many at a time.
#ifndef SEMCACHED_BENCH_EVAL_ASKING_H_
#define SEMCACHED_BENCH_EVAL_ASKING_H_

#include <absl/status/statusor.h>

#include <optional>
#include <string>
#include <vector>

namespace semcached::eval {

struct Question {
  std::string tenant;    // the namespace; model and context are the same for all
  std::string category;  // empty: the server classifies
  std::string text;
  std::string body;  // of an insert: what is to be stored
};

struct Reply {
  bool exact = false;
  bool semantic = false;
  bool bypass = false;
  std::string category;
  std::string body;                  // of a hit
  std::optional<double> similarity;  // of the nearest candidate, or at least the nearest entry
  std::string verdict;               // on the nearest candidate: "served", or why not
  bool hit() const { return exact || semantic; }
};

// Where an insert went; empty: declined.
using Stored = std::string;

// Both send batches over `threads` connections and return in the order of the questions. Progress
// goes to standard error, as `what`. Unavailable: a call failed, with the server's words.
absl::StatusOr<std::vector<Stored>> InsertAll(const std::string& address, const std::string& what,
                                              const std::vector<Question>& questions,
                                              int threads = 2);
absl::StatusOr<std::vector<Reply>> LookUpAll(const std::string& address, const std::string& what,
                                             const std::vector<Question>& questions,
                                             int threads = 2);

}  // namespace semcached::eval

#endif  // SEMCACHED_BENCH_EVAL_ASKING_H_
