// Takes connections in for a server that speaks the protocol: whom it lets in, how many, and what
// it does when descriptors run out. gRPC 1.51 by itself has no bound, and stops accepting for good
// once accept() has failed for want of a descriptor (CVE-2023-4785).
#ifndef SEMCACHED_NET_ACCEPTOR_H_
#define SEMCACHED_NET_ACCEPTOR_H_

#include <sys/types.h>

#include <cstddef>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "semcached/base/clock.h"
#include "semcached/base/descriptor.h"
#include "semcached/net/listening_socket.h"

namespace semcached {

// Why a connection was closed as soon as it was accepted.
enum class Refusal {
  kFull,          // as many are open as may be
  kUser,          // the user of the process on the other side is not on the list
  kClosed,        // nobody new is let in at present
  kNoDescriptor,  // this process, or the machine, has no descriptor left
};

// The sockets of one listener. The functions are called from the acceptor's thread; while one of
// them runs, nobody else gets in.
struct Door {
  std::vector<ListeningSocket> sockets;
  // Users whose processes may connect, of a Unix socket; empty: whoever its mode lets in. This
  // process itself always may.
  std::vector<uid_t> users;
  // Gets every connection that was let in: non-blocking, closed on exec. Closing it is the end of
  // the connection; nobody has to be told.
  std::function<void(Descriptor)> take;
  std::function<void(Refusal)> on_refused;
};

struct AcceptorOptions {
  std::string thread_name = "acceptor";  // at most 15 bytes
  size_t most = 1000;                    // connections at once, of all doors together
  // True: nobody new is let in at present. Asked on the acceptor's thread. Default: never.
  std::function<bool()> is_closed = {};
  // The connection of a listening socket: its descriptor, or -1 with errno. Default: accept4().
  std::function<int(int listening)> accept = {};
};

// Takes connections in, on a thread of its own, from when it is made until it goes. Without a
// descriptor left it refuses with one that it keeps for this, or waits a few milliseconds; once
// there are some again, it goes on as before.
class Acceptor {
 public:
  // `clock` outlives it. At least one door.
  Acceptor(AcceptorOptions options, std::vector<Door> doors, const Clock* clock);
  // Whoever waits in a socket's queue is cut off; connections that were handed on stay.
  ~Acceptor();
  Acceptor(const Acceptor&) = delete;
  Acceptor& operator=(const Acceptor&) = delete;

 private:
  class Loop;

  const std::vector<Door> doors_;
  const Descriptor stop_;  // readable: the thread is to end
  std::thread thread_;
};

}  // namespace semcached

#endif  // SEMCACHED_NET_ACCEPTOR_H_
