// Damaged files cost entries, never truth.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <random>

#include "semcached/store/document_store.h"
#include "store/documents.h"
#include "store/entry_codec.h"
#include "store/raw_store.h"
#include "support/temp_dir.h"

namespace semcached {
namespace {

using ::testing::UnorderedElementsAre;

constexpr EntryId kSpread = 0x9e3779b97f4a7c15;  // odd: ids far apart, all different

class DamageTest : public ::testing::Test {
 protected:
  // A closed store of `count` entries in tables.
  void Fill(EntryId count, size_t body_bytes, size_t dimension) {
    auto store = OpenRocksDbStore({.path = path()});
    ASSERT_TRUE(store.ok()) << store.status();
    for (EntryId i = 1; i <= count; ++i) {
      documents_.push_back(MakeDocument(i * kSpread, body_bytes, dimension));
      ASSERT_TRUE((*store)->Put(documents_.back(), Durability::kMemory).ok());
    }
    ASSERT_TRUE((*store)->Flush().ok());
  }
  void Flip(const std::string& file, uint64_t position) {
    std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
    stream.seekg(static_cast<std::streamoff>(position));
    const char byte = static_cast<char>(stream.get() ^ (1 << random_() % 8));
    stream.seekp(static_cast<std::streamoff>(position));
    stream.put(byte);
    ASSERT_TRUE(stream.good());
  }
  std::string path() const { return directory_ / "store"; }

