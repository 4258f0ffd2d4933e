#include "semcached/replay/variants.h"

#include <gtest/gtest.h>

namespace semcached {
namespace {

CategoryPolicySet Policies() {
  CategoryPolicySet set;
  for (const AdaptationMode mode :
       {AdaptationMode::kOff, AdaptationMode::kShadow, AdaptationMode::kEnforce}) {
    CategoryPolicy policy;
    policy.category = mode == AdaptationMode::kOff      ? "off"
                      : mode == AdaptationMode::kShadow ? "shadow"
                                                        : "enforce";
    policy.similarity_threshold = 0.80F;
    policy.durability = Durability::kDurable;
    policy.adaptation.mode = mode;
    policy.adaptation.max_threshold_drop = 0.04F;
    policy.adaptation.min_similarity_threshold = 0.76F;
    policy.adaptation.max_ttl_factor = 2;
    set.categories[policy.category] = policy;
  }
  return set;
}

CategoryPolicy Of(VariantKind kind, const std::string& category, double drop = 0) {
  return *PoliciesOf(kind, Policies(), drop)->Find(category);
}

TEST(VariantsTest, OffMeasuresAndAppliesNothing) {
  EXPECT_EQ(Of(VariantKind::kOff, "enforce").adaptation.mode, AdaptationMode::kShadow);
  EXPECT_EQ(Of(VariantKind::kOff, "off").adaptation.mode, AdaptationMode::kOff);
  EXPECT_EQ(Of(VariantKind::kOff, "enforce").similarity_threshold, 0.80F);
}

TEST(VariantsTest, OneActuatorAtATime) {
  EXPECT_EQ(Of(VariantKind::kThreshold, "enforce").adaptation.max_ttl_factor, 1);
  EXPECT_EQ(Of(VariantKind::kThreshold, "enforce").adaptation.max_threshold_drop, 0.04F);
  EXPECT_EQ(Of(VariantKind::kTtl, "enforce").adaptation.max_ttl_factor, 2);
  EXPECT_EQ(Of(VariantKind::kTtl, "enforce").adaptation.max_threshold_drop, 0);
}

TEST(VariantsTest, EverywhereLeavesOffOff) {
  EXPECT_EQ(Of(VariantKind::kEverywhere, "shadow").adaptation.mode, AdaptationMode::kEnforce);
  EXPECT_EQ(Of(VariantKind::kEverywhere, "off").adaptation.mode, AdaptationMode::kOff);
  EXPECT_EQ(Of(VariantKind::kAll, "shadow").adaptation.mode, AdaptationMode::kShadow);
}

TEST(VariantsTest, StaticLowersOnlyWhatLoadWouldMove) {
  EXPECT_FLOAT_EQ(Of(VariantKind::kStatic, "enforce", 0.5).similarity_threshold, 0.78F);
  EXPECT_FLOAT_EQ(Of(VariantKind::kStatic, "enforce", 2).similarity_threshold, 0.72F);
  EXPECT_FLOAT_EQ(Of(VariantKind::kStatic, "shadow", 0.5).similarity_threshold, 0.80F);
  EXPECT_EQ(Of(VariantKind::kStatic, "enforce", 0.5).adaptation.mode, AdaptationMode::kShadow);
}

TEST(VariantsTest, NoneWritesForAPowerLoss) {
  EXPECT_EQ(Of(VariantKind::kAll, "enforce").durability, Durability::kMemory);
}

}  // namespace
}  // namespace semcached
