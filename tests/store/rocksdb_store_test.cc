// What only a store on disk does: it comes back, it is one process's, it lets go of what is erased.
#include <absl/strings/str_cat.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>

#include "semcached/store/document_store.h"
#include "store/documents.h"
#include "store/entry_codec.h"
#include "store/raw_store.h"
#include "support/temp_dir.h"

namespace semcached {
namespace {

using ::testing::HasSubstr;

class RocksDbStoreTest : public ::testing::Test {
 protected:
  void Open() {
    store_.reset();
    auto store = TryOpen();
    ASSERT_TRUE(store.ok()) << store.status();
    store_ = *std::move(store);
  }
  void Close() { store_.reset(); }
  absl::StatusOr<std::unique_ptr<DocumentStore>> TryOpen() const {
    return OpenRocksDbStore({.path = path()});
  }
  void Put(const Document& document, Durability durability = Durability::kProcess) {
    const auto bytes = store_->Put(document, durability);
    ASSERT_TRUE(bytes.ok()) << bytes.status();
  }
  bool Has(EntryId id) const {
    const auto got = store_->Get(id);
    return got.ok() && SameDocument(*got, MakeDocument(id));
  }
  // True if some file of the store holds `text`.
  bool OnDisk(const std::string& text) const {
    for (const auto& file : std::filesystem::directory_iterator(path())) {
      std::ifstream in(file.path(), std::ios::binary);
      const std::string bytes{std::istreambuf_iterator<char>(in), {}};
      if (bytes.find(text) != std::string::npos) return true;
    }
    return false;
  }
  std::string path() const { return directory_ / "deep/store"; }
  DocumentStore& store() { return *store_; }

