#include "main/load_workload.h"

#include <gtest/gtest.h>

#include <set>

namespace semcached {
namespace {

TEST(CallerRandomTest, NoTwoCallersSendTheSame) {
  std::set<uint64_t> seen;
  size_t count = 0;
  for (const uint64_t seed : {1ULL, 2ULL, 1ULL << 32}) {
    for (const int run : {0, 1}) {
      for (int caller = 0; caller < 1024; ++caller, ++count) {
        seen.insert(CallerRandom(seed, run, caller)());
      }
    }
  }
  EXPECT_EQ(seen.size(), count);
  EXPECT_EQ(CallerRandom(3, 4, 5)(), CallerRandom(3, 4, 5)());
}

}  // namespace
}  // namespace semcached
