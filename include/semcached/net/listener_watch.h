// Whether one's own listeners still take connections: seen only by making one.
#ifndef SEMCACHED_NET_LISTENER_WATCH_H_
#define SEMCACHED_NET_LISTENER_WATCH_H_

#include <absl/status/status.h>
#include <absl/time/time.h>

#include <functional>
#include <string>
#include <vector>

#include "semcached/base/metrics.h"
#include "semcached/base/mutex.h"
#include "semcached/net/listening_socket.h"

namespace semcached {

// Connects, says that nothing will come, and waits until the other side ends the connection, which
// takes a server that accepts and reads, whatever protocol it speaks. One that refuses it because
// it is full does so too, and is well. Returns within a few times `patience`.
absl::Status TryListener(const SocketAddress& address, absl::Duration patience);

struct WatchedListener {
  std::string name;  // the label `listener`
  std::function<absl::Status()> attempt;
};

// Counts failed attempts. Three in a row: the listener is deaf, which is an error in the log and 0
// in semcached_listener_healthy, until an attempt succeeds.
class ListenerWatch {
 public:
  ListenerWatch(std::vector<WatchedListener> listeners, Metrics* metrics);

  // Tries each once. Call it from one thread, every few seconds.
  void Look() ABSL_LOCKS_EXCLUDED(mutex_);

  // The names of those that are deaf, with commas; empty: none. Thread-safe.
  std::string Deaf() const ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  void Note(size_t which, const absl::Status& status) ABSL_LOCKS_EXCLUDED(mutex_);

  const std::vector<WatchedListener> listeners_;
  std::vector<Gauge> healthy_;

  mutable Mutex mutex_;
  std::vector<int> failures_ ABSL_GUARDED_BY(mutex_);  // in a row
};

}  // namespace semcached

#endif  // SEMCACHED_NET_LISTENER_WATCH_H_
