#ifndef SEMCACHED_SRC_SERVICE_FRONT_DOOR_H_
#define SEMCACHED_SRC_SERVICE_FRONT_DOOR_H_

#include <grpcpp/grpcpp.h>

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "semcached/base/clock.h"
#include "semcached/base/metrics.h"
#include "semcached/net/acceptor.h"
#include "semcached/net/listener_watch.h"

namespace semcached {

// Connections at once on the data listeners: what is configured; 0: half of the files that this
// process may open, at most 1,000.
size_t MostConnections(int configured, int open_files);

// Joins listeners to one gRPC server, with our own acceptor in front of it. Counts and logs who is
// refused.
class FrontDoor {
 public:
  // `most` connections at once. The rest outlives it.
  FrontDoor(std::string thread_name, size_t most, const Clock* clock, Metrics* metrics);

  // Before the server is built. `listener` is the label of its metrics.
  void Add(const std::string& listener, std::vector<ListeningSocket> sockets,
           std::vector<uid_t> users, std::shared_ptr<grpc::ServerCredentials> credentials,
           grpc::ServerBuilder* builder);
  // Once it was built and started; until then connections wait.
  void Open();
  // Refuses who is not in yet, until it is called with false. Thread-safe.
  void RefuseNew(bool refuse) { *refuses_ = refuse; }
  // Before it is shut down: nobody gets in any more, and the files of the sockets are gone.
  void Close();

  // What a ListenerWatch is to try.
  const std::vector<WatchedListener>& watched() const { return watched_; }

 private:
  std::function<void(Refusal)> CounterOf(const std::string& listener) const;

  const std::shared_ptr<std::atomic<bool>> refuses_ = std::make_shared<std::atomic<bool>>(false);
  AcceptorOptions options_;
  const Clock* const clock_;
  Metrics* const metrics_;
  std::vector<Door> doors_;  // until it is opened
  std::vector<WatchedListener> watched_;
  std::unique_ptr<Acceptor> acceptor_;
};

}  // namespace semcached

#endif  // SEMCACHED_SRC_SERVICE_FRONT_DOOR_H_
