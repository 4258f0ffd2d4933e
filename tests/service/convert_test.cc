// Invalidations, ids, times, and what goes out: answers and exported entries.
#include "service/convert.h"

#include <absl/strings/ascii.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "service/convert_requests.h"

namespace semcached {
namespace {

using ::testing::ElementsAre;

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
  result.lookup_id = "for feedback";
  result.candidates = {{0x1f, 0.9F, absl::Seconds(5), "served", {{GuardKind::kNumbers, "3, 5"}}}};
  v1::LookupResponse proto;
  ToProto(result, /*explain=*/true, &proto);
  EXPECT_EQ(proto.outcome(), v1::OUTCOME_HIT_SEMANTIC);
  EXPECT_EQ(proto.entry_id(), "000000000000001f");
  EXPECT_EQ(proto.response().body(), "it scatters");
  EXPECT_EQ(proto.age().seconds(), 5);
  EXPECT_EQ(proto.lookup_id(), "for feedback");
  EXPECT_EQ(proto.explanation().index_structure(), "graph");
  ASSERT_EQ(proto.explanation().candidates_size(), 1);
  EXPECT_EQ(proto.explanation().candidates(0).verdict(), "served");
  ASSERT_EQ(proto.explanation().candidates(0).guard_verdicts_size(), 1);
  EXPECT_EQ(proto.explanation().candidates(0).guard_verdicts(0).guard(), "numbers");
  EXPECT_EQ(proto.explanation().candidates(0).guard_verdicts(0).reason(), "3, 5");
}

TEST(ConvertResultTest, AMissCarriesItsNearHits) {
  LookupResult result;
  result.near_hits = {{0x2a, 0.7F, absl::Seconds(9), "what scatters", {"light", "text/plain", {}}},
                      {0x2b, 0.6F, absl::Seconds(8), std::nullopt, {}}};
  v1::LookupResponse proto;
  ToProto(result, /*explain=*/false, &proto);
  ASSERT_EQ(proto.near_hits_size(), 2);
  EXPECT_EQ(proto.near_hits(0).entry_id(), "000000000000002a");
  EXPECT_EQ(proto.near_hits(0).query(), "what scatters");
  EXPECT_EQ(proto.near_hits(0).response().body(), "light");
  EXPECT_FALSE(proto.near_hits(1).has_query());
  EXPECT_FALSE(proto.has_response());
}

TEST(ConvertResultTest, EveryMissReasonHasItsOwnValue) {
  for (const auto& [reason, value] : std::vector<std::pair<MissReason, v1::MissReason>>{
           {MissReason::kNoCandidate, v1::MISS_REASON_NO_CANDIDATE},
           {MissReason::kFeedback, v1::MISS_REASON_FEEDBACK},
           {MissReason::kAudit, v1::MISS_REASON_AUDIT},
           {MissReason::kVerifier, v1::MISS_REASON_VERIFIER},
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
    // Metrics and clients that print the enumerator agree on its name.
    EXPECT_EQ(v1::MissReason_Name(value), "MISS_REASON_" + absl::AsciiStrToUpper(Name(reason)));
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

TEST(ConvertLoadTest, AReportIsTakenAsItIs) {
  v1::ReportLoadRequest proto;
  proto.set_model("gpt-4o");
  proto.set_in_flight(3);
  proto.set_queued(2);
  proto.set_limit(8);
  proto.set_rejected(1);
  proto.mutable_latency()->set_nanos(500'000'000);
  const absl::StatusOr<LoadReport> report = FromProto(proto);
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->in_flight, 3);
  EXPECT_EQ(report->queued, 2);
  EXPECT_EQ(report->limit, 8);
  EXPECT_EQ(report->rejected, 1);
  EXPECT_EQ(report->latency, absl::Milliseconds(500));
}

TEST(ConvertLoadTest, AReportOfNoTextOrNoTimeIsRefused) {
  v1::ReportLoadRequest proto;
  proto.set_model(kBroken);
  EXPECT_TRUE(absl::IsInvalidArgument(FromProto(proto).status()));
  proto.set_model(std::string(1025, 'm'));
  EXPECT_TRUE(absl::IsInvalidArgument(FromProto(proto).status()));
  proto.set_model("gpt-4o");
  proto.mutable_latency()->set_nanos(1'000'000'000);
  EXPECT_TRUE(absl::IsInvalidArgument(FromProto(proto).status()));
}

}  // namespace
}  // namespace semcached
