#include "semcached/access/access_control.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "support/fake_clock.h"

namespace semcached {
namespace {

using ::testing::HasSubstr;

class AccessControlTest : public testing::Test {
 protected:
  static PrincipalConfig Named(const std::string& name, const std::string& token = "") {
    PrincipalConfig config;
    config.name = name;
    if (!token.empty()) config.tokens = {Sha256(token)};
    config.rights = {Right::kLookup};
    config.namespaces = {name};
    return config;
  }

  // The name of who calls, or the word for why nobody is known.
  std::string WhoShows(const std::string& authorization,
                       const std::vector<std::string>& certificates = {}) const {
    const auto who = access_.Identify({authorization, certificates});
    return who.ok() ? (*who)->name() : absl::StatusCodeToString(who.status().code());
  }

  PrincipalPtr Who(const std::string& token) const {
    return *access_.Identify({"Bearer " + token, {}});
  }

  FakeClock clock_;
  AccessControl access_{"open", /*report_rate=*/2, &clock_};
};

TEST_F(AccessControlTest, EverybodyMayDoEverythingUntilPrincipalsAreNamed) {
  EXPECT_EQ(WhoShows(""), "open");
  EXPECT_EQ(WhoShows("Bearer whatever"), "open");
  const PrincipalPtr open = *access_.Identify({});
  for (const Right right :
       {Right::kLookup, Right::kInsert, Right::kFeedback, Right::kLoad, Right::kAdmin}) {
    EXPECT_TRUE(open->Use(right).ok()) << Name(right);
  }
  EXPECT_TRUE(open->CheckNamespace("").ok());
  access_.Replace({});
  EXPECT_EQ(WhoShows(""), "UNAUTHENTICATED");
}

TEST_F(AccessControlTest, ATokenIsItsOwnersOnly) {
  access_.Replace({Named("acme", "one"), Named("umbrella", "two")});
  EXPECT_EQ(WhoShows("Bearer one"), "acme");
  EXPECT_EQ(WhoShows("bearer two"), "umbrella");  // the scheme's case is no matter (RFC 9110)
  for (const char* wrong : {"Bearer", "Bearer ", "Bearer on", "Bearer onee", "Bearer ONE", "one",
                            "Basic one", "Bearer  one", "Bearer one "}) {
    EXPECT_EQ(WhoShows(wrong), "UNAUTHENTICATED") << '"' << wrong << '"';
  }
}

TEST_F(AccessControlTest, TokensAreReplacedWithoutAGap) {
  PrincipalConfig acme = Named("acme", "old");
  acme.tokens.push_back(Sha256("new"));
  access_.Replace({acme});
  EXPECT_EQ(WhoShows("Bearer old"), "acme");
  EXPECT_EQ(WhoShows("Bearer new"), "acme");
  access_.Replace({Named("acme", "new")});
  EXPECT_EQ(WhoShows("Bearer old"), "UNAUTHENTICATED");
  EXPECT_EQ(WhoShows("Bearer new"), "acme");
}

TEST_F(AccessControlTest, ACertificateStandsForWhomItNames) {
  PrincipalConfig acme = Named("acme");
  acme.certificate = "gateway.acme.example";
  access_.Replace({acme, Named("umbrella", "two")});
  EXPECT_EQ(WhoShows("", {"other.example", "gateway.acme.example"}), "acme");
  EXPECT_EQ(WhoShows("", {"acme.example"}), "UNAUTHENTICATED");
  EXPECT_EQ(WhoShows("", {""}), "UNAUTHENTICATED");  // umbrella's certificate is none at all
  // A token decides: who shows a wrong one is not asked for more.
  EXPECT_EQ(WhoShows("Bearer two", {"gateway.acme.example"}), "umbrella");
  EXPECT_EQ(WhoShows("Bearer no", {"gateway.acme.example"}), "UNAUTHENTICATED");
}

TEST_F(AccessControlTest, RightsAndNamespacesAreThoseThatAreGiven) {
  access_.Replace({Named("acme", "one")});
  const PrincipalPtr acme = Who("one");
  EXPECT_TRUE(acme->Use(Right::kLookup).ok());
  const absl::Status insert = acme->Use(Right::kInsert);
  EXPECT_TRUE(absl::IsPermissionDenied(insert));
  EXPECT_THAT(insert.message(), HasSubstr("acme has not the right insert"));
  EXPECT_TRUE(acme->CheckNamespace("acme").ok());
  for (const std::string_view other :
       {std::string_view(), std::string_view("Acme"), std::string_view("acme "),
        std::string_view("acm"), std::string_view("acme\0", 5)}) {
    EXPECT_TRUE(absl::IsPermissionDenied(acme->CheckNamespace(other))) << other;
  }
}

TEST_F(AccessControlTest, NobodySendsMoreThanItsRate) {
  PrincipalConfig acme = Named("acme", "one");
  acme.rights.push_back(Right::kInsert);
  acme.max_rate = 200;
  acme.max_insert_rate = 1;
  access_.Replace({acme});
  const PrincipalPtr who = Who("one");
  EXPECT_TRUE(who->Use(Right::kInsert, 64).ok());        // a burst
  const absl::Status insert = who->Use(Right::kInsert);  // which counts as a request all the same
  EXPECT_TRUE(absl::IsResourceExhausted(insert));
  EXPECT_THAT(insert.message(), HasSubstr("1 inserts a second"));
  EXPECT_TRUE(who->Use(Right::kLookup, 135).ok());
  EXPECT_TRUE(absl::IsResourceExhausted(who->Use(Right::kLookup)));
  clock_.Advance(absl::Seconds(1));
  EXPECT_TRUE(who->Use(Right::kInsert).ok());
  EXPECT_TRUE(absl::IsResourceExhausted(who->Use(Right::kInsert)));
  EXPECT_TRUE(who->Use(Right::kLookup, 198).ok());
}

TEST_F(AccessControlTest, NobodyTakesAnothersReports) {
  access_.Replace({Named("acme", "one"), Named("umbrella", "two")});
  const PrincipalPtr acme = Who("one");
  for (int i = 0; i < 20; ++i) EXPECT_TRUE(acme->TakeReport());
  EXPECT_FALSE(acme->TakeReport());
  EXPECT_TRUE(Who("two")->TakeReport());
}

TEST_F(AccessControlTest, WhatIsBoundToAPrincipalEndsWithItsNamespaces) {
  access_.Replace({Named("acme", "one")});
  const std::string before = Who("one")->id();
  access_.Replace({Named("acme", "one")});
  EXPECT_EQ(Who("one")->id(), before);
  PrincipalConfig more = Named("acme", "one");
  more.namespaces.insert("umbrella");
  access_.Replace({more});
  EXPECT_NE(Who("one")->id(), before);
}

// A batch that is larger than all that may come at once was refused for ever.
TEST_F(AccessControlTest, ALargeBatchGoesThroughAndIsPaidForLater) {
  PrincipalConfig acme = Named("acme", "one");
  acme.max_rate = 1;
  access_.Replace({acme});
  const PrincipalPtr who = Who("one");
  EXPECT_TRUE(who->Use(Right::kLookup, 100).ok());
  clock_.Advance(absl::Seconds(36));
  EXPECT_TRUE(absl::IsResourceExhausted(who->Use(Right::kLookup)));
  clock_.Advance(absl::Seconds(1));
  EXPECT_TRUE(who->Use(Right::kLookup).ok());
}

}  // namespace
}  // namespace semcached