  TempDir directory_;
  std::vector<Document> documents_;
  std::mt19937_64 random_{[] {
    const uint64_t seed = std::random_device{}();
    std::cout << "seed " << seed << "\n";
    return seed;
  }()};
};

TEST_F(DamageTest, DamagedValuesAreReportedByReason) {
  Fill(5, 100, 8);
  const auto key = [](EntryId i) { return EncodeKey(i * kSpread); };
  {
    RawStore raw(path());
    std::string value = raw.Get(kEntryFamily, key(1));
    value[value.size() / 2] = static_cast<char>(value[value.size() / 2] ^ 1);
    raw.Put(kEntryFamily, key(1), value);
    raw.Put(kEntryFamily, key(2), raw.Get(kEntryFamily, key(3)));  // another entry's
    value = raw.Get(kResponseFamily, key(4));
    value.back() = static_cast<char>(value.back() ^ 1);
    raw.Put(kResponseFamily, key(4), value);
    raw.Put(kEntryFamily, "not a key", "");
  }
  const auto store = OpenRocksDbStore({.path = path()});
  ASSERT_TRUE(store.ok()) << store.status();
  for (const EntryId i : {1, 2, 4}) {
    EXPECT_TRUE(absl::IsDataLoss((*store)->Get(i * kSpread).status())) << i;
  }
  for (const EntryId i : {3, 5}) EXPECT_TRUE((*store)->Get(i * kSpread).ok()) << i;
  const auto [found, report] = ScanAll(**store);
  ASSERT_TRUE(report.ok());
  EXPECT_EQ(report->entries, 3);  // of 4 the entry is good; Get tells the rest
  EXPECT_THAT(report->dropped, UnorderedElementsAre(std::pair("crc", 1), std::pair("format", 2)));
  EXPECT_THAT(report->damaged, UnorderedElementsAre(kSpread, 2 * kSpread));

  // Compaction does not hide it; erasing ends it.
  (*store)->SetExpiryRule([](auto...) { return true; });
  ASSERT_TRUE((*store)->Compact().ok());
  EXPECT_EQ(ScanAll(**store).second->damaged.size(), 2U);
  ASSERT_TRUE((*store)->Erase(report->damaged).ok());
  EXPECT_TRUE(ScanAll(**store).second->damaged.empty());
}

TEST_F(DamageTest, HalfAnEntryIsNone) {
  Fill(2, 100, 8);
  RawStore(path()).Delete(kResponseFamily, EncodeKey(kSpread));
  RawStore(path()).Delete(kEntryFamily, EncodeKey(2 * kSpread));
  const auto store = OpenRocksDbStore({.path = path()});
  EXPECT_TRUE(absl::IsNotFound((*store)->Get(kSpread).status()));
  EXPECT_TRUE(absl::IsNotFound((*store)->Get(2 * kSpread).status()));
}

// A bit in the middle of a table of entries: RocksDB alone would end the scan there.
TEST_F(DamageTest, ScanGoesPastBadBlocks) {
  constexpr EntryId kCount = 3000;
  Fill(kCount, 10, 64);
  const std::string table = RawStore(path()).Tables(kEntryFamily).at(0);
  const uint64_t size = std::filesystem::file_size(table);
  for (const uint64_t tenth : {0, 2, 5, 6, 8}) Flip(table, 100 + size * tenth / 10);

  const auto store = OpenRocksDbStore({.path = path()});
  ASSERT_TRUE(store.ok()) << store.status();
  const auto [found, report] = ScanAll(**store);
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->dropped.at("block"), 5);
  // A block holds about ten entries of 4 KiB; nothing next to it is lost.
  EXPECT_GE(report->entries, static_cast<int64_t>(kCount - size_t{5} * 15));
  EXPECT_LT(report->entries, static_cast<int64_t>(kCount));
  int64_t readable = 0;
  for (const Document& document : documents_) {
    const auto got = (*store)->Get(document.entry.id);
    if (got.ok()) {
      EXPECT_TRUE(SameDocument(*got, document));
      ++readable;
    } else {
      EXPECT_TRUE(absl::IsDataLoss(got.status())) << got.status();
    }
    EXPECT_EQ(got.ok(), found.count(document.entry.id) > 0);
  }
  EXPECT_EQ(readable, report->entries);
}

TEST_F(DamageTest, OneFlippedBitNeverGivesAWrongDocument) {
  Fill(300, 300, 16);
  std::vector<std::string> tables;
  {
    RawStore raw(path());
    for (const ColumnFamily family : {kEntryFamily, kResponseFamily}) {
      for (const std::string& table : raw.Tables(family)) tables.push_back(table);
    }
  }
  const std::string pristine = directory_ / "pristine";
  std::filesystem::copy(path(), pristine, std::filesystem::copy_options::recursive);
  int refused = 0;
  int lost = 0;
  constexpr int kTrials = 60;
  for (int trial = 0; trial < kTrials; ++trial) {
    std::filesystem::remove_all(path());
    std::filesystem::copy(pristine, path(), std::filesystem::copy_options::recursive);
    const std::string& table = tables[trial % tables.size()];
    const uint64_t position = random_() % std::filesystem::file_size(table);
    SCOPED_TRACE(testing::Message() << table << " at " << position);
    Flip(table, position);
    const auto store = OpenRocksDbStore({.path = path()});
    if (!store.ok()) {
      EXPECT_TRUE(absl::IsDataLoss(store.status())) << store.status();
      ++refused;
      continue;
    }
    for (const Document& document : documents_) {
      const auto got = (*store)->Get(document.entry.id);
      if (got.ok()) {
        EXPECT_TRUE(SameDocument(*got, document));
      } else {
        EXPECT_TRUE(absl::IsDataLoss(got.status())) << got.status();
        ++lost;
      }
    }
    const auto [found, report] = ScanAll(**store);
    if (!report.ok()) continue;
    EXPECT_EQ(report->entries, static_cast<int64_t>(found.size()));
    for (const Document& document : documents_) {
      const auto it = found.find(document.entry.id);
      EXPECT_TRUE(it == found.end() || SameEntry(it->second, document.entry));
    }
  }
  std::cout << refused << " of " << kTrials << " refused, " << lost << " entries lost\n";
  EXPECT_LT(refused, kTrials);
  EXPECT_GT(refused + lost, 0);  // else nothing was damaged
}

}  // namespace
}  // namespace semcached
