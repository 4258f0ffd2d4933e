// Sockets that listen. An Acceptor takes the connections in.
#ifndef SEMCACHED_NET_LISTENING_SOCKET_H_
#define SEMCACHED_NET_LISTENING_SOCKET_H_

#include <absl/status/statusor.h>
#include <sys/socket.h>

#include <memory>
#include <string>
#include <vector>

#include "semcached/base/descriptor.h"

namespace semcached {

struct SocketAddress {
  sockaddr_storage storage = {};
  socklen_t size = sizeof(sockaddr_storage);

  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
  sockaddr* get() { return reinterpret_cast<sockaddr*>(&storage); }
};

// The file of a Unix socket: removed with this object, unless another has taken its place.
class SocketFile {
 public:
  explicit SocketFile(std::string path);
  ~SocketFile();
  SocketFile(const SocketFile&) = delete;
  SocketFile& operator=(const SocketFile&) = delete;

 private:
  const std::string path_;
  const Descriptor pin_;  // while it is open, no other file gets this one's number
};

// Non-blocking, closed on exec. Connections wait in the kernel's queue until they are accepted.
struct ListeningSocket {
  Descriptor descriptor;
  SocketAddress address;
  std::unique_ptr<SocketFile> file;  // of a Unix socket; goes before the socket is closed
};

// A Unix socket at `path`, which nobody can connect to before it has its mode. The directory is
// made if it is missing, and the socket of a server that is gone is replaced. AlreadyExists: a live
// server listens there, or what is there is no socket.
absl::StatusOr<ListeningSocket> ListenUnix(const std::string& path, mode_t mode);

struct TcpListener {
  std::vector<ListeningSocket> sockets;  // at least one; `localhost` may be two
  int port = 0;
};

// On every address of `host` (a name, or an IP address without brackets), with one port; 0: any
// free one. Unavailable: the port is taken, or the host is not this machine's.
absl::StatusOr<TcpListener> ListenTcp(const std::string& host, int port);

}  // namespace semcached

#endif  // SEMCACHED_NET_LISTENING_SOCKET_H_
