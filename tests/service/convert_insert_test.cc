// What an insert may be: every wrong one is refused by name, value and remedy.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "service/convert.h"
#include "service/convert_requests.h"

namespace semcached {
namespace {

using ::testing::ElementsAre;

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

}  // namespace
}  // namespace semcached
