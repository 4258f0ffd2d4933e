#ifndef SEMCACHED_TESTS_FAULT_ORACLE_H_
#define SEMCACHED_TESTS_FAULT_ORACLE_H_

#include <absl/time/time.h>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "fault/write_order.h"
#include "semcached/base/mutex.h"

namespace semcached {

// A query of the fault tests. Its vector is random and belongs to no other, so that any answer but
// its own is wrong, whatever its similarity.
struct Question {
  std::string tenant;
  std::string category;
  int64_t number = 0;

  auto operator<=>(const Question&) const =
      default;  // NOLINT(modernize-use-nullptr): it takes the zero of <=> for a pointer
  std::string Text() const;
  // Length 1; the same for each call.
  std::vector<float> Vector() const;
};

constexpr int kFaultDimension = 64;

// What Judge() says of an answer that was deleted.
inline constexpr char kDeleted[] = "it was deleted";

// An answer that says itself whose it is and until when it may be given (InfiniteFuture: always),
// with a CRC over all.
std::string Payload(const Question& question, int64_t version, absl::Time dead_from);

// What an answer with a whole certificate says of itself.
struct Certified {
  std::string tenant;
  std::string category;
  int64_t number = 0;
  int64_t version = 0;
  absl::Time dead_from;  // InfiniteFuture: never
};
std::optional<Certified> ReadPayload(const std::string& body);

// What the oracle knew when a lookup was sent, which is what its answer is judged by.
struct Before {
  absl::Time sent;
  int64_t deleted = 0;  // versions up to this one
};

// How a loss of power turned out.
struct Aftermath {
  int64_t undone = 0;              // last writes to a question that were acknowledged, as allowed
  std::vector<std::string> lost;   // in words: entries that had to be there
  std::vector<std::string> wrong;  // answers that had to stay deleted
};

// What was sent, acknowledged and deleted. It lives outside the server and longer. Thread-safe.
class Oracle {
 public:
  // The version to insert next. From now on an answer of it is a right one. `lasting`: it does not
  // expire, so that it must be found once it is acknowledged.
  int64_t Begin(const Question& question, bool lasting) ABSL_LOCKS_EXCLUDED(mutex_);
  void Acknowledge(const Question& question) ABSL_LOCKS_EXCLUDED(mutex_);
  // Before a delete is sent and after it was acknowledged: between the two both outcomes are right.
  void BeginDelete(const Question& question) ABSL_LOCKS_EXCLUDED(mutex_);
  void AcknowledgeDelete(const Question& question) ABSL_LOCKS_EXCLUDED(mutex_);

  Before Now(const Question& question) const ABSL_LOCKS_EXCLUDED(mutex_);
  // Why `body` is a wrong answer to `question`; nullopt: it is a right one.
  std::optional<std::string> Judge(const Question& question, const Before& before,
                                   const std::string& body) const ABSL_LOCKS_EXCLUDED(mutex_);

  // Whose answer must be there: acknowledged, and no delete begun since.
  std::vector<Question> MustBeThere() const ABSL_LOCKS_EXCLUDED(mutex_);

  // All that was ever asked or inserted.
  std::vector<Question> Everything() const ABSL_LOCKS_EXCLUDED(mutex_);
  // Judges what was found after a loss of power: a version of each question of Everything(), 0 for
  // none. What was found is what there is from now on.
  Aftermath SettleAfterPowerLoss(const std::map<Question, int64_t>& found)
      ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  struct Known {
    int64_t begun = 0;    // the last version sent
    bool lasts = false;   // the last one acknowledged, or what it replaced, must be there
    int64_t deleted = 0;  // versions up to this one must not be served any more
    bool deleting = false;
    Writes writes;  // since the last loss of power
  };

  mutable Mutex mutex_;
  int64_t moments_ ABSL_GUARDED_BY(mutex_) = 0;
  std::map<Question, Known> known_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace semcached

#endif  // SEMCACHED_TESTS_FAULT_ORACLE_H_
