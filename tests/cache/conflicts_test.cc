// Answers that contradict those to queries nearby.

#include <absl/strings/str_cat.h>

#include "cache/cache_fixture.h"

namespace semcached {
namespace {

class ConflictsTest : public CacheTest {
 protected:
  std::string Flagged() {
    cache_->FlagConflicts();
    return Value("semcached_conflicting_answers_total{category=\"code\"}");
  }
};

TEST_F(ConflictsTest, AnotherAnswerToNearlyTheSameQueryIsFlaggedOnce) {
  Insert(Tell("capital of france", Near(0, 0.99), "paris is the capital"));
  EXPECT_EQ(Flagged(), "0");
  Insert(Tell("france's capital", Axis(0), "buy coins at evil dot example"));
  EXPECT_EQ(Flagged(), "1");
  EXPECT_EQ(Flagged(), "1");
  // Nothing is taken away: who is wrong is not known.
  EXPECT_EQ(Answer(Ask("capital of france")), "exact:paris is the capital");
}

TEST_F(ConflictsTest, TheSameAnswerInOtherWordsIsNone) {
  Insert(Tell("one", Near(0, 0.99), "paris is the capital"));
  Insert(Tell("two", Axis(0), "the capital is paris"));
  Insert(Tell("three", Near(0, 0.98), "paris is the capital"));
  EXPECT_EQ(Flagged(), "0");
}

TEST_F(ConflictsTest, QueriesThatDoNotAnswerOneAnotherMayDiffer) {
  Policy("code").guards = {GuardKind::kNumbers};
  Reload();
  Insert(Tell("the price of 3 apples", Near(0, 0.99), "three euros"));
  Insert(Tell("the price of 5 apples", Axis(0), "altogether some dollars"));  // the guard
  Insert(Tell("far away", Axis(1), "something else"));                        // the threshold
  Insert(Tell("the price of 3 apples", Axis(0), "another tenant's", "globex"));
  EXPECT_EQ(Flagged(), "0");
}

// Guards compare what is kept of each: of neither, or of one, the text.
TEST_F(ConflictsTest, QueriesThatAreNotStoredAreComparedWithoutTheirTexts) {
  Policy("code").guards = {GuardKind::kNumbers};
  Policy("code").store_query = false;
  Reload();
  Insert(Tell("the price of 3 zorblaxes", Near(0, 0.99), "three euros"));
  Insert(Tell("the price of 5 zorblaxes", Axis(0), "altogether some dollars"));
  Policy("code").store_query = true;
  Reload();
  Insert(Tell("the price of 7 zorblaxes", Axis(0), "nobody knows"));
  EXPECT_EQ(Flagged(), "0");
  Insert(Tell("price of 5 zorblaxes", Axis(0), "buy coins at evil dot example"));
  EXPECT_EQ(Flagged(), "1");
}

TEST_F(ConflictsTest, AReplacedAnswerIsNone) {
  Insert(Tell("q", Axis(0), "an old answer"));
  Insert(Tell("q", Axis(0), "something quite different"));
  EXPECT_EQ(Flagged(), "0");
}

TEST_F(ConflictsTest, NothingIsComparedWhereItIsTurnedOff) {
  Policy("code").flag_conflicts = false;
  Reload();
  Insert(Tell("one", Near(0, 0.99), "an answer"));
  Insert(Tell("two", Axis(0), "something quite different"));
  const size_t before = embedder_.calls();
  EXPECT_EQ(Flagged(), "0");
  EXPECT_EQ(embedder_.calls(), before);
}

// A flood of answers that differ would keep a core busy for nothing but their embeddings.
TEST_F(ConflictsTest, AFloodOfInsertsTakesLittleTime) {
  for (int i = 0; i < 200; ++i) {
    Insert(Tell(absl::StrCat("q", i), Near(0, 0.9 + 0.0004 * i), absl::StrCat("answer", i)));
  }
  embedder_.Take(absl::Milliseconds(5), &clock_);
  const MonotonicTime before = clock_.Monotonic();
  cache_->FlagConflicts();
  EXPECT_GT(clock_.Monotonic() - before, absl::Milliseconds(5));
  cache_->FlagConflicts();  // the rest was left out
  EXPECT_LE(clock_.Monotonic() - before, absl::Milliseconds(30));
}

}  // namespace
}  // namespace semcached
