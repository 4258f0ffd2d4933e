// Expectations about pairs of texts, in both orders.
#ifndef SEMCACHED_TESTS_GUARD_PAIRS_H_
#define SEMCACHED_TESTS_GUARD_PAIRS_H_

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "semcached/guard/guard.h"
#include "semcached/guard/redaction.h"

namespace semcached {

// The reason of one guard alone.
inline std::optional<std::string> Refusal(GuardKind guard, std::string_view a, std::string_view b) {
  const std::vector<GuardRefusal> refusals =
      CheckEachGuard({&guard, 1}, GuardText(a), GuardText(b));
  if (refusals.empty()) return std::nullopt;
  return refusals.front().reason;
}

// As Refusal(), of the texts as they are kept without the writer's words.
inline std::optional<std::string> RedactedRefusal(GuardKind guard, std::string_view a,
                                                  std::string_view b) {
  const HashKey key = {1, 2, 3};
  return Refusal(guard, RedactForGuards(a, key), RedactForGuards(b, key));
}

struct Pair {
  std::string_view a;
  std::string_view b;
};

// Over the redacted texts, too: what is refused with the words is refused without them.
inline void ExpectRefused(GuardKind guard, const std::vector<Pair>& pairs) {
  for (const Pair& pair : pairs) {
    EXPECT_TRUE(Refusal(guard, pair.a, pair.b).has_value()) << pair.a << " | " << pair.b;
    EXPECT_TRUE(Refusal(guard, pair.b, pair.a).has_value()) << pair.b << " | " << pair.a;
    EXPECT_TRUE(RedactedRefusal(guard, pair.a, pair.b).has_value())
        << "redacted: " << pair.a << " | " << pair.b;
  }
}

inline void ExpectPassed(GuardKind guard, const std::vector<Pair>& pairs) {
  for (const Pair& pair : pairs) {
    EXPECT_EQ(Refusal(guard, pair.a, pair.b), std::nullopt) << pair.a << " | " << pair.b;
    EXPECT_EQ(Refusal(guard, pair.b, pair.a), std::nullopt) << pair.b << " | " << pair.a;
  }
}

}  // namespace semcached

#endif  // SEMCACHED_TESTS_GUARD_PAIRS_H_
