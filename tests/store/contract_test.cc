// What every DocumentStore does: RocksDB, and the fake that other rooms test with.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <limits>
#include <memory>
#include <string>
#include <thread>
#include <type_traits>
#include <vector>

#include "semcached/base/sanitizer.h"
#include "semcached/store/document_store.h"
#include "store/documents.h"
#include "support/fake_document_store.h"
#include "support/temp_dir.h"

namespace semcached {
namespace {

using ::std::string_literals::operator""s;
using ::testing::UnorderedElementsAre;
using ::testing::UnorderedElementsAreArray;

struct FakeKind {
  std::unique_ptr<DocumentStore> Open() { return std::make_unique<FakeDocumentStore>(); }
};
struct RocksDbKind {
  std::unique_ptr<DocumentStore> Open() {
    auto store = OpenRocksDbStore({.path = directory / "store"});
    EXPECT_TRUE(store.ok()) << store.status();
    return *std::move(store);
  }
  TempDir directory;
};

template <typename Kind>
class DocumentStoreContract : public ::testing::Test {
 protected:
  void Put(const Document& document, Durability durability = Durability::kProcess) {
    const auto bytes = store().Put(document, durability);
    ASSERT_TRUE(bytes.ok()) << bytes.status();
    const auto got = store().Get(document.entry.id);
    ASSERT_TRUE(got.ok()) << got.status();
    EXPECT_TRUE(SameDocument(*got, document));
    EXPECT_EQ(got->entry.disk_bytes, *bytes);
    EXPECT_GE(*bytes, document.response.body.size());
    const auto answer = store().GetAnswer(document.entry.id);
    ASSERT_TRUE(answer.ok()) << answer.status();
    Document light = document;
    light.entry.embedding = {};
    light.entry.tags.clear();
    light.entry.source.clear();
    EXPECT_TRUE(SameDocument(*answer, light));
  }
  std::vector<EntryId> Ids() {
    std::vector<EntryId> ids;
    for (const auto& [id, record] : ScanAll(store()).first) ids.push_back(id);
    return ids;
  }
  absl::StatusCode GetCode(EntryId id) {
    const absl::StatusCode code = store().Get(id).status().code();
    EXPECT_EQ(store().GetAnswer(id).status().code(), code);
    return code;
  }
  DocumentStore& store() { return *store_; }

