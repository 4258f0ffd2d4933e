// What becomes of a database that cannot be opened.
#ifndef SEMCACHED_SRC_STORE_ASIDE_H_
#define SEMCACHED_SRC_STORE_ASIDE_H_

#include <absl/status/status.h>

#include <string>

namespace semcached {

// Marks in a directory that its database is being opened, so that the next process can tell that
// the opening ended this one. Not thread-safe.
class OpeningMark {
 public:
  // Openings in a row that may end their process before the database is taken for the cause: one
  // may have been killed by chance.
  static constexpr int kMostEnded = 2;

  explicit OpeningMark(const std::string& directory) : file_(directory + "/opening") {}

  // DataLoss: the last kMostEnded openings did not come to their end.
  absl::Status Check() const;
  // Before an opening; one more than there were.
  void Set() const;
  // After it, however it went. What is cleared stays so after a loss of power, unless the directory
  // cannot be synced.
  void Clear() const;

 private:
  int Ended() const;

  const std::string file_;
};

// Whether MoveAside() was interrupted here: it is to be called again before anything is opened.
bool IsHalfMoved(const std::string& directory);

// Moves all files of the database in `directory` into its subdirectory `damaged`, in place of what
// an earlier call moved there. What is not the database's stays. Interrupted, it is finished by the
// next call. Unavailable, ResourceExhausted: a file cannot be moved.
absl::Status MoveAside(const std::string& directory);

}  // namespace semcached

#endif  // SEMCACHED_SRC_STORE_ASIDE_H_
