#include "semcached/net/acceptor.h"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <utility>

#include "net/live_connections.h"

namespace semcached {
namespace {

// Of one socket at a time, so that a flood of one does not keep the others waiting.
constexpr int kTurn = 64;
constexpr int kPauseMs = 10;

int AcceptConnection(int listening) {
  return accept4(listening, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
}

bool IsOnList(int connection, const std::vector<uid_t>& users) {
  if (users.empty()) return true;
  ucred peer = {};
  socklen_t size = sizeof(peer);
  if (getsockopt(connection, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) return false;
  return peer.pid == getpid() || std::find(users.begin(), users.end(), peer.uid) != users.end();
}

bool IsForWantOfDescriptors(int error) {
  return error == EMFILE || error == ENFILE || error == ENOMEM || error == ENOBUFS;
}

Descriptor Spare() { return Descriptor(open("/dev/null", O_RDONLY | O_CLOEXEC)); }

}  // namespace

// What the thread works with, and nobody else.
class Acceptor::Loop {
 public:
  Loop(AcceptorOptions options, const std::vector<Door>& doors, int stop, const Clock* clock)
      : options_(std::move(options)),
        clock_(*clock),
        connections_(options_.most),
        spare_(Spare()),
        polled_{{stop, POLLIN, 0}} {
    if (!options_.accept) options_.accept = AcceptConnection;
    for (const Door& door : doors) {
      for (const ListeningSocket& listening : door.sockets) {
        polled_.push_back({listening.descriptor.get(), POLLIN, 0});
        doors_.push_back(&door);
      }
    }
  }

  void Run() {
    pthread_setname_np(pthread_self(), options_.thread_name.c_str());
    while (true) {
      bool must_pause = poll(polled_.data(), polled_.size(), -1) < 0 && errno != EINTR;
      if (polled_[0].revents != 0) return;
      for (size_t i = 1; i < polled_.size(); ++i) {
        if (polled_[i].revents == 0) continue;
        must_pause |= !TakeTurn(*doors_[i - 1], polled_[i].fd);
      }
      // What waits in a queue keeps its socket readable: without a pause this would spin.
      if (must_pause && poll(polled_.data(), 1, kPauseMs) > 0) return;
    }
  }

 private:
  // False: nothing can be accepted at present, though somebody waits.
  bool TakeTurn(const Door& door, int listening) {
    for (int i = 0; i < kTurn; ++i) {
      Descriptor connection(options_.accept(listening));
      if (connection.IsOpen()) {
        Judge(door, std::move(connection));
      } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
        return true;
      } else if (IsForWantOfDescriptors(errno)) {
        if (!RefuseWithSpare(door, listening)) return false;
      } else if (errno != EINTR && errno != ECONNABORTED) {
        return false;
      }
    }
    return true;
  }

  void Judge(const Door& door, Descriptor connection) {
    if (!IsOnList(connection.get(), door.users)) {
      door.on_refused(Refusal::kUser);
    } else if (options_.is_closed && options_.is_closed()) {
      door.on_refused(Refusal::kClosed);
    } else if (!connections_.HasRoom(clock_.Monotonic())) {
      door.on_refused(Refusal::kFull);
    } else {
      connections_.Add(connection.get());
      door.take(std::move(connection));
    }
  }

  // Whoever waits learns at once that there is no place. False: somebody else took the descriptor
  // that was given up for it.
  bool RefuseWithSpare(const Door& door, int listening) {
    spare_.Close();
    Descriptor connection(options_.accept(listening));
    const bool refused = connection.IsOpen();
    connection.Close();
    spare_ = Spare();
    if (refused) door.on_refused(Refusal::kNoDescriptor);
    return refused;
  }

  AcceptorOptions options_;
  const Clock& clock_;
  LiveConnections connections_;
  Descriptor spare_;
  std::vector<pollfd> polled_;      // first what tells to stop, then the sockets
  std::vector<const Door*> doors_;  // of the sockets, in their order
};

Acceptor::Acceptor(AcceptorOptions options, std::vector<Door> doors, const Clock* clock)
    : doors_(std::move(doors)), stop_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  thread_ = std::thread([loop = std::make_unique<Loop>(std::move(options), doors_, stop_.get(),
                                                       clock)] { loop->Run(); });
}

Acceptor::~Acceptor() {
  const uint64_t one = 1;
  // Cannot fail: the counter is far from full.
  if (write(stop_.get(), &one, sizeof(one)) != sizeof(one)) std::abort();
  thread_.join();
}

}  // namespace semcached
