#include "main/memory_fit.h"

#include <gtest/gtest.h>

namespace semcached {
namespace {

constexpr int64_t kMiB = 1 << 20;

TEST(MemoryFitTest, WithoutAGroupItIsWhatIsConfigured) {
  EXPECT_EQ(MemoryThatFits(ServerConfig(), std::nullopt), 1024 * kMiB);
}

TEST(MemoryFitTest, AGroupLeavesThreeQuartersOfItsRest) {
  ServerConfig config;
  EXPECT_EQ(MemoryThatFits(config, 512 * kMiB), 312 * kMiB);
  config.embedders["default"];  // of type onnx
  EXPECT_EQ(MemoryThatFits(config, 512 * kMiB), 216 * kMiB);
  config.embedders["far"].type = EmbedderType::kHttp;
  EXPECT_EQ(MemoryThatFits(config, 512 * kMiB), 216 * kMiB);
}

TEST(MemoryFitTest, ALargeGroupGivesNoMoreThanIsConfigured) {
  ServerConfig config;
  EXPECT_EQ(MemoryThatFits(config, 8192 * kMiB), 1024 * kMiB);
  config.memory_limit_bytes = 10 * kMiB;
  EXPECT_EQ(MemoryThatFits(config, 512 * kMiB), 10 * kMiB);
}

TEST(MemoryFitTest, EvenATinyGroupLeavesSomething) {
  EXPECT_EQ(MemoryThatFits(ServerConfig(), 64 * kMiB), 4 * kMiB);
}

}  // namespace
}  // namespace semcached
