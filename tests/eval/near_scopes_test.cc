#include "eval/near_scopes.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

namespace semcached::eval {
namespace {

std::string Joined(const ScopeParts& scope) { return scope[0] + scope[1] + scope[2]; }

TEST(TrickyScopes, AllDifferAndManyReadAlikeWhenJoined) {
  const std::vector<ScopeParts> scopes = TrickyScopes();
  EXPECT_EQ(std::set<ScopeParts>(scopes.begin(), scopes.end()).size(), scopes.size());
  std::map<std::string, int> alike;
  for (const ScopeParts& scope : scopes) ++alike[Joined(scope)];
  EXPECT_GE(alike.at("abcdef"), 20);
}

TEST(NameOf, TellsScopesApartThatReadAlike) {
  std::set<std::string> names;
  for (const ScopeParts& scope : TrickyScopes()) names.insert(NameOf(scope));
  EXPECT_EQ(names.size(), TrickyScopes().size());
}

TEST(NearlyLike, IsNeverTheSameScopeAndChangesInManyWays) {
  constexpr uint64_t kSeed = 5;
  SCOPED_TRACE(kSeed);
  std::mt19937_64 random(kSeed);
  const ScopeParts scope = {"tenant", "model", "context"};
  std::set<ScopeParts> seen;
  bool moved_a_border = false;
  for (int i = 0; i < 2'000; ++i) {
    const ScopeParts near = NearlyLike(scope, &random);
    ASSERT_NE(near, scope);
    seen.insert(near);
    moved_a_border = moved_a_border || Joined(near) == Joined(scope);
  }
  EXPECT_TRUE(moved_a_border);
  EXPECT_TRUE(seen.contains({"tenant ", "model", "context"}));
  EXPECT_TRUE(seen.contains({"TENANT", "model", "context"}));
  EXPECT_TRUE(seen.contains({"tenant", "", "context"}));
  EXPECT_TRUE(seen.contains({"tenant", std::string("model\0", 6), "context"}));
}

TEST(NearlyLike, FindsAWayOutOfEmptyFields) {
  std::mt19937_64 random(1);
  EXPECT_NE(NearlyLike({"", "", ""}, &random), (ScopeParts{"", "", ""}));
}

}  // namespace
}  // namespace semcached::eval
