// What an answer in a replay says: which fact about which question, so that a hit can be judged.
#ifndef SEMCACHED_REPLAY_TOLD_H_
#define SEMCACHED_REPLAY_TOLD_H_

#include <absl/status/statusor.h>

#include <cstddef>
#include <cstdint>
#include <string>

namespace semcached {

struct Told {
  size_t intent = 0;  // of the bank
  int64_t fact = 0;   // as FactAt()
};

std::string BodyOf(const Told& told);

// Internal: BodyOf() never wrote this.
absl::StatusOr<Told> ToldBy(const std::string& body);

}  // namespace semcached

#endif  // SEMCACHED_REPLAY_TOLD_H_
