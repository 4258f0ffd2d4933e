#include "semcached/embed/recent_embeddings.h"

#include <absl/strings/str_cat.h>
#include <gtest/gtest.h>

#include <thread>

namespace semcached {
namespace {

using Vector = std::shared_ptr<const std::vector<float>>;

constexpr HashKey kKey = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};

Vector Of(float value, size_t dimension = 4) {
  return std::make_shared<const std::vector<float>>(dimension, value);
}

TEST(RecentEmbeddingsTest, FindsWhatItRemembers) {
  RecentEmbeddings recent(2, kKey);
  EXPECT_EQ(recent.Find("t", "m/4", "a"), nullptr);
  const Vector vector = Of(1);
  recent.Remember("t", "m/4", "a", vector);
  EXPECT_EQ(recent.Find("t", "m/4", "a"), vector);
}

TEST(RecentEmbeddingsTest, KeepsIdentitiesApart) {
  RecentEmbeddings recent(8, kKey);
  recent.Remember("t", "m/4", "a", Of(1));
  EXPECT_EQ(recent.Find("t", "n/4", "a"), nullptr);
  EXPECT_EQ(recent.Find("u", "m/4", "a"), nullptr);
  EXPECT_EQ(recent.Find("", "tm/4", "a"), nullptr);
  EXPECT_EQ(recent.Find("t", "m/4a", ""), nullptr);
  EXPECT_EQ(recent.Find("t", "m/", "4a"), nullptr);
}

TEST(RecentEmbeddingsTest, TheLeastRecentlyUsedLeavesFirst) {
  RecentEmbeddings recent(2, kKey);
  recent.Remember("t", "m/4", "a", Of(1));
  recent.Remember("t", "m/4", "b", Of(2));
  ASSERT_NE(recent.Find("t", "m/4", "a"), nullptr);
  recent.Remember("t", "m/4", "c", Of(3));
  EXPECT_NE(recent.Find("t", "m/4", "a"), nullptr);
  EXPECT_EQ(recent.Find("t", "m/4", "b"), nullptr);
  EXPECT_NE(recent.Find("t", "m/4", "c"), nullptr);
}

TEST(RecentEmbeddingsTest, RememberingAgainReplacesAndRenews) {
  RecentEmbeddings recent(2, kKey);
  recent.Remember("t", "m/4", "a", Of(1));
  recent.Remember("t", "m/4", "b", Of(2));
  recent.Remember("t", "m/4", "a", Of(4));
  recent.Remember("t", "m/4", "c", Of(3));
  EXPECT_EQ(recent.Find("t", "m/4", "b"), nullptr);
  ASSERT_NE(recent.Find("t", "m/4", "a"), nullptr);
  EXPECT_EQ(recent.Find("t", "m/4", "a")->front(), 4);
}

TEST(RecentEmbeddingsTest, CapacityZeroRemembersNothing) {
  RecentEmbeddings recent(0, kKey);
  recent.Remember("t", "m/4", "a", Of(1));
  EXPECT_EQ(recent.Find("t", "m/4", "a"), nullptr);
  EXPECT_EQ(recent.MemoryBytes(), 0U);
}

TEST(RecentEmbeddingsTest, MemoryFollowsWhatIsHeld) {
  RecentEmbeddings recent(2, kKey);
  EXPECT_EQ(recent.MemoryBytes(), 0U);
  recent.Remember("t", "m/1000", "a", Of(1, 1000));
  const size_t one = recent.MemoryBytes();
  EXPECT_GE(one, 4000U);
  EXPECT_LT(one, 4500U);
  recent.Remember("t", "m/1000", "a", Of(2, 1000));
  EXPECT_EQ(recent.MemoryBytes(), one);
  for (int i = 0; i < 10; ++i) recent.Remember("t", "m/1000", absl::StrCat("text", i), Of(1, 1000));
  EXPECT_EQ(recent.MemoryBytes(), 2 * one);
}

TEST(RecentEmbeddingsTest, ServesThreads) {
  RecentEmbeddings recent(16, kKey);
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&recent, thread] {
      for (int i = 0; i < 2000; ++i) {
        const int number = (i * 7 + thread) % 32;
        const std::string text = absl::StrCat(number);
        const Vector found = recent.Find("t", "m/4", text);
        if (found != nullptr) {
          EXPECT_EQ(found->front(), static_cast<float>(number));
        }
        recent.Remember("t", "m/4", text, Of(static_cast<float>(number)));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_GT(recent.MemoryBytes(), 0U);
}

}  // namespace
}  // namespace semcached