 private:
  Kind kind_;
  std::unique_ptr<DocumentStore> store_ = kind_.Open();
};

using Kinds = ::testing::Types<FakeKind, RocksDbKind>;
TYPED_TEST_SUITE(DocumentStoreContract, Kinds);

TYPED_TEST(DocumentStoreContract, UnknownIsNotFound) {
  EXPECT_EQ(this->GetCode(7), absl::StatusCode::kNotFound);
}

TYPED_TEST(DocumentStoreContract, GivesBackWhatWasPutAtEveryDurability) {
  this->Put(MakeDocument(1), Durability::kMemory);
  this->Put(MakeDocument(2), Durability::kProcess);
  this->Put(MakeDocument(3), Durability::kDurable);
  EXPECT_THAT(this->Ids(), UnorderedElementsAre(1, 2, 3));
}

TYPED_TEST(DocumentStoreContract, KeepsEveryByte) {
  Document document = MakeDocument(~EntryId{0});
  document.query = "nul \0 inside, \xff and gr\xc3\xbc\xc3\x9f dich"s;
  document.response.body = "\0\0\0"s;
  document.response.metadata = {{"", ""}, {"cost", "0.1"}, {"\0"s, "\xf0\x9f\x98\x80"}};
  document.entry.tags = {"", "a", "a"};
  document.entry.source = "gateway";
  document.entry.ttl = absl::Nanoseconds(1);
  this->Put(document);
}

TYPED_TEST(DocumentStoreContract, TakesAnEntryOfNothing) {
  Document document;
  document.entry.id = 1;
  document.entry.insert_time = absl::UnixEpoch();
  this->Put(document);
  document.query = "";  // an empty text is not an absent one
  this->Put(document);
}

TYPED_TEST(DocumentStoreContract, KeepsAQueryOrATextForGuardsAndNeverBoth) {
  Document document = MakeDocument(1);
  document.query.reset();
  document.guard_text = "how to zbcdx";
  this->Put(document);
  document.guard_text = "";
  this->Put(document);
  document.query = "how to sing";
  EXPECT_EQ(this->store().Put(document, Durability::kProcess).status().code(),
            absl::StatusCode::kInvalidArgument);
}

TYPED_TEST(DocumentStoreContract, TakesALargeBodyAndTheLargestVector) {
  this->Put(MakeDocument(1, 256 << 10, 4096));
}

TYPED_TEST(DocumentStoreContract, RefusesALargerVector) {
  EXPECT_EQ(this->store().Put(MakeDocument(1, 10, 4097), Durability::kProcess).status().code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(this->GetCode(1), absl::StatusCode::kNotFound);
}

TYPED_TEST(DocumentStoreContract, ErasesOnlyWhatIsNamed) {
  for (EntryId id = 1; id <= 4; ++id) this->Put(MakeDocument(id));
  EXPECT_TRUE(this->store().Erase({1, 3, 99}).ok());
  EXPECT_TRUE(this->store().Erase({}).ok());
  EXPECT_EQ(this->GetCode(1), absl::StatusCode::kNotFound);
  EXPECT_THAT(this->Ids(), UnorderedElementsAre(2, 4));
}

TYPED_TEST(DocumentStoreContract, PutOfAKnownIdReplaces) {
  this->Put(MakeDocument(1, 100));
  Document other = MakeDocument(1, 500);
  other.entry.category = "medical";
  this->Put(other);
  EXPECT_THAT(this->Ids(), UnorderedElementsAre(1));
}

TYPED_TEST(DocumentStoreContract, ScanGivesWholeRecordsAndStopsWhenTold) {
  for (EntryId id = 1; id <= 50; ++id) this->Put(MakeDocument(id * 1'000'003));
  const auto [found, report] = ScanAll(this->store());
  ASSERT_TRUE(report.ok());
  EXPECT_EQ(report->entries, 50);
  EXPECT_TRUE(report->dropped.empty());
  ASSERT_EQ(found.size(), 50U);
  for (const auto& [id, record] : found) {
    EXPECT_TRUE(SameEntry(record, MakeDocument(id).entry));
    EXPECT_EQ(record.disk_bytes, this->store().Get(id)->entry.disk_bytes);
  }
  int visits = 0;
  EXPECT_EQ(
      this->store().Scan(IdRange(), [&](const EntryRecord&) { return ++visits < 3; })->entries, 3);
  EXPECT_EQ(visits, 3);
}

TYPED_TEST(DocumentStoreContract, RangesTogetherGiveEveryRecordOnce) {
  constexpr EntryId kLast = std::numeric_limits<EntryId>::max();
  std::vector<EntryId> ids = {0, 1, kLast / 2, kLast - 1, kLast};
  for (EntryId id = 1; id <= 50; ++id) ids.push_back(id * (kLast / 53));
  for (const EntryId id : ids) this->Put(MakeDocument(id));
  for (const size_t count : {1, 2, 3, 7}) {
    std::vector<EntryId> seen;
    for (const IdRange& range : SplitIds(count)) {
      const auto report = this->store().Scan(range, [&](const EntryRecord& record) {
        EXPECT_LE(range.first, record.id);
        EXPECT_GE(range.last, record.id);
        seen.push_back(record.id);
        return true;
      });
      ASSERT_TRUE(report.ok());
    }
    EXPECT_THAT(seen, UnorderedElementsAreArray(ids)) << count << " ranges";
  }
}

TYPED_TEST(DocumentStoreContract, CompactionDropsWhatTheRuleSays) {
  for (EntryId id = 1; id <= 10; ++id) {
    Document document = MakeDocument(id);
    document.entry.category = id % 2 == 0 ? "stock-quotes" : "code";
    if (id <= 4) document.entry.ttl = absl::Seconds(1);
    this->Put(document);
  }
  ASSERT_TRUE(this->store().Compact().ok());
  EXPECT_EQ(this->Ids().size(), 10U);  // no rule, no loss
  this->store().SetExpiryRule([](std::string_view category, absl::Time insert_time, auto ttl) {
    return category == "stock-quotes" && ttl.has_value() &&
           insert_time == MakeDocument(1).entry.insert_time;
  });
  ASSERT_TRUE(this->store().Compact().ok());
  EXPECT_THAT(this->Ids(), UnorderedElementsAre(1, 3, 5, 6, 7, 8, 9, 10));
  EXPECT_EQ(this->GetCode(2), absl::StatusCode::kNotFound);
  EXPECT_EQ(this->GetCode(1), absl::StatusCode::kOk);
}

TYPED_TEST(DocumentStoreContract, FlushKeepsAndSizesGrow) {
  const int64_t before = this->store().DiskBytes();
  for (EntryId id = 1; id <= 20; ++id) this->Put(MakeDocument(id, 10'000));
  EXPECT_TRUE(this->store().Flush().ok());
  EXPECT_GT(this->store().DiskBytes(), before + 100'000);
  EXPECT_GT(this->store().MemoryBytes(), 0);
  EXPECT_EQ(this->Ids().size(), 20U);
}

TYPED_TEST(DocumentStoreContract, TakesCallsFromManyThreads) {
#ifdef SEMCACHED_THREAD_SANITIZER
  // RocksDB's packaged library is not instrumented: it frees on one thread what was allocated on
  // another, ThreadSanitizer does not see the hand-over, and the next owner of the memory, here the
  // test's own strings, seems to race with the last one.
  if (std::is_same_v<TypeParam, RocksDbKind>) GTEST_SKIP() << "false races through the allocator";
#endif
  constexpr EntryId kEach = 60;
  std::atomic<int> wrong = 0;
  std::vector<std::thread> threads;
  for (EntryId first : {1'000, 2'000}) {
    threads.emplace_back([&, first] {
      for (EntryId id = first; id < first + kEach; ++id) {
        if (!this->store().Put(MakeDocument(id), Durability::kProcess).ok()) ++wrong;
        if (id % 3 == 0 && !this->store().Erase({id}).ok()) ++wrong;
        const auto got = this->store().Get(id);
        if (got.ok() != (id % 3 != 0)) ++wrong;
        if (got.ok() && !SameDocument(*got, MakeDocument(id))) ++wrong;
      }
    });
  }
  threads.emplace_back([&] {
    for (int i = 0; i < 5; ++i) {
      this->store().SetExpiryRule([](auto...) { return false; });
      if (!ScanAll(this->store()).second.ok() || !this->store().Compact().ok()) ++wrong;
      this->store().DiskBytes();
      this->store().MemoryBytes();
    }
  });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(this->Ids().size(), 2 * kEach * 2 / 3);
}

TYPED_TEST(DocumentStoreContract, NotesAreKeptByKindAndKey) {
  const auto notes = [this](std::string_view kind) {
    std::vector<std::pair<std::string, std::string>> found;
    EXPECT_TRUE(
        this->store()
            .ForEachNote(kind, [&](std::string_view key,
                                   std::string_view value) { found.emplace_back(key, value); })
            .ok());
    return found;
  };
  using Notes = std::vector<std::pair<std::string, std::string>>;
  ASSERT_TRUE(this->store().PutNote("blocked", "a\0b"s, "1").ok());
  ASSERT_TRUE(this->store().PutNote("blocked", "a", "").ok());
  ASSERT_TRUE(this->store().PutNote("block", "eda", "of another kind").ok());
  ASSERT_TRUE(this->store().PutNote("blocked", "a", "2").ok());
  EXPECT_EQ(notes("blocked"), (Notes{{"a", "2"}, {"a\0b"s, "1"}}));
  EXPECT_EQ(notes("block"), (Notes{{"eda", "of another kind"}}));
  ASSERT_TRUE(this->store().EraseNote("blocked", "a").ok());
  ASSERT_TRUE(this->store().EraseNote("blocked", "never there").ok());
  EXPECT_EQ(notes("blocked"), (Notes{{"a\0b"s, "1"}}));
  EXPECT_TRUE(notes("unheard of").empty());
  EXPECT_EQ(ScanAll(this->store()).first.size(), 0u) << "a note is no entry";
}

TEST(FakeDocumentStore, FailsAsOftenAsAsked) {
  FakeDocumentStore store;
  ASSERT_TRUE(store.Put(MakeDocument(1), Durability::kProcess).ok());
  store.FailReads(2, absl::UnavailableError("disk"));
  EXPECT_TRUE(absl::IsUnavailable(store.Get(1).status()));
  EXPECT_TRUE(absl::IsUnavailable(store.Get(1).status()));
  EXPECT_TRUE(store.Get(1).ok());
  store.FailWrites(1, absl::UnavailableError("disk"));
  EXPECT_TRUE(absl::IsUnavailable(store.Erase({1})));
  EXPECT_TRUE(store.Contains(1));
  store.FailScans(1, absl::DataLossError("blocks"));
  EXPECT_TRUE(absl::IsDataLoss(ScanAll(store).second.status()));
  EXPECT_TRUE(ScanAll(store).second.ok());
}

TEST(FakeDocumentStore, DamageIsReportedUntilErased) {
  FakeDocumentStore store;
  ASSERT_TRUE(store.Put(MakeDocument(1), Durability::kProcess).ok());
  store.Damage(1);
  EXPECT_TRUE(absl::IsDataLoss(store.Get(1).status()));
  const auto report = ScanAll(store).second;
  EXPECT_EQ(report->dropped.at("crc"), 1);
  EXPECT_THAT(report->damaged, UnorderedElementsAre(1));
  ASSERT_TRUE(store.Erase({1}).ok());
  EXPECT_TRUE(absl::IsNotFound(store.Get(1).status()));
}

TEST(FakeDocumentStore, AFullDiskReadsOn) {
  FakeDocumentStore store;
  ASSERT_TRUE(store.Put(MakeDocument(1), Durability::kProcess).ok());
  store.FillDisk();
  EXPECT_TRUE(absl::IsResourceExhausted(store.Put(MakeDocument(2), Durability::kProcess).status()));
  EXPECT_TRUE(absl::IsResourceExhausted(store.Erase({1})));
  EXPECT_TRUE(store.Get(1).ok());
  store.FreeDisk();
  EXPECT_TRUE(store.Erase({1}).ok());
}

}  // namespace
}  // namespace semcached
