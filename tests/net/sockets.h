#ifndef SEMCACHED_TESTS_NET_SOCKETS_H_
#define SEMCACHED_TESTS_NET_SOCKETS_H_

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>

#include "semcached/net/listening_socket.h"

namespace semcached {

// A client's side of a connection. The kernel makes it whether or not anybody accepts.
inline Descriptor Connected(const SocketAddress& address) {
  Descriptor client(socket(address.get()->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
  EXPECT_EQ(connect(client.get(), address.get(), address.size), 0);
  return client;
}

// Waits until the other side ends the connection; false: it sent something, or a minute is over.
inline bool AwaitEnd(const Descriptor& client) {
  pollfd polled = {client.get(), POLLIN, 0};
  if (poll(&polled, 1, 60'000) != 1) return false;
  char byte = 0;
  return recv(client.get(), &byte, 1, MSG_DONTWAIT) <= 0;
}

}  // namespace semcached

#endif  // SEMCACHED_TESTS_NET_SOCKETS_H_
