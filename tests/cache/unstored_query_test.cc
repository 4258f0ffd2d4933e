// store_query: false: guards go by what is kept in place of the query's text.
#include <gtest/gtest.h>

#include <iterator>
#include <string>

#include "cache/cache_fixture.h"

namespace semcached {
namespace {

class UnstoredQueryTest : public CacheTest {
 protected:
  UnstoredQueryTest() {
    Policy("code").guards = {std::begin(kAllGuards), std::end(kAllGuards)};
    Policy("code").store_query = false;
    Reload();
  }
  Document Stored(const InsertRequest& request) { return *store_.Get(Insert(request).entry_id); }
};

TEST_F(UnstoredQueryTest, GuardsCompareWhatIsKeptInItsPlace) {
  const Document document =
      Stored(Tell("how do I turn on dark mode of Zorblax 7", Axis(0), "switch it on"));
  EXPECT_FALSE(document.query.has_value());
  ASSERT_TRUE(document.guard_text.has_value());
  EXPECT_EQ(document.guard_text->find("orblax"), std::string::npos) << *document.guard_text;
  EXPECT_NE(document.guard_text->find("turn on dark mode"), std::string::npos);

  EXPECT_EQ(Answer(Ask("how can I turn on dark mode of Zorblax 7", Axis(0))),
            "semantic:switch it on");
  for (const char* other :
       {"how do I turn off dark mode of Zorblax 7", "how do I turn on dark mode of Zorblax 8",
        "how do I turn on dark mode of Flurbia 7", "why do I turn on dark mode of Zorblax 7"}) {
    EXPECT_EQ(Answer(Ask(other, Axis(0))), "miss:guard") << other;
  }
  EXPECT_EQ(Answer(Ask("how do I turn on dark mode of Zorblax 7")), "exact:switch it on");
}

TEST_F(UnstoredQueryTest, AnExplanationShowsNoPseudonym) {
  Insert(Tell("how do I open zorblax", Axis(0), "so"));
  LookupRequest request = Ask("how do I open flurbia", Axis(0));
  request.explain = true;
  const LookupResult result = Lookup(request);
  ASSERT_EQ(result.candidates.size(), 1U);
  EXPECT_EQ(result.candidates[0].verdict, "entities: names differ");
}

// What stands in a document's place of a query is no query: what it says is nobody's exact repeat.
TEST_F(UnstoredQueryTest, WhatIsKeptInItsPlaceIsNoQuery) {
  const Document document = Stored(Tell("how do I open zorblax", Axis(0), "so"));
  EXPECT_EQ(Answer(Ask(*document.guard_text)), "miss:no_candidate");
}

TEST_F(UnstoredQueryTest, WithoutAnyTextGuardsRefuseAsEver) {
  Insert(Tell("", Axis(0), "so"));
  EXPECT_EQ(Answer(Ask("how do I open zorblax", Axis(0))), "miss:guard");
  Policy("code").guards_without_text = true;
  Reload();
  EXPECT_EQ(Answer(Ask("how do I open zorblax", Axis(0))), "semantic:so");
}

TEST_F(UnstoredQueryTest, WithoutGuardsNothingIsKept) {
  Policy("code").guards.clear();
  Reload();
  EXPECT_FALSE(Stored(Tell("how do I open zorblax", Axis(0), "so")).guard_text.has_value());
}

TEST_F(UnstoredQueryTest, EntriesOfBothKindsLiveTogether) {
  const auto tell = [&](const std::string& name, int axis) {
    Insert(Tell("how do I turn on " + name, Axis(axis), name));
  };
  tell("zorblax", 0);
  Policy("code").store_query = true;
  Reload();
  tell("flurbia", 1);
  Policy("code").store_query = false;
  Reload();
  tell("gleepor", 2);
  Restart();
  const char* names[] = {"zorblax", "flurbia", "gleepor"};
  for (int axis = 0; axis < 3; ++axis) {
    const std::string name = names[axis];
    EXPECT_EQ(Answer(Ask("how can I turn on " + name, Axis(axis))), "semantic:" + name);
    EXPECT_EQ(Answer(Ask("how can I turn off " + name, Axis(axis))), "miss:guard");
    EXPECT_EQ(Answer(Ask("how do I turn on " + name)), "exact:" + name);
  }
}

}  // namespace
}  // namespace semcached
