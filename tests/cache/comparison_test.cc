// What the running cache finds out of place, and puts there.

#include <absl/strings/str_cat.h>

#include "cache/cache_fixture.h"

namespace semcached {
namespace {

class ComparisonTest : public CacheTest {
 protected:
  // What is found out of place is looked at twice, so that nothing under way is taken for damage.
  void ComparePass() {
    for (int i = 0; i < 8; ++i) cache_->CompareSome();
  }
  Document Stored(EntryId id) {
    const auto document = store_.Get(id);
    EXPECT_TRUE(document.ok()) << document.status();
    return document.value_or(Document());
  }
  void Plant(const Document& document) {
    EXPECT_TRUE(store_.Put(document, Durability::kProcess).ok());
  }
  void Lose(EntryId id) { EXPECT_TRUE(store_.Erase({&id, 1}).ok()); }
  // Of all directions.
  std::string AllRepaired() {
    return absl::StrCat(Repaired("index_without_document"), " ", Repaired("document_without_index"),
                        " ", Repaired("index_of_another"));
  }
  size_t EntriesInMemory() {
    return static_cast<size_t>(cache_->Stats().categories.at("code").entries);
  }
};

TEST_F(ComparisonTest, FindsNothingWhereNothingIsWrong) {
  for (int i = 0; i < 200; ++i) Insert(Tell(absl::StrCat("q", i), Axis(i % 8), "a"));
  Insert(Tell("only text", {}, "b"));
  EXPECT_TRUE(cache_->Delete(Insert(Tell("deleted", Axis(0), "c")).entry_id).ok());
  Insert(Tell("q7", Axis(7), "replaced"));
  ComparePass();
  EXPECT_EQ(AllRepaired(), "0 0 0");
  EXPECT_EQ(EntriesInMemory(), 201U);
  EXPECT_EQ(Answer(Ask("q7", Axis(7))), "exact:replaced");
}

TEST_F(ComparisonTest, ComparesNothingUntilTheStoreIsRead) {
  Insert(Tell("q", Axis(0), "a"));
  Start();
  ComparePass();
  EXPECT_EQ(Value("semcached_compared_entries_total"), "0");
  EXPECT_EQ(EntriesInMemory(), 0U);
}

TEST_F(ComparisonTest, AnEntryWhoseDocumentIsGoneLeavesMemory) {
  Insert(Tell("kept", Axis(0), "a"));
  Lose(Insert(Tell("lost", Axis(1), "b")).entry_id);
  ComparePass();
  EXPECT_EQ(EntriesInMemory(), 1U);
  EXPECT_EQ(AllRepaired(), "1 0 0");
  EXPECT_EQ(Answer(Ask("lost", Axis(1))), "miss:below_threshold");
}

TEST_F(ComparisonTest, ADamagedDocumentIsErased) {
  const EntryId id = Insert(Tell("q", Axis(0), "a")).entry_id;
  store_.Damage(id);
  ComparePass();
  EXPECT_EQ(EntriesInMemory(), 0U);
  EXPECT_FALSE(store_.Contains(id));
}

// As after an insert that was answered with an error, and yet was written.
TEST_F(ComparisonTest, ADocumentWithoutItsPlaceGetsOne) {
  Document document = Stored(Insert(Tell("q", Axis(0), "a")).entry_id);
  ASSERT_TRUE(cache_->Delete(document.entry.id).ok());
  Plant(document);
  EXPECT_EQ(Answer(Ask("q", Axis(0))), "miss:no_candidate");
  ComparePass();
  EXPECT_EQ(Answer(Ask("q")), "exact:a");
  EXPECT_EQ(Answer(Ask("other words", Axis(0))), "semantic:a");
  EXPECT_EQ(AllRepaired(), "0 1 0");
}

TEST_F(ComparisonTest, ADocumentPastItsTimeIsErased) {
  Document document = Stored(Insert(Tell("q", Axis(0), "a")).entry_id);
  ASSERT_TRUE(cache_->Delete(document.entry.id).ok());
  Advance(absl::Hours(2));
  Plant(document);
  ComparePass();
  EXPECT_FALSE(store_.Contains(document.entry.id));
  EXPECT_EQ(EntriesInMemory(), 0U);
}

TEST_F(ComparisonTest, AVectorThatIsAnothersIsPutRight) {
  Document one = Stored(Insert(Tell("one", Axis(0), "1")).entry_id);
  Document two = Stored(Insert(Tell("two", Axis(1), "2")).entry_id);
  std::swap(one.entry.embedding, two.entry.embedding);
  Plant(one);
  Plant(two);
  EXPECT_EQ(Answer(Ask("other words", Axis(0))).substr(0, 4), "miss");
  ComparePass();
  EXPECT_EQ(Answer(Ask("other words", Axis(0))), "semantic:2");
  EXPECT_EQ(Answer(Ask("other words", Axis(1))), "semantic:1");
  EXPECT_EQ(AllRepaired(), "0 0 2");
  EXPECT_EQ(EntriesInMemory(), 2U);
}

TEST_F(ComparisonTest, AnEntryOfAnotherScopeMovesThere) {
  Document document = Stored(Insert(Tell("q", Axis(0), "a")).entry_id);
  document.entry.scope.namespace_name = "globex";
  const InsertRequest there = Tell("q", Axis(0), "a", "globex");
  document.entry.exact_key = Stored(Insert(there).entry_id).entry.exact_key;
  Lose(Lookup(Ask("q", Axis(0), "globex")).entry_id);
  Plant(document);
  ComparePass();
  EXPECT_EQ(Answer(Ask("q", Axis(0))), "miss:no_candidate");
  EXPECT_EQ(Answer(Ask("q", Axis(0), "globex")), "exact:a");
}

TEST_F(ComparisonTest, WhatTheStoreWouldNotEraseDoesNotComeBack) {
  const EntryId id = Insert(Tell("q", Axis(0), "a")).entry_id;
  store_.FailWrites(1, absl::UnavailableError("broken"));
  EXPECT_FALSE(cache_->Delete(id).ok());
  ComparePass();
  EXPECT_EQ(Answer(Ask("q", Axis(0))), "miss:no_candidate");
}

TEST_F(ComparisonTest, AStoreThatCannotBeReadCostsNoEntry) {
  for (int i = 0; i < 8; ++i) Insert(Tell(absl::StrCat("q", i), Axis(i), "a"));
  store_.FailReads(100, absl::UnavailableError("broken"));
  ComparePass();
  EXPECT_EQ(EntriesInMemory(), 8U);
}

// The age of an entry of this run was taken for that of the process, and the entry erased.
TEST_F(ComparisonTest, AnEntryThatIsPutRightKeepsItsAge) {
  Advance(absl::Hours(100));
  Document one = Stored(Insert(Tell("one", Axis(0), "1")).entry_id);
  Document two = Stored(Insert(Tell("two", Axis(1), "2")).entry_id);
  Advance(absl::Minutes(50));
  std::swap(one.entry.embedding, two.entry.embedding);
  Plant(one);
  Plant(two);
  ComparePass();
  EXPECT_EQ(AllRepaired(), "0 0 2");
  EXPECT_EQ(Answer(Ask("other words", Axis(0))), "semantic:2");
  Advance(absl::Minutes(11));
  EXPECT_EQ(Answer(Ask("one")), "miss:expired");
}

// An index that starts anew is filled by the recovery; what that has not reached is not damage.
TEST_F(ComparisonTest, NothingIsRepairedBesideAReload) {
  Advance(absl::Hours(100));
  for (int i = 0; i < 8; ++i) Insert(Tell(absl::StrCat("q", i), Axis(i), "a"));
  Policy("code").index.m = 8;
  Reload();
  ComparePass();
  EXPECT_EQ(AllRepaired(), "0 0 0");
  EXPECT_EQ(EntriesInMemory(), 8U);
}

// A pass reaches everything, however many entries and categories there are.
TEST_F(ComparisonTest, APassReachesEveryEntryOfEveryCategory) {
  std::vector<EntryId> lost;
  std::vector<Document> unplaced;
  for (int i = 0; i < 500; ++i) {
    InsertRequest insert = Tell(absl::StrCat("q", i), Axis(i % 8), "a");
    insert.category = i % 2 == 0 ? "code" : "chat";
    const EntryId id = Insert(insert).entry_id;
    if (i % 50 < 2) lost.push_back(id);
    if (i % 50 > 47) unplaced.push_back(Stored(id));
  }
  for (const EntryId id : lost) Lose(id);
  for (const Document& document : unplaced) {
    ASSERT_TRUE(cache_->Delete(document.entry.id).ok());
    Plant(document);
  }
  for (int i = 0; i < 20; ++i) cache_->CompareSome();
  EXPECT_EQ(AllRepaired(), "20 20 0");
}

}  // namespace
}  // namespace semcached