 private:
  TempDir directory_;
  std::unique_ptr<DocumentStore> store_;
};

TEST_F(RocksDbStoreTest, ComesBackWithEntriesAndHashKey) {
  Open();
  const HashKey key = store().hash_key();
  EXPECT_NE(key, HashKey{});
  Put(MakeDocument(1), Durability::kProcess);
  Put(MakeDocument(2), Durability::kDurable);
  Open();
  EXPECT_TRUE(Has(1));
  EXPECT_TRUE(Has(2));
  EXPECT_EQ(store().hash_key(), key);
  EXPECT_EQ(ScanAll(store()).first.size(), 2U);
}

TEST_F(RocksDbStoreTest, ComesBackWithItsNotes) {
  Open();
  ASSERT_TRUE(store().PutNote("blocked", "pair", "wrong").ok());
  Open();
  std::string found;
  ASSERT_TRUE(store()
                  .ForEachNote("blocked",
                               [&](std::string_view key, std::string_view value) {
                                 found += std::string(key) + "=" + std::string(value);
                               })
                  .ok());
  EXPECT_EQ(found, "pair=wrong");
}

TEST_F(RocksDbStoreTest, TwoStoresHaveTwoHashKeys) {
  Open();
  TempDir other;
  const auto second = OpenRocksDbStore({.path = other.path()});
  ASSERT_TRUE(second.ok());
  EXPECT_NE((*second)->hash_key(), store().hash_key());
}

TEST_F(RocksDbStoreTest, MakesItsDirectoryPrivate) {
  Open();
  for (const std::string& made : {path(), std::filesystem::path(path()).parent_path().string()}) {
    struct stat status {};
    ASSERT_EQ(stat(made.c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777, 0700U) << made;
  }
}

TEST_F(RocksDbStoreTest, ASecondOpenerIsToldWhichDirectory) {
  Open();
  const absl::Status status = TryOpen().status();
  EXPECT_TRUE(absl::IsFailedPrecondition(status)) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr(path()));
  Close();
  EXPECT_TRUE(TryOpen().ok());
}

// An exact hit is served as long as the half that it is checked by is whole.
TEST_F(RocksDbStoreTest, AnAnswerIsReadWithoutTheOtherHalf) {
  Open();
  Put(MakeDocument(1));
  Close();
  RawStore(path()).Delete(kEntryFamily, EncodeKey(1));
  Open();
  EXPECT_TRUE(absl::IsNotFound(store().Get(1).status()));
  const auto answer = store().GetAnswer(1);
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_EQ(answer->response.body, MakeDocument(1).response.body);
  EXPECT_EQ(answer->entry.scope, MakeDocument(1).entry.scope);
}

TEST_F(RocksDbStoreTest, RefusesAnotherFormatAndLeavesItAsItIs) {
  Open();
  Put(MakeDocument(1));
  Close();
  for (const int version : {kFormatVersion - 1, kFormatVersion + 1}) {
    std::string meta = EncodeMeta({});
    meta[0] = static_cast<char>(version);
    meta.resize(meta.size() - 4);
    const uint32_t crc = Crc32(meta);
    meta.append(reinterpret_cast<const char*>(&crc), sizeof(crc));
    RawStore(path()).Put(kDefaultFamily, "meta", meta);
    const absl::Status status = TryOpen().status();
    EXPECT_TRUE(absl::IsFailedPrecondition(status)) << status;
    EXPECT_THAT(std::string(status.message()), HasSubstr("export it with the program"));
    EXPECT_EQ(RawStore(path()).Get(kDefaultFamily, "meta"), meta);
  }
}

TEST_F(RocksDbStoreTest, RefusesDamageToItsOwnRecord) {
  Open();
  Put(MakeDocument(1));
  Close();
  RawStore(path()).Put(kDefaultFamily, "meta", "nonsense");
  EXPECT_TRUE(absl::IsDataLoss(TryOpen().status())) << TryOpen().status();
  RawStore(path()).Delete(kDefaultFamily, "meta");
  EXPECT_TRUE(absl::IsDataLoss(TryOpen().status())) << TryOpen().status();
}

TEST_F(RocksDbStoreTest, WithoutItsCurrentFileItIsDamagedAndNotNew) {
  Open();
  Put(MakeDocument(1));
  Close();
  std::filesystem::rename(path() + "/CURRENT", path() + "/kept");
  EXPECT_TRUE(absl::IsDataLoss(TryOpen().status())) << TryOpen().status();
  std::filesystem::rename(path() + "/kept", path() + "/CURRENT");
  Open();
  EXPECT_TRUE(Has(1));
}

TEST_F(RocksDbStoreTest, AMissingTableIsDataLoss) {
  Open();
  Put(MakeDocument(1));
  ASSERT_TRUE(store().Flush().ok());
  Close();
  const std::string table = RawStore(path()).Tables(kEntryFamily).at(0);
  std::filesystem::remove(table);
  EXPECT_TRUE(absl::IsDataLoss(TryOpen().status())) << TryOpen().status();
}

TEST_F(RocksDbStoreTest, WhatWasErasedLeavesTheDiskWithCompaction) {
  Open();
  Document secret = MakeDocument(1);
  secret.query = "JmQ8zXw0vBn3LkT5yRc7PdHs";
  Put(secret);
  Put(MakeDocument(2));
  EXPECT_TRUE(OnDisk(*secret.query));
  ASSERT_TRUE(store().Erase({1}).ok());
  ASSERT_TRUE(store().Compact().ok());
  EXPECT_FALSE(OnDisk(*secret.query));
  EXPECT_TRUE(Has(2));
}

TEST_F(RocksDbStoreTest, WhatHasExpiredLeavesTheDiskWithCompaction) {
  Open();
  Document secret = MakeDocument(1);
  secret.query = "JmQ8zXw0vBn3LkT5yRc7PdHs";
  secret.entry.ttl = absl::Seconds(1);
  Put(secret);
  Put(MakeDocument(2));
  store().SetExpiryRule([](auto, auto, auto ttl) { return ttl.has_value(); });
  ASSERT_TRUE(store().Compact().ok());
  EXPECT_FALSE(OnDisk(*secret.query));
  EXPECT_TRUE(Has(2));
  Open();
  EXPECT_EQ(ScanAll(store()).first.size(), 1U);
}

TEST_F(RocksDbStoreTest, DiskBytesCountTheLog) {
  Open();
  const int64_t before = store().DiskBytes();
  Put(MakeDocument(1, 100'000), Durability::kProcess);
  EXPECT_GE(store().DiskBytes(), before + 100'000);
}

TEST_F(RocksDbStoreTest, DiskBytesAreToldByPart) {
  Open();
  Document document = MakeDocument(1);
  document.response.body.clear();
  for (int i = 0; i < 25'000; ++i) absl::StrAppend(&document.response.body, i * 7919 % 10'007, ",");
  Put(document, Durability::kProcess);
  const auto logged = store().DiskBytesByPart();
  EXPECT_GE(logged.at("log"), 100'000);
  EXPECT_EQ(logged.at("responses"), 0);
  ASSERT_TRUE(store().Flush().ok());
  const auto flushed = store().DiskBytesByPart();
  EXPECT_GE(flushed.at("responses"), 10'000);
  EXPECT_GT(flushed.at("entries"), 0);
  EXPECT_GT(flushed.at("other"), 0);
}

}  // namespace
}  // namespace semcached
