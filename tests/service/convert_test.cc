// What a request may be: every wrong one is refused by name, value and remedy.
#include "service/convert.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>
#include <string>
#include <vector>

namespace semcached {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr char kIdentity[] = "minilm@0123/3";
constexpr char kBroken[] = "caf\xe9";  // Latin-1
constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

RequestRules Rules() {
  RequestRules rules;
  rules.dimensions[kIdentity] = 3;
  return rules;
}

v1::LookupRequest GoodLookup() {
  v1::LookupRequest request;
  request.mutable_scope()->set_namespace_("acme");
  request.mutable_scope()->set_model("gpt-4o");
  request.mutable_scope()->set_context("v1");
  request.set_query("why is the sky blue");
  return request;
}

v1::InsertRequest GoodInsert() {
  v1::InsertRequest request;
  *request.mutable_scope() = GoodLookup().scope();
  request.set_query("why is the sky blue");
  request.mutable_response()->set_body("it scatters");
  return request;
}

void SetVector(const std::string& identity, const std::vector<float>& values,
               v1::Embedding* embedding) {
  embedding->set_identity(identity);
  embedding->mutable_values()->Assign(values.begin(), values.end());
}

// A good request that one change makes wrong, and what the refusal has to say.
template <typename Proto>
struct Mistake {
  const char* name;
  std::function<void(Proto*)> make;
  std::vector<std::string> says;

  friend void PrintTo(const Mistake& mistake, std::ostream* out) { *out << mistake.name; }
};

template <typename Proto>
std::string NameOf(const ::testing::TestParamInfo<Mistake<Proto>>& info) {
  return info.param.name;
}

template <typename Proto>
void ExpectRefused(Proto request, const Mistake<Proto>& mistake) {
  ASSERT_TRUE(FromProto(Rules(), request).ok());
  mistake.make(&request);
  const absl::Status status = FromProto(Rules(), request).status();
  ASSERT_TRUE(absl::IsInvalidArgument(status)) << status;
  for (const std::string& part : mistake.says) {
    EXPECT_THAT(std::string(status.message()), HasSubstr(part));
  }
}

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
                      {"near_hits is -1", "use 0"}},
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

using InsertMistake = Mistake<v1::InsertRequest>;
class InsertMistakeTest : public ::testing::TestWithParam<InsertMistake> {};
TEST_P(InsertMistakeTest, IsRefused) { ExpectRefused(GoodInsert(), GetParam()); }

