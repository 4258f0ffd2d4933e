#include "eval/category_file.h"

#include <gtest/gtest.h>

namespace semcached::eval {
namespace {

constexpr char kFile[] = R"(category: code
# Tuned by hand.
similarity_threshold: 0.86
guards:
  - numbers
  # and this one
  - negation
ttl: 30d
adaptation:
  mode: enforce
)";

TEST(Override, WithoutAnyTheFileIsAsItWas) { EXPECT_EQ(Override(kFile, {}), kFile); }

TEST(Override, ReplacesAKeyAndAllThatIsBelowIt) {
  EXPECT_EQ(Override(kFile, {{"guards", "[]"}}), R"(category: code
# Tuned by hand.
similarity_threshold: 0.86
ttl: 30d
adaptation:
  mode: enforce
guards: []
)");
}

TEST(Override, LeavesAKeyOutThatGetsNoValue) {
  EXPECT_EQ(Override(kFile, {{"adaptation", ""}, {"guards", ""}}), R"(category: code
# Tuned by hand.
similarity_threshold: 0.86
ttl: 30d
)");
}

TEST(Override, AddsAKeyThatTheFileHasNot) {
  EXPECT_EQ(Override("category: code\n", {{"ttl", "1d"}}), "category: code\nttl: 1d\n");
}

TEST(Override, AKeyIsNotTakenForAnotherThatBeginsAlike) {
  EXPECT_EQ(Override("ttl_mode: sliding\nttl: 1h\n", {{"ttl", "1d"}}),
            "ttl_mode: sliding\nttl: 1d\n");
}

}  // namespace
}  // namespace semcached::eval
