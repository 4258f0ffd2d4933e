#include "service/front_door.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include "semcached/service/server.h"

namespace semcached {
namespace {

using ::testing::HasSubstr;

TEST(MostConnectionsTest, HalfOfTheFilesAtMostAThousandUnlessConfigured) {
  EXPECT_EQ(MostConnections(0, 64), 32U);
  EXPECT_EQ(MostConnections(0, 1024), 512U);
  EXPECT_EQ(MostConnections(0, 1 << 20), 1000U);
  EXPECT_EQ(MostConnections(0, 1), 1U);
  EXPECT_EQ(MostConnections(7, 1024), 7U);
}

TEST(ConnectionLimitTest, MoreThanHalfOfTheFilesIsRefused) {
  rlimit before = {};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &before), 0);
  const rlimit low = {256, before.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &low), 0);
  ServerConfig config;
  for (const int good : {0, 1, 128}) {
    config.listen_max_connections = good;
    EXPECT_TRUE(CheckConnectionLimit(config).empty()) << good;
  }
  config.listen_max_connections = 129;
  const auto errors = CheckConnectionLimit(config);
  setrlimit(RLIMIT_NOFILE, &before);
  EXPECT_THAT(ToString(errors), HasSubstr("listen.max_connections: 129 is more than half of the "
                                          "256 files that this process may open; allowed: at "
                                          "most 128"));
}

}  // namespace
}  // namespace semcached
