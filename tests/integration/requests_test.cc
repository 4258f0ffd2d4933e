// What a request may ask for beside its question.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "integration/gateway.h"

namespace semcached {
namespace {

class RequestsTest : public IntegrationTest {};

TEST_F(RequestsTest, BothListenersServeTheSameEntries) {
  gateway_.Tell(kQuestion, kAnswer);
  grpc::ClientContext context;
  v1::LookupResponse response;
  ASSERT_TRUE(server_.tcp().Lookup(&context, gateway_.Question(kQuestion), &response).ok());
  EXPECT_EQ(response.response().body(), kAnswer);
}

TEST_F(RequestsTest, APrivateCategoryIsBypassedWhenItIsNamed) {
  const Gateway personal = gateway_.In("personal");
  const v1::LookupResponse response =
      personal.Lookup(personal.Question("what is my account balance"));
  EXPECT_EQ(response.outcome(), v1::OUTCOME_BYPASS);
  EXPECT_EQ(response.category(), "personal");
  EXPECT_FALSE(response.bypass_reason().empty());
  EXPECT_TRUE(response.lookup_id().empty());

  const v1::InsertResponse insert =
      personal.Insert(personal.Telling("what is my account balance", "12 euros"));
  EXPECT_EQ(insert.result(), v1::InsertResponse::RESULT_DECLINED);
  EXPECT_FALSE(insert.decline_reason().empty());
  EXPECT_EQ(personal.Ask("what is my account balance"), "bypass");
}

TEST_F(RequestsTest, QueriesThatNameNoCategoryAreClassified) {
  const Gateway unnamed = gateway_.In("");
  const v1::LookupResponse code =
      unnamed.Lookup(unnamed.Question("how do I reverse a linked list in java"));
  EXPECT_EQ(code.category(), "code");
  EXPECT_EQ(code.category_source(), v1::CATEGORY_SOURCE_CLASSIFIED);
  EXPECT_EQ(unnamed.Ask("what is the balance of my account"), "bypass");

  // An insert lands where the lookup looks.
  unnamed.Tell("how do I reverse a linked list in java", "Collections.reverse(list)");
  EXPECT_EQ(unnamed.Ask("how can I reverse a linked list in java"),
            "semantic:Collections.reverse(list)");
  const v1::LookupResponse exact =
      unnamed.Lookup(unnamed.Question("how do I reverse a linked list in java"));
  EXPECT_EQ(exact.category_source(), v1::CATEGORY_SOURCE_ENTRY);
}

TEST_F(RequestsTest, ABypassLooksNothingUp) {
  gateway_.Tell(kQuestion, kAnswer);
  v1::LookupRequest request = gateway_.Question(kQuestion);
  request.set_bypass(true);
  const v1::LookupResponse response = gateway_.Lookup(request);
  EXPECT_EQ(response.outcome(), v1::OUTCOME_BYPASS);
  EXPECT_FALSE(response.has_response());
  EXPECT_TRUE(response.lookup_id().empty());
}

TEST_F(RequestsTest, NoStoreLeavesNoLookupId) {
  v1::LookupRequest request = gateway_.Question(kQuestion);
  request.set_no_store(true);
  EXPECT_TRUE(gateway_.Lookup(request).lookup_id().empty());
  EXPECT_FALSE(gateway_.Lookup(gateway_.Question(kQuestion)).lookup_id().empty());
  gateway_.Tell(kQuestion, kAnswer);
  EXPECT_EQ(gateway_.Ask(request), std::string("exact:") + kAnswer);
}

TEST_F(RequestsTest, AnAnswerOlderThanMaxAgeIsAMiss) {
  gateway_.Tell(kQuestion, kAnswer);
  v1::LookupRequest request = gateway_.Question(kQuestion);
  request.mutable_max_age()->set_seconds(3600);
  EXPECT_EQ(gateway_.Ask(request), std::string("exact:") + kAnswer);
  request.mutable_max_age()->set_seconds(0);
  request.mutable_max_age()->set_nanos(1'000'000);
  EXPECT_TRUE(Eventually([&] { return gateway_.Ask(request) == "miss:expired"; }));
  request.set_query(kParaphrase);
  EXPECT_EQ(gateway_.Ask(request), "miss:expired");
  EXPECT_EQ(gateway_.Ask(kQuestion), std::string("exact:") + kAnswer);
}

TEST_F(RequestsTest, ACallerMayTightenTheThresholdAndNotLoosenIt) {
  gateway_.Tell(kQuestion, kAnswer);
  v1::LookupRequest request = gateway_.Question(kParaphrase);
  request.set_min_similarity(1);
  EXPECT_EQ(gateway_.Ask(request), "miss:below_threshold");
  request.set_query("how do I sort a list of tuples in python");
  request.set_min_similarity(0);
  EXPECT_EQ(gateway_.Ask(request), "miss:below_threshold");
}

TEST_F(RequestsTest, WhatCannotBeKeptIsDeclinedWithTheReason) {
  v1::InsertRequest partial = gateway_.Telling(kQuestion, kAnswer);
  partial.set_complete(false);
  v1::InsertRequest dead = gateway_.Telling(kQuestion, kAnswer);
  dead.mutable_ttl()->set_seconds(0);
  const v1::InsertRequest large = gateway_.Telling(kQuestion, std::string((256 << 10) + 1, 'x'));
  for (const v1::InsertRequest& request : {partial, dead, large}) {
    const v1::InsertResponse response = gateway_.Insert(request);
    EXPECT_EQ(response.result(), v1::InsertResponse::RESULT_DECLINED);
    EXPECT_FALSE(response.decline_reason().empty());
    EXPECT_TRUE(response.entry_id().empty());
  }
  EXPECT_EQ(gateway_.Ask(kQuestion), "miss:no_candidate");
}

TEST_F(RequestsTest, ASecondInsertReplacesTheFirst) {
  gateway_.Tell(kQuestion, "old");
  const v1::InsertResponse second = gateway_.Insert(gateway_.Telling(kQuestion, kAnswer));
  EXPECT_EQ(second.result(), v1::InsertResponse::RESULT_REPLACED);
  EXPECT_EQ(gateway_.Ask(kQuestion), std::string("exact:") + kAnswer);
  EXPECT_EQ(gateway_.Ask(kParaphrase), std::string("semantic:") + kAnswer);
}

TEST_F(RequestsTest, OneBadElementOfABatchFailsAlone) {
  v1::BatchInsertRequest inserts;
  *inserts.add_requests() = gateway_.Telling(kQuestion, kAnswer);
  *inserts.add_requests() = gateway_.As("").Telling(kQuestion, kAnswer);
  *inserts.add_requests() = gateway_.Telling("how do I decode base64 in java", "Base64");
  grpc::ClientContext insert_context;
  v1::BatchInsertResponse inserted;
  ASSERT_TRUE(server_.data().BatchInsert(&insert_context, inserts, &inserted).ok());
  ASSERT_EQ(inserted.results_size(), 3);
  EXPECT_EQ(inserted.results(0).code(), grpc::OK);
  EXPECT_EQ(inserted.results(1).code(), grpc::INVALID_ARGUMENT);
  EXPECT_NE(inserted.results(1).message().find("scope.namespace"), std::string::npos);
  EXPECT_FALSE(inserted.results(1).has_response());
  EXPECT_EQ(inserted.results(2).response().result(), v1::InsertResponse::RESULT_STORED);

  v1::BatchLookupRequest lookups;
  *lookups.add_requests() = gateway_.Question(kQuestion);
  *lookups.add_requests() = gateway_.In("unheard-of").Question(kQuestion);
  *lookups.add_requests() = gateway_.Question("how do I decode base64 in java");
  grpc::ClientContext lookup_context;
  v1::BatchLookupResponse found;
  ASSERT_TRUE(server_.data().BatchLookup(&lookup_context, lookups, &found).ok());
  ASSERT_EQ(found.results_size(), 3);
  EXPECT_EQ(found.results(0).response().response().body(), kAnswer);
  EXPECT_EQ(found.results(1).code(), grpc::INVALID_ARGUMENT);
  EXPECT_NE(found.results(1).message().find("unheard-of"), std::string::npos);
  EXPECT_EQ(found.results(2).response().response().body(), "Base64");
}

TEST_F(RequestsTest, ABatchOfNoneOrTooManyIsRefused) {
  v1::BatchLookupRequest request;
  for (const int size : {0, 65}) {
    request.clear_requests();
    for (int i = 0; i < size; ++i) *request.add_requests() = gateway_.Question(kQuestion);
    grpc::ClientContext context;
    v1::BatchLookupResponse response;
    const grpc::Status status = server_.data().BatchLookup(&context, request, &response);
    EXPECT_EQ(status.error_code(), grpc::INVALID_ARGUMENT);
    EXPECT_NE(status.error_message().find("1 to 64"), std::string::npos) << status.error_message();
  }
}

TEST_F(RequestsTest, EntriesGoOutAndComeBackWhole) {
  v1::InsertRequest insert = gateway_.Telling(kQuestion, kAnswer);
  insert.add_tags("release-7");
  insert.mutable_ttl()->set_seconds(3600);
  gateway_.Insert(insert);
  gateway_.As("rival").Tell(kQuestion, "theirs");

  std::vector<v1::ExportedEntry> entries;
  grpc::ClientContext export_context;
  const auto reader = server_.admin().Export(&export_context, {});
  for (v1::ExportedEntry entry; reader->Read(&entry);) entries.push_back(entry);
  ASSERT_TRUE(reader->Finish().ok());
  ASSERT_EQ(entries.size(), 2U);

  grpc::ClientContext flush_context;
  v1::FlushResponse flushed;
  ASSERT_TRUE(server_.admin().Flush(&flush_context, {}, &flushed).ok());
  EXPECT_EQ(flushed.count(), 2);
  EXPECT_EQ(gateway_.Ask(kQuestion), "miss:no_candidate");

  entries.push_back(entries.front());
  entries.back().set_category("unheard-of");
  grpc::ClientContext import_context;
  v1::ImportResponse imported;
  const auto writer = server_.admin().Import(&import_context, &imported);
  for (const v1::ExportedEntry& entry : entries) ASSERT_TRUE(writer->Write(entry));
  writer->WritesDone();
  ASSERT_TRUE(writer->Finish().ok());
  EXPECT_EQ(imported.stored_count(), 2);
  ASSERT_EQ(imported.declined_counts_size(), 1);
  EXPECT_THAT(imported.declined_counts().begin()->first, ::testing::HasSubstr("unheard-of"));

  EXPECT_EQ(gateway_.Ask(kQuestion), std::string("exact:") + kAnswer);
  EXPECT_EQ(gateway_.Ask(kParaphrase), std::string("semantic:") + kAnswer);
  EXPECT_EQ(gateway_.As("rival").Ask(kQuestion), "exact:theirs");
  v1::InvalidateRequest by_tag;
  by_tag.set_tag("release-7");
  grpc::ClientContext tag_context;
  v1::InvalidateResponse invalidated;
  ASSERT_TRUE(server_.data().Invalidate(&tag_context, by_tag, &invalidated).ok());
  EXPECT_EQ(invalidated.count(), 1);
}

}  // namespace
}  // namespace semcached
