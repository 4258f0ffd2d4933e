// What a lookup may be: every wrong one is refused by name, value and remedy.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "service/convert.h"
#include "service/convert_requests.h"

namespace semcached {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

using LookupMistake = Mistake<v1::LookupRequest>;
class LookupMistakeTest : public ::testing::TestWithParam<LookupMistake> {};
TEST_P(LookupMistakeTest, IsRefused) { ExpectRefused(GoodLookup(), GetParam()); }

std::function<void(v1::LookupRequest*)> Vector(const std::string& identity,
                                               const std::vector<float>& values) {
  return [=](v1::LookupRequest* request) {
    SetVector(identity, values, request->mutable_embedding());
  };
}

INSTANTIATE_TEST_SUITE_P(
    Convert, LookupMistakeTest,
    ::testing::Values(
        LookupMistake{"NoNamespace",
                      [](auto* r) { r->mutable_scope()->clear_namespace_(); },
                      {"scope.namespace", "empty", "allow_anonymous"}},
        LookupMistake{"NoScope", [](auto* r) { r->clear_scope(); }, {"scope.namespace"}},
        LookupMistake{"LongNamespace",
                      [](auto* r) { r->mutable_scope()->set_namespace_(std::string(1025, 'x')); },
                      {"scope.namespace", "1025", "1024"}},
        LookupMistake{"LongModel",
                      [](auto* r) { r->mutable_scope()->set_model(std::string(1025, 'x')); },
                      {"scope.model", "1025", "1024"}},
        LookupMistake{"LongContext",
                      [](auto* r) { r->mutable_scope()->set_context(std::string(1025, 'x')); },
                      {"scope.context", "1025", "1024"}},
        LookupMistake{"BrokenNamespace",
                      [](auto* r) { r->mutable_scope()->set_namespace_(kBroken); },
                      {"scope.namespace", "UTF-8"}},
        LookupMistake{"BrokenModel",
                      [](auto* r) { r->mutable_scope()->set_model(kBroken); },
                      {"scope.model", "UTF-8"}},
        LookupMistake{"BrokenContext",
                      [](auto* r) { r->mutable_scope()->set_context(kBroken); },
                      {"scope.context", "UTF-8"}},
        LookupMistake{"BrokenQuery", [](auto* r) { r->set_query(kBroken); }, {"query", "UTF-8"}},
        LookupMistake{
            "SurrogateInQuery", [](auto* r) { r->set_query("\xed\xa0\x80"); }, {"query", "UTF-8"}},
        LookupMistake{
            "OverlongSlashInQuery", [](auto* r) { r->set_query("\xc0\xaf"); }, {"query", "UTF-8"}},
        LookupMistake{"LongQuery",
                      [](auto* r) { r->set_query(std::string((32 << 10) + 1, 'x')); },
                      {"query", "32769", "32768"}},
        LookupMistake{"LongCategory",
                      [](auto* r) { r->set_category(std::string(65, 'x')); },
                      {"category", "65", "64"}},
        LookupMistake{"NegativeNearHits",
                      [](auto* r) { r->set_near_hits(-1); },
                      {"near_hits is -1", "0 to 16"}},
        LookupMistake{"NegativeMinSimilarity",
                      [](auto* r) { r->set_min_similarity(-0.1F); },
                      {"min_similarity is -0.1", "0 to 1"}},
        LookupMistake{"LargeMinSimilarity",
                      [](auto* r) { r->set_min_similarity(1.1F); },
                      {"min_similarity is 1.1", "0 to 1"}},
        LookupMistake{"MinSimilarityThatIsNoNumber",
                      [](auto* r) { r->set_min_similarity(kNan); },
                      {"min_similarity is nan", "0 to 1"}},
        LookupMistake{
            "MaxAgeZero", [](auto* r) { r->mutable_max_age(); }, {"max_age is 0", "leave it out"}},
        LookupMistake{"MaxAgeNegative",
                      [](auto* r) { r->mutable_max_age()->set_seconds(-5); },
                      {"max_age is -5s", "leave it out"}},
        LookupMistake{"MaxAgeOfTwoSigns",
                      [](auto* r) {
                        r->mutable_max_age()->set_seconds(1);
                        r->mutable_max_age()->set_nanos(-1);
                      },
                      {"max_age", "1", "-1", "sign"}},
        LookupMistake{"MaxAgeOfTooManyNanos",
                      [](auto* r) { r->mutable_max_age()->set_nanos(1'000'000'000); },
                      {"max_age", "1000000000", "999999999"}},
        LookupMistake{
            "VectorWithoutIdentity", Vector("", {1, 0, 0}), {"embedding.identity", "empty"}},
        LookupMistake{
            "IdentityWithoutVector", Vector(kIdentity, {}), {"embedding.values", "empty"}},
        LookupMistake{
            "BrokenIdentity", Vector(kBroken, {1, 0, 0}), {"embedding.identity", "UTF-8"}},
        LookupMistake{"LongIdentity",
                      Vector(std::string(257, 'x'), {1, 0, 0}),
                      {"embedding.identity", "257", "256"}},
        LookupMistake{"WrongDimension",
                      Vector(kIdentity, {1, 0}),
                      {"embedding", "2 components", kIdentity, "has 3"}},
        LookupMistake{"TooManyComponents",
                      Vector("own", std::vector<float>(4097, 1)),
                      {"embedding", "4097", "4096"}},
        LookupMistake{
            "VectorWithNan", Vector(kIdentity, {1, kNan, 0}), {"embedding", "not finite"}},
        LookupMistake{"VectorWithInfinity",
                      Vector(kIdentity, {1, -kInfinity, 0}),
                      {"embedding", "not finite"}},
        LookupMistake{"ZeroVector",
                      Vector(kIdentity, {0, 0, 0}),
                      {"embedding", "length 0", "1e-06", "1e+06"}},
        LookupMistake{"TinyVector",
                      Vector(kIdentity, {1e-30F, 0, 0}),
                      {"embedding", "length 1e-30", "1e-06"}},
        LookupMistake{"HugeVector",
                      Vector(kIdentity, {1e30F, 0, 0}),
                      {"embedding", "length 1e+30", "1e+06"}}),
    NameOf<v1::LookupRequest>);

TEST(ConvertLookupTest, NearHitsAreBounded) {
  v1::LookupRequest request = GoodLookup();
  request.set_near_hits(16);
  EXPECT_EQ(FromProto(Rules(), request)->near_hits, 16U);
  request.set_near_hits(17);
  EXPECT_TRUE(absl::IsInvalidArgument(FromProto(Rules(), request).status()));
}

TEST(ConvertLookupTest, ALeaseIsAskedForByName) {
  v1::LookupRequest request = GoodLookup();
  EXPECT_EQ(FromProto(Rules(), request)->on_miss, OnMiss::kReturn);
  request.set_on_miss(v1::ON_MISS_RETURN);
  EXPECT_EQ(FromProto(Rules(), request)->on_miss, OnMiss::kReturn);
  request.set_on_miss(v1::ON_MISS_LEASE);
  EXPECT_EQ(FromProto(Rules(), request)->on_miss, OnMiss::kLease);

  request.set_no_store(true);  // what is kept nowhere cannot be waited for
  const absl::Status status = FromProto(Rules(), request).status();
  EXPECT_TRUE(absl::IsInvalidArgument(status)) << status;
  EXPECT_THAT(std::string(status.message()), AllOf(HasSubstr("no_store"), HasSubstr("RETURN")));
}

TEST(ConvertLookupTest, AWaitIsPositiveAndHasACeiling) {
  LeasesConfig leases;
  leases.max_wait = absl::Seconds(60);
  v1::LookupRequest request = GoodLookup();
  EXPECT_EQ(*MaxWait(leases, request), absl::Seconds(30));
  request.mutable_max_wait()->set_seconds(2);
  EXPECT_EQ(*MaxWait(leases, request), absl::Seconds(2));
  request.mutable_max_wait()->set_seconds(3600);
  EXPECT_EQ(*MaxWait(leases, request), absl::Seconds(60));
  for (const int64_t wrong : {0, -1}) {
    request.mutable_max_wait()->set_seconds(wrong);
    EXPECT_TRUE(absl::IsInvalidArgument(MaxWait(leases, request).status())) << wrong;
  }
}

TEST(ConvertLookupTest, AllThatWasSaidArrives) {
  v1::LookupRequest proto = GoodLookup();
  proto.set_category("code");
  proto.set_min_similarity(0.9F);
  proto.mutable_max_age()->set_seconds(90);
  proto.mutable_max_age()->set_nanos(5);
  proto.set_no_store(true);
  proto.set_bypass(true);
  proto.set_explain(true);
  const auto request = FromProto(Rules(), proto);
  ASSERT_TRUE(request.ok()) << request.status();
  EXPECT_EQ(request->scope, (Scope{"acme", "gpt-4o", "v1"}));
  EXPECT_EQ(request->query, "why is the sky blue");
  EXPECT_EQ(request->category, "code");
  EXPECT_EQ(request->min_similarity, 0.9F);
  EXPECT_EQ(request->max_age, absl::Seconds(90) + absl::Nanoseconds(5));
  EXPECT_TRUE(request->no_store);
  EXPECT_TRUE(request->bypass);
  EXPECT_TRUE(request->explain);
}

TEST(ConvertLookupTest, WhatWasNotSaidHasItsDefault) {
  const auto request = FromProto(Rules(), GoodLookup());
  ASSERT_TRUE(request.ok()) << request.status();
  EXPECT_TRUE(request->embedding.values.empty());
  EXPECT_FALSE(request->min_similarity.has_value());
  EXPECT_EQ(request->max_age, absl::InfiniteDuration());
  EXPECT_FALSE(request->no_store || request->bypass || request->explain);
}

TEST(ConvertLookupTest, NoNamespaceIsOneOfItsOwnWhereThatIsAllowed) {
  RequestRules rules = Rules();
  rules.allow_anonymous = true;
  v1::LookupRequest proto = GoodLookup();
  proto.mutable_scope()->clear_namespace_();
  const auto request = FromProto(rules, proto);
  ASSERT_TRUE(request.ok()) << request.status();
  EXPECT_EQ(request->scope.namespace_name, "");
}

TEST(ConvertLookupTest, OnlyTheDirectionOfAVectorCounts) {
  for (const float scale : {1e-5F, 0.5F, 1.0F, 40.0F, 1e5F}) {
    v1::LookupRequest proto = GoodLookup();
    SetVector(kIdentity, {3 * scale, 0, 4 * scale}, proto.mutable_embedding());
    const auto request = FromProto(Rules(), proto);
    ASSERT_TRUE(request.ok()) << request.status();
    EXPECT_THAT(request->embedding.values, ElementsAre(::testing::FloatNear(0.6F, 1e-6F), 0.0F,
                                                       ::testing::FloatNear(0.8F, 1e-6F)));
  }
}

TEST(ConvertLookupTest, ASpaceOfTheCallersOwnHasAnyDimension) {
  v1::LookupRequest proto = GoodLookup();
  SetVector("own", std::vector<float>(4096, 1), proto.mutable_embedding());
  const auto request = FromProto(Rules(), proto);
  ASSERT_TRUE(request.ok()) << request.status();
  EXPECT_EQ(request->embedding.identity, "own");
  EXPECT_EQ(request->embedding.values.size(), 4096U);
}

TEST(ConvertLookupTest, LimitsAreReachedButNotPassed) {
  v1::LookupRequest proto = GoodLookup();
  proto.mutable_scope()->set_namespace_(std::string(1024, 'x'));
  proto.set_query(std::string(32 << 10, 'x'));
  proto.set_min_similarity(1);
  EXPECT_TRUE(FromProto(Rules(), proto).ok());
  proto.set_min_similarity(0);
  EXPECT_TRUE(FromProto(Rules(), proto).ok());
}

}  // namespace
}  // namespace semcached
