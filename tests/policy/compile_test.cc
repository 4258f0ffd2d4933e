#include "policy/compile.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "policy/policies.h"

namespace semcached {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

const LoadFactors kLoad = {{"busy", 1.0}, {"half", 0.5}, {"idle", 0.0}};

CategoryInForce CompileOne(const CategoryPolicy& policy, const LoadFactors& load_factors) {
  return Compile(*PolicySet({policy}), load_factors).at(policy.category);
}

TEST(Compile, GivesEachModelUnderLoadItsOwnValues) {
  const CategoryInForce code = CompileOne(MovingPolicy("code", AdaptationMode::kEnforce), kLoad);
  EXPECT_THAT(code.by_model, SizeIs(2));
  EXPECT_FLOAT_EQ(code.For("busy").similarity_threshold, 0.80F);
  EXPECT_FLOAT_EQ(code.For("half").similarity_threshold, 0.85F);
  EXPECT_EQ(code.For("idle").similarity_threshold, 0.90F);
  EXPECT_EQ(code.For("unheard of").similarity_threshold, 0.90F);
}

TEST(Compile, ANamedModelMovesEveryRequest) {
  const CategoryInForce code =
      CompileOne(MovingPolicy("code", AdaptationMode::kEnforce, "half"), kLoad);
  EXPECT_THAT(code.by_model, IsEmpty());
  EXPECT_FLOAT_EQ(code.For("busy").similarity_threshold, 0.85F);
  EXPECT_EQ(code.For("anything").load_factor, 0.5);
}

TEST(Compile, AnUnknownNamedModelMovesNothing) {
  const CategoryInForce code =
      CompileOne(MovingPolicy("code", AdaptationMode::kEnforce, "silent"), kLoad);
  EXPECT_EQ(code.calm.similarity_threshold, 0.90F);
}

TEST(Compile, ShadowAndOffAreInForceAsConfigured) {
  for (const AdaptationMode mode : {AdaptationMode::kShadow, AdaptationMode::kOff}) {
    for (const char* model : {"request", "busy"}) {
      const CategoryInForce math = CompileOne(MovingPolicy("math", mode, model), kLoad);
      EXPECT_THAT(math.by_model, IsEmpty());
      EXPECT_EQ(math.For("busy").similarity_threshold, 0.90F);
      EXPECT_EQ(math.For("busy").ttl, absl::Hours(1));
    }
  }
}

TEST(WorstLoadFactor, LooksAtTheModelsThatCount) {
  EXPECT_EQ(WorstLoadFactor({.model = "request"}, kLoad), 1);
  EXPECT_EQ(WorstLoadFactor({.model = "half"}, kLoad), 0.5);
  EXPECT_EQ(WorstLoadFactor({.model = "silent"}, kLoad), 0);
  EXPECT_EQ(WorstLoadFactor({.model = "request"}, {}), 0);
}

}  // namespace
}  // namespace semcached