INSTANTIATE_TEST_SUITE_P(
    Convert, InsertMistakeTest,
    ::testing::Values(
        InsertMistake{"NoNamespace", [](auto* r) { r->clear_scope(); }, {"scope.namespace"}},
        InsertMistake{"LongLookupId",
                      [](auto* r) { r->set_lookup_id(std::string(65, 'x')); },
                      {"lookup_id", "65", "64"}},
        InsertMistake{"LookupIdAndQuery",
                      [](auto* r) { r->set_lookup_id("abc"); },
                      {"lookup_id", "query", "not both"}},
        InsertMistake{"LookupIdAndVector",
                      [](auto* r) {
                        r->set_lookup_id("abc");
                        r->clear_query();
                        SetVector(kIdentity, {1, 0, 0}, r->mutable_embedding());
                      },
                      {"lookup_id", "embedding", "not both"}},
        InsertMistake{"BrokenQuery", [](auto* r) { r->set_query(kBroken); }, {"query", "UTF-8"}},
        InsertMistake{"LongQuery",
                      [](auto* r) { r->set_query(std::string((32 << 10) + 1, 'x')); },
                      {"query", "32769", "32768"}},
        InsertMistake{"ZeroVector",
                      [](auto* r) {
                        SetVector("own", {0, 0}, r->mutable_embedding());
                      },
                      {"embedding", "length 0"}},
        InsertMistake{"LongCategory",
                      [](auto* r) { r->set_category(std::string(65, 'x')); },
                      {"category", "65", "64"}},
        InsertMistake{
            "LongContentType",
            [](auto* r) { r->mutable_response()->set_content_type(std::string(257, 'x')); },
            {"response.content_type", "257", "256"}},
        InsertMistake{"ManyPairsOfMetadata",
                      [](auto* r) {
                        for (int i = 0; i < 33; ++i) {
                          (*r->mutable_response()->mutable_metadata())[std::to_string(i)] = "x";
                        }
                      },
                      {"response.metadata", "33", "32"}},
        InsertMistake{"LongMetadata",
                      [](auto* r) {
                        (*r->mutable_response()->mutable_metadata())["k"] = std::string(4096, 'x');
                      },
                      {"response.metadata", "4097", "4096"}},
        InsertMistake{"NegativeTtl",
                      [](auto* r) { r->mutable_ttl()->set_nanos(-1); },
                      {"ttl is -1ns", "leave it out"}},
        InsertMistake{"TtlOfTooManyNanos",
                      [](auto* r) { r->mutable_ttl()->set_nanos(1'000'000'000); },
                      {"ttl", "1000000000", "999999999"}},
        InsertMistake{"ManyTags",
                      [](auto* r) {
                        for (int i = 0; i < 17; ++i) r->add_tags("t");
                      },
                      {"tags", "17", "16"}},
        InsertMistake{
            "LongTag", [](auto* r) { r->add_tags(std::string(129, 'x')); }, {"tags", "129", "128"}},
        InsertMistake{"LongSource",
                      [](auto* r) { r->set_source(std::string(257, 'x')); },
                      {"source", "257", "256"}}),
    NameOf<v1::InsertRequest>);

using InvalidateMistake = Mistake<v1::InvalidateRequest>;
class InvalidateMistakeTest : public ::testing::TestWithParam<InvalidateMistake> {};
TEST_P(InvalidateMistakeTest, IsRefused) { ExpectRefused(v1::InvalidateRequest(), GetParam()); }

INSTANTIATE_TEST_SUITE_P(
    Convert, InvalidateMistakeTest,
    ::testing::Values(
        InvalidateMistake{"ManyEntries",
                          [](auto* r) {
                            for (int i = 0; i < 1001; ++i) r->add_entries("0123456789abcdef");
                          },
                          {"entries", "1001", "1000"}},
        InvalidateMistake{"NoEntryId",
                          [](auto* r) { r->add_entries("all"); },
                          {"entry_id", "16 hexadecimal digits"}},
        InvalidateMistake{"LongCategory",
                          [](auto* r) { r->set_category(std::string(65, 'x')); },
                          {"category", "65", "64"}},
        InvalidateMistake{"TimeOfTooManyNanos",
                          [](auto* r) { r->mutable_inserted_before()->set_nanos(1'000'000'000); },
                          {"inserted_before", "1000000000", "999999999"}},
        InvalidateMistake{"TimeOfNegativeNanos",
                          [](auto* r) { r->mutable_inserted_before()->set_nanos(-1); },
                          {"inserted_before", "-1", "999999999"}},
        InvalidateMistake{"NearWithoutQuery",
                          [](auto* r) { r->mutable_near()->set_similarity(0.9F); },
                          {"near.query", "empty"}},
        InvalidateMistake{"NearOfBrokenQuery",
                          [](auto* r) { r->mutable_near()->set_query(kBroken); },
                          {"near.query", "UTF-8"}},
        InvalidateMistake{"NearWithoutSimilarity",
                          [](auto* r) { r->mutable_near()->set_query("x"); },
                          {"near.similarity is 0", "(0, 1]"}},
        InvalidateMistake{"NearBeyondOne",
                          [](auto* r) {
                            r->mutable_near()->set_query("x");
                            r->mutable_near()->set_similarity(1.5F);
                          },
                          {"near.similarity is 1.5", "(0, 1]"}},
        InvalidateMistake{"NearOfNoNumber",
                          [](auto* r) {
                            r->mutable_near()->set_query("x");
                            r->mutable_near()->set_similarity(kNan);
                          },
                          {"near.similarity is nan", "(0, 1]"}}),
    NameOf<v1::InvalidateRequest>);

TEST(ConvertLookupTest, WhatIsReservedIsUnimplemented) {
  v1::LookupRequest lease = GoodLookup();
  lease.set_on_miss(v1::ON_MISS_LEASE);
  absl::Status status = FromProto(Rules(), lease).status();
  EXPECT_TRUE(absl::IsUnimplemented(status)) << status;
  EXPECT_THAT(std::string(status.message()), AllOf(HasSubstr("on_miss"), HasSubstr("RETURN")));

  v1::LookupRequest near = GoodLookup();
  near.set_near_hits(3);
  status = FromProto(Rules(), near).status();
  EXPECT_TRUE(absl::IsUnimplemented(status)) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr("near_hits"));

  v1::LookupRequest plain = GoodLookup();
  plain.set_on_miss(v1::ON_MISS_RETURN);
  EXPECT_TRUE(FromProto(Rules(), plain).ok());
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

TEST(ConvertInsertTest, ALookupIdNeedsNothingElse) {
  v1::InsertRequest proto;
  proto.set_lookup_id("abc");
  const auto request = FromProto(Rules(), proto);
  ASSERT_TRUE(request.ok()) << request.status();
  EXPECT_EQ(request->lookup_id, "abc");
  EXPECT_EQ(request->scope, Scope());
}

TEST(ConvertInsertTest, AllThatWasSaidArrives) {
  v1::InsertRequest proto = GoodInsert();
  proto.set_category("code");
  proto.mutable_response()->set_body(std::string("any\0bytes\xff", 10));
  proto.mutable_response()->set_content_type("text/plain");
  (*proto.mutable_response()->mutable_metadata())["cost"] = "0.02";
  proto.mutable_ttl()->set_seconds(60);
  proto.add_tags("a");
  proto.add_tags("b");
  proto.set_source("gateway-3");
  const auto request = FromProto(Rules(), proto);
  ASSERT_TRUE(request.ok()) << request.status();
  EXPECT_EQ(request->response.body, std::string("any\0bytes\xff", 10));
  EXPECT_EQ(request->response.content_type, "text/plain");
  EXPECT_EQ(request->response.metadata.at("cost"), "0.02");
  EXPECT_EQ(request->ttl, absl::Minutes(1));
  EXPECT_THAT(request->tags, ElementsAre("a", "b"));
  EXPECT_EQ(request->source, "gateway-3");
}

TEST(ConvertInsertTest, CompleteIsTrueUnlessTheCallerSaysOtherwise) {
  v1::InsertRequest proto = GoodInsert();
  EXPECT_TRUE(FromProto(Rules(), proto)->complete);
  proto.set_complete(true);
  EXPECT_TRUE(FromProto(Rules(), proto)->complete);
  proto.set_complete(false);
  EXPECT_FALSE(FromProto(Rules(), proto)->complete);
}

TEST(ConvertInsertTest, ATtlOfZeroIsForTheCacheToDecline) {
  v1::InsertRequest proto = GoodInsert();
  EXPECT_FALSE(FromProto(Rules(), proto)->ttl.has_value());
  proto.mutable_ttl();
  EXPECT_EQ(FromProto(Rules(), proto)->ttl, absl::ZeroDuration());
}

TEST(ConvertInvalidateTest, ConditionsThatAreNotSetAreNot) {
  v1::InvalidateRequest proto;
  auto request = FromProto(Rules(), proto);
  ASSERT_TRUE(request.ok());
  EXPECT_FALSE(request->namespace_name.has_value() || request->model.has_value() ||
               request->inserted_before.has_value());
  // Empty and unset are two things.
  proto.set_namespace_("");
  proto.add_entries("0123456789abcdef");
  proto.mutable_inserted_before()->set_seconds(1'000);
  proto.mutable_near()->set_query("x");
  proto.mutable_near()->set_similarity(1);
  proto.set_dry_run(true);
  request = FromProto(Rules(), proto);
  ASSERT_TRUE(request.ok()) << request.status();
  EXPECT_EQ(request->namespace_name, "");
  EXPECT_THAT(request->entries, ElementsAre(0x0123456789abcdefU));
  EXPECT_EQ(request->inserted_before, absl::FromUnixSeconds(1'000));
  EXPECT_EQ(request->near_similarity, 1);
  EXPECT_TRUE(request->dry_run);
}

TEST(ConvertEntryIdTest, IdsAreSixteenHexadecimalDigits) {
  for (const EntryId id : {EntryId{1}, EntryId{0xabcdef}, ~EntryId{0}}) {
    EXPECT_EQ(FormatEntryId(id).size(), 16U);
    EXPECT_EQ(*ParseEntryId(FormatEntryId(id)), id);
  }
  for (const char* text : {"", "1", "0000000000000000", "0x0123456789abcd", "-123456789abcdef",
                           "              1f", "0123456789abcdeg", "0123456789abcdef0"}) {
    EXPECT_TRUE(absl::IsInvalidArgument(ParseEntryId(text).status())) << '"' << text << '"';
  }
}

TEST(ConvertDurationTest, SaturatesBothWays) {
  google::protobuf::Duration proto;
  SetDuration(absl::InfiniteDuration(), &proto);
  EXPECT_EQ(proto.seconds(), 315'576'000'000);
  EXPECT_EQ(proto.nanos(), 0);
  SetDuration(-absl::InfiniteDuration(), &proto);
  EXPECT_EQ(proto.seconds(), -315'576'000'000);

  proto.set_seconds(std::numeric_limits<int64_t>::max());
  proto.set_nanos(999'999'999);
  EXPECT_GE(*ToDuration("ttl", proto), absl::Hours(24 * 365 * 10'000));
  proto.set_seconds(std::numeric_limits<int64_t>::min());
  proto.set_nanos(0);
  EXPECT_LE(*ToDuration("ttl", proto), -absl::Hours(24 * 365 * 10'000));
}

TEST(ConvertDurationTest, ComesBackToTheNanosecond) {
  for (const absl::Duration duration :
       {absl::ZeroDuration(), absl::Nanoseconds(1), -absl::Nanoseconds(1), absl::Seconds(90),
        absl::Milliseconds(1500), -absl::Milliseconds(1500), absl::Hours(1'000'000)}) {
    google::protobuf::Duration proto;
    SetDuration(duration, &proto);
    EXPECT_EQ(*ToDuration("ttl", proto), duration);
  }
}

TEST(ConvertResultTest, AMissCarriesWhyAndWhatToInsertBy) {
  LookupResult result;
  result.miss_reason = MissReason::kBelowThreshold;
  result.nearest_similarity = 0.5F;
  result.similarity_threshold = 0.8F;
  result.lookup_id = "abc";
  v1::LookupResponse proto;
  ToProto(result, /*explain=*/false, &proto);
  EXPECT_EQ(proto.outcome(), v1::OUTCOME_MISS);
  EXPECT_EQ(proto.miss_reason(), v1::MISS_REASON_BELOW_THRESHOLD);
  EXPECT_EQ(proto.nearest_similarity(), 0.5F);
  EXPECT_EQ(proto.lookup_id(), "abc");
  EXPECT_FALSE(proto.has_response() || proto.has_similarity() || proto.has_explanation());
  EXPECT_TRUE(proto.entry_id().empty());
}

TEST(ConvertResultTest, AHitCarriesTheEntry) {
  LookupResult result;
  result.outcome = Outcome::kHitSemantic;
  result.entry_id = 0x1f;
  result.response.body = "it scatters";
  result.similarity = 0.9F;
  result.age = absl::Seconds(5);
  result.answered_by = "graph";
  result.candidates = {{0x1f, 0.9F, absl::Seconds(5), "served"}};
  v1::LookupResponse proto;
  ToProto(result, /*explain=*/true, &proto);
  EXPECT_EQ(proto.outcome(), v1::OUTCOME_HIT_SEMANTIC);
  EXPECT_EQ(proto.entry_id(), "000000000000001f");
  EXPECT_EQ(proto.response().body(), "it scatters");
  EXPECT_EQ(proto.age().seconds(), 5);
  EXPECT_TRUE(proto.lookup_id().empty());
  EXPECT_EQ(proto.explanation().index_structure(), "graph");
  ASSERT_EQ(proto.explanation().candidates_size(), 1);
  EXPECT_EQ(proto.explanation().candidates(0).verdict(), "served");
}

TEST(ConvertResultTest, EveryMissReasonHasItsOwnValue) {
  for (const auto& [reason, value] : std::vector<std::pair<MissReason, v1::MissReason>>{
           {MissReason::kNoCandidate, v1::MISS_REASON_NO_CANDIDATE},
           {MissReason::kBelowThreshold, v1::MISS_REASON_BELOW_THRESHOLD},
           {MissReason::kExpired, v1::MISS_REASON_EXPIRED},
           {MissReason::kGuard, v1::MISS_REASON_GUARD},
           {MissReason::kWarming, v1::MISS_REASON_WARMING},
           {MissReason::kRejected, v1::MISS_REASON_REJECTED},
           {MissReason::kNotComparable, v1::MISS_REASON_NOT_COMPARABLE}}) {
    LookupResult result;
    result.miss_reason = reason;
    v1::LookupResponse proto;
    ToProto(result, /*explain=*/false, &proto);
    EXPECT_EQ(proto.miss_reason(), value);
  }
}

TEST(ConvertResultTest, ADeclinedInsertNamesNoEntry) {
  InsertResult result;
  result.decline_reason = "ttl is 0";
  result.category = "code";
  v1::InsertResponse proto;
  ToProto(result, &proto);
  EXPECT_EQ(proto.result(), v1::InsertResponse::RESULT_DECLINED);
  EXPECT_EQ(proto.decline_reason(), "ttl is 0");
  EXPECT_TRUE(proto.entry_id().empty());
  EXPECT_FALSE(proto.has_expire_time());
}

TEST(ConvertResultTest, AnEntryThatNeverExpiresDoesSoAtTheEndOfTime) {
  InsertResult result;
  result.kind = InsertResult::Kind::kStored;
  result.entry_id = 1;
  result.durability = Durability::kDurable;
  result.expire_time = absl::InfiniteFuture();
  v1::InsertResponse proto;
  ToProto(result, &proto);
  EXPECT_EQ(proto.result(), v1::InsertResponse::RESULT_STORED);
  EXPECT_EQ(proto.durability(), v1::DURABILITY_DURABLE);
  EXPECT_EQ(proto.expire_time().seconds(), 253'402'300'799);
  EXPECT_EQ(proto.expire_time().nanos(), 0);
}

Document SomeDocument() {
  Document document;
  document.entry.id = 0x1f;
  document.entry.category = "code";
  document.entry.scope = {"acme", "gpt-4o", "v1"};
  document.entry.embedding = {kIdentity, {0.6F, 0, 0.8F}};
  document.entry.insert_time = absl::FromUnixMillis(1'700'000'000'250);
  document.entry.ttl = absl::Hours(2);
  document.entry.tags = {"a", "b"};
  document.entry.source = "gateway-3";
  document.query = "why is the sky blue";
  document.response = {"it scatters", "text/plain", {{"cost", "0.02"}}};
  return document;
}

TEST(ConvertExportTest, WhatGoesOutComesBackWhole) {
  const Document document = SomeDocument();
  v1::ExportedEntry proto;
  ToProto(document, &proto);
  EXPECT_EQ(proto.entry_id(), "000000000000001f");
  const absl::Time now = document.entry.insert_time + absl::Minutes(30);
  const auto request = FromProto(Rules(), proto, now);
  ASSERT_TRUE(request.ok()) << request.status();
  EXPECT_EQ(request->scope, document.entry.scope);
  EXPECT_EQ(request->category, "code");
  EXPECT_EQ(request->query, *document.query);
  EXPECT_EQ(request->embedding.identity, kIdentity);
  EXPECT_EQ(request->embedding.values, document.entry.embedding.values);
  EXPECT_EQ(request->response.body, document.response.body);
  EXPECT_EQ(request->response.content_type, document.response.content_type);
  EXPECT_EQ(request->response.metadata, document.response.metadata);
  EXPECT_EQ(request->ttl, document.entry.ttl);
  EXPECT_EQ(request->tags, document.entry.tags);
  EXPECT_EQ(request->source, document.entry.source);
  EXPECT_EQ(request->age, absl::Minutes(30));
  EXPECT_TRUE(request->complete);
}

TEST(ConvertExportTest, WhatAnEntryLacksStaysAway) {
  Document document = SomeDocument();
  document.query = std::nullopt;
  document.entry.ttl = std::nullopt;
  v1::ExportedEntry proto;
  ToProto(document, &proto);
  EXPECT_FALSE(proto.has_query() || proto.has_ttl());
  const auto request = FromProto(Rules(), proto, document.entry.insert_time);
  ASSERT_TRUE(request.ok()) << request.status();
  EXPECT_TRUE(request->query.empty());
  EXPECT_FALSE(request->ttl.has_value());
}

TEST(ConvertExportTest, AnEntryFromTheFutureIsNew) {
  v1::ExportedEntry proto;
  ToProto(SomeDocument(), &proto);
  EXPECT_EQ(FromProto(Rules(), proto, absl::UnixEpoch())->age, absl::ZeroDuration());
  proto.mutable_insert_time()->set_nanos(-1);
  EXPECT_TRUE(absl::IsInvalidArgument(FromProto(Rules(), proto, absl::UnixEpoch()).status()));
}

}  // namespace
}  // namespace semcached
