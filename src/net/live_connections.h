#ifndef SEMCACHED_SRC_NET_LIVE_CONNECTIONS_H_
#define SEMCACHED_SRC_NET_LIVE_CONNECTIONS_H_

#include <absl/container/flat_hash_map.h>
#include <sys/types.h>

#include <cstddef>
#include <utility>

#include "semcached/base/clock.h"

namespace semcached {

// How many of the descriptors that were handed on are still open, without being told of their end:
// a number that stands for another file by now, or for none, was closed. They are looked at only
// once there are too many. Not thread-safe.
class LiveConnections {
 public:
  explicit LiveConnections(size_t most) : most_(most) {}

  // Whether one more may be added. Up to a few milliseconds behind when it is full, so that a flood
  // of connections to refuse costs little.
  bool HasRoom(MonotonicTime now);

  // `fd` is open, and the caller's until it hands it on.
  void Add(int fd);

 private:
  using Identity = std::pair<dev_t, ino_t>;

  const size_t most_;
  absl::flat_hash_map<int, Identity> files_;  // by descriptor
  MonotonicTime looked_ = -absl::InfiniteDuration();
};

}  // namespace semcached

#endif  // SEMCACHED_SRC_NET_LIVE_CONNECTIONS_H_
