// Expectations about pairs of texts, in both orders.
#ifndef SEMCACHED_TESTS_GUARD_PAIRS_H_
#define SEMCACHED_TESTS_GUARD_PAIRS_H_

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace semcached {

using Guard = std::optional<std::string> (*)(std::string_view, std::string_view);

struct Pair {
  std::string_view a;
  std::string_view b;
};

inline void ExpectRefused(Guard guard, const std::vector<Pair>& pairs) {
  for (const Pair& pair : pairs) {
    EXPECT_TRUE(guard(pair.a, pair.b).has_value()) << pair.a << " | " << pair.b;
    EXPECT_TRUE(guard(pair.b, pair.a).has_value()) << pair.b << " | " << pair.a;
  }
}

inline void ExpectPassed(Guard guard, const std::vector<Pair>& pairs) {
  for (const Pair& pair : pairs) {
    EXPECT_EQ(guard(pair.a, pair.b), std::nullopt) << pair.a << " | " << pair.b;
    EXPECT_EQ(guard(pair.b, pair.a), std::nullopt) << pair.b << " | " << pair.a;
  }
}

}  // namespace semcached

#endif  // SEMCACHED_TESTS_GUARD_PAIRS_H_
