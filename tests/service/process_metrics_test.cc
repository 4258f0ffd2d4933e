#include "service/process_metrics.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <string>

#include "support/temp_dir.h"

namespace semcached {
namespace {

TEST(ProcessMetricsTest, ConnectionsAreCountedByThePathOfTheirSocket) {
  const TempDir directory;
  // White space separates the columns that the kernel writes.
  for (const char* name : {"data.sock", "a path with  spaces.sock", " "}) {
    const std::string path = directory / name;
    SCOPED_TRACE(path);
    sockaddr_un address = {};
    address.sun_family = AF_UNIX;
    ASSERT_LT(path.size(), sizeof(address.sun_path));
    std::memcpy(address.sun_path, path.data(), path.size());
    const auto* const bound = reinterpret_cast<const sockaddr*>(&address);
    const int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    ASSERT_EQ(bind(listener, bound, sizeof(address)), 0);
    ASSERT_EQ(listen(listener, 1), 0);
    EXPECT_EQ(CountUnixConnections(path), 0);
    const int client = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    ASSERT_EQ(connect(client, bound, sizeof(address)), 0);
    const int accepted = accept(listener, nullptr, nullptr);
    EXPECT_EQ(CountUnixConnections(path), 1);
    for (const int socket : {accepted, client, listener}) close(socket);
  }
}

}  // namespace
}  // namespace semcached
