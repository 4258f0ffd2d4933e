#include "semcached/net/listening_socket.h"

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

#include "semcached/base/status.h"

namespace semcached {
namespace {

// Of data that the other side has not acknowledged; then the connection is over. As gRPC has it.
constexpr int kUserTimeoutMs = 20'000;

absl::StatusOr<SocketAddress> UnixAddress(const std::string& path) {
  SocketAddress address;
  auto* const unix_address = reinterpret_cast<sockaddr_un*>(&address.storage);
  if (path.size() >= sizeof(unix_address->sun_path)) {
    return absl::InvalidArgumentError(absl::StrCat("socket path ", path, " has ", path.size(),
                                                   " bytes; at most ",
                                                   sizeof(unix_address->sun_path) - 1));
  }
  unix_address->sun_family = AF_UNIX;
  std::memcpy(unix_address->sun_path, path.data(), path.size());
  address.size = sizeof(sockaddr_un);
  return address;
}

// A live server's socket must not be replaced.
absl::Status ClaimSocketPath(const std::string& path, const SocketAddress& address) {
  std::error_code error;
  std::filesystem::create_directories(std::filesystem::path(path).parent_path(), error);
  const auto found = std::filesystem::status(path, error);
  if (!std::filesystem::exists(found)) return absl::OkStatus();
  if (!std::filesystem::is_socket(found)) {
    return absl::AlreadyExistsError(
        absl::StrCat(path, " is there and is no socket; move it away, or configure another path"));
  }
  const Descriptor probe(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!probe.IsOpen()) return absl::ErrnoToStatus(errno, "cannot make a socket");
  if (connect(probe.get(), address.get(), address.size) == 0) {
    return absl::AlreadyExistsError(
        absl::StrCat("another server listens on ", path, "; stop it, or configure another path"));
  }
  unlink(path.c_str());
  return absl::OkStatus();
}

absl::Status CannotListen(absl::string_view where, int why) {
  return absl::UnavailableError(absl::StrCat(
      "cannot listen on ", where, ": ", std::strerror(why),
      why == EADDRINUSE ? "; stop who has the port, or configure another one"
                        : "; configure an address of this machine that its user may open"));
}

// The addresses of a host, each once.
absl::StatusOr<std::vector<SocketAddress>> Resolve(const std::string& host, int port) {
  addrinfo hints = {};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const int error = getaddrinfo(host.c_str(), absl::StrCat(port).c_str(), &hints, &found);
  if (error != 0) {
    return absl::UnavailableError(absl::StrCat("cannot listen on ", host, ": ", gai_strerror(error),
                                               "; configure an address of this machine"));
  }
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owned(found, &freeaddrinfo);
  std::vector<SocketAddress> addresses;
  for (const addrinfo* one = found; one != nullptr; one = one->ai_next) {
    SocketAddress address;
    address.size = one->ai_addrlen;
    std::memcpy(&address.storage, one->ai_addr, one->ai_addrlen);
    const bool again =
        std::any_of(addresses.begin(), addresses.end(), [&](const SocketAddress& known) {
          return std::memcmp(&known.storage, &address.storage, sizeof(address.storage)) == 0;
        });
    if (!again) addresses.push_back(address);
  }
  return addresses;
}

void SetPort(int port, SocketAddress* address) {
  const auto in_order = htons(static_cast<uint16_t>(port));
  if (address->get()->sa_family == AF_INET6) {
    reinterpret_cast<sockaddr_in6*>(&address->storage)->sin6_port = in_order;
  } else {
    reinterpret_cast<sockaddr_in*>(&address->storage)->sin_port = in_order;
  }
}

int PortOf(const SocketAddress& address) {
  return ntohs(address.get()->sa_family == AF_INET6
                   ? reinterpret_cast<const sockaddr_in6*>(&address.storage)->sin6_port
                   : reinterpret_cast<const sockaddr_in*>(&address.storage)->sin_port);
}

// Not open: errno says why. What is set here, accepted connections inherit.
Descriptor Bound(const SocketAddress& address) {
  Descriptor descriptor(
      socket(address.get()->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!descriptor.IsOpen()) return descriptor;
  const auto set = [&](int level, int option, int value) {
    return setsockopt(descriptor.get(), level, option, &value, sizeof(value)) == 0;
  };
  // A restart need not wait for the last connections of the former run. No SO_REUSEPORT: a second
  // server on the same port is a mistake, not a way to share the load.
  const bool good = set(SOL_SOCKET, SO_REUSEADDR, 1) && set(IPPROTO_TCP, TCP_NODELAY, 1) &&
                    set(IPPROTO_TCP, TCP_USER_TIMEOUT, kUserTimeoutMs) &&
                    (address.get()->sa_family != AF_INET6 || set(IPPROTO_IPV6, IPV6_V6ONLY, 0)) &&
                    bind(descriptor.get(), address.get(), address.size) == 0 &&
                    listen(descriptor.get(), SOMAXCONN) == 0;
  if (!good) {
    const int why = errno;
    descriptor.Close();
    errno = why;
  }
  return descriptor;
}

}  // namespace

SocketFile::SocketFile(std::string path)
    : path_(std::move(path)), pin_(open(path_.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC)) {}

SocketFile::~SocketFile() {
  struct stat own = {};
  struct stat there = {};
  if (fstat(pin_.get(), &own) != 0 || lstat(path_.c_str(), &there) != 0) return;
  if (own.st_dev == there.st_dev && own.st_ino == there.st_ino) unlink(path_.c_str());
}

absl::StatusOr<ListeningSocket> ListenUnix(const std::string& path, mode_t mode) {
  ASSIGN_OR_RETURN(const SocketAddress address, UnixAddress(path));
  RETURN_IF_ERROR(ClaimSocketPath(path, address));
  ListeningSocket listening;
  listening.address = address;
  listening.descriptor = Descriptor(socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  const int fd = listening.descriptor.get();
  if (fd < 0 || bind(fd, address.get(), address.size) != 0) {
    return absl::UnavailableError(absl::StrCat(
        "cannot listen on ", path, ": ", std::strerror(errno), "; is the directory writable?"));
  }
  listening.file = std::make_unique<SocketFile>(path);
  if (chmod(path.c_str(), mode) != 0) {
    return absl::ErrnoToStatus(errno, absl::StrCat("cannot chmod ", path));
  }
  if (listen(fd, SOMAXCONN) != 0) return CannotListen(path, errno);
  return listening;
}

absl::StatusOr<TcpListener> ListenTcp(const std::string& host, int port) {
  ASSIGN_OR_RETURN(const std::vector<SocketAddress> addresses, Resolve(host, port));
  TcpListener listener;
  listener.port = port;
  absl::Status failure;
  for (SocketAddress address : addresses) {
    SetPort(listener.port, &address);
    ListeningSocket listening;
    listening.descriptor = Bound(address);
    if (!listening.descriptor.IsOpen()) {
      const int why = errno;
      const bool is_ipv6_address = absl::StrContains(host, ':');
      failure = CannotListen(is_ipv6_address ? absl::StrCat("[", host, "]:", listener.port)
                                             : absl::StrCat(host, ":", listener.port),
                             why);
      // A name may stand for an IPv6 address too where there is no IPv6.
      if (why != EADDRNOTAVAIL && why != EAFNOSUPPORT) return failure;
      continue;
    }
    listening.address.size = sizeof(listening.address.storage);
    getsockname(listening.descriptor.get(), listening.address.get(), &listening.address.size);
    listener.port = PortOf(listening.address);
    listener.sockets.push_back(std::move(listening));
  }
  if (listener.sockets.empty()) return failure;
  return listener;
}

}  // namespace semcached
