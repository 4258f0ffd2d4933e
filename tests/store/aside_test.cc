// A store that cannot be opened does not keep the cache from starting.
#include "store/aside.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>
#include <utility>

#include "semcached/store/document_store.h"
#include "store/documents.h"
#include "support/temp_dir.h"

namespace semcached {
namespace {

using ::testing::HasSubstr;

class AsideTest : public ::testing::Test {
 protected:
  absl::StatusOr<std::unique_ptr<DocumentStore>> TryOpen(bool move_aside) {
    StoreOptions options;
    options.path = path();
    options.move_damaged_aside = move_aside;
    options.on_moved_aside = [this](const absl::Status& why) { moved_because_ = why; };
    return OpenRocksDbStore(options);
  }
  std::unique_ptr<DocumentStore> Open(bool move_aside = true) {
    auto store = TryOpen(move_aside);
    EXPECT_TRUE(store.ok()) << store.status();
    return store.ok() ? *std::move(store) : nullptr;
  }
  void Fill(EntryId id) {
    const auto store = Open();
    ASSERT_TRUE(store->Put(MakeDocument(id), Durability::kProcess).ok());
    ASSERT_TRUE(store->Flush().ok());
  }
  void Damage() { std::filesystem::resize_file(path() + "/CURRENT", 3); }
  bool MovedAside() const { return !moved_because_.ok(); }
  bool Exists(const std::string& file) const {
    return std::filesystem::exists(path() + "/" + file);
  }
  std::string path() const { return directory_ / "store"; }

  TempDir directory_;
  absl::Status moved_because_;
};

TEST_F(AsideTest, ADamagedStoreIsKeptAsideAndAnEmptyOneServes) {
  Fill(1);
  Damage();
  const auto store = Open();
  EXPECT_TRUE(absl::IsDataLoss(moved_because_)) << moved_because_;
  EXPECT_TRUE(Exists("damaged/CURRENT"));
  EXPECT_TRUE(absl::IsNotFound(store->Get(1).status()));
  EXPECT_TRUE(store->Put(MakeDocument(2), Durability::kProcess).ok());
}

TEST_F(AsideTest, OneIsKeptTheLast) {
  for (EntryId id = 1; id <= 3; ++id) {
    Fill(id);
    Damage();
    Open();
  }
  EXPECT_TRUE(Exists("damaged"));
  EXPECT_FALSE(Exists("damaged.moving"));
  std::filesystem::rename(path() + "/damaged", path() + "/mended");
  EXPECT_FALSE(Exists("mended/damaged"));
}

TEST_F(AsideTest, StrictMeansRefusedAndUntouched) {
  Fill(1);
  Damage();
  EXPECT_TRUE(absl::IsDataLoss(TryOpen(false).status()));
  EXPECT_FALSE(MovedAside());
  EXPECT_FALSE(Exists("damaged"));
}

TEST_F(AsideTest, WhatIsNotTheDatabasesStays) {
  Fill(1);
  directory_.Write("store/examples.vectors", "of the classifier");
  Damage();
  Open();
  EXPECT_TRUE(Exists("examples.vectors"));
  EXPECT_FALSE(Exists("damaged/examples.vectors"));
}

TEST_F(AsideTest, AHalfDoneMoveIsFinished) {
  Fill(1);
  Damage();
  // Killed between two files.
  std::filesystem::create_directory(path() + "/damaged.moving");
  std::filesystem::rename(path() + "/IDENTITY", path() + "/damaged.moving/IDENTITY");
  Open();
  EXPECT_TRUE(Exists("damaged/IDENTITY"));
  EXPECT_TRUE(Exists("damaged/CURRENT"));
  EXPECT_FALSE(Exists("damaged.moving"));
}

TEST_F(AsideTest, AnOpeningThatWasKilledOnceIsTriedAgain) {
  Fill(1);
  OpeningMark(path()).Set();  // and then the process was gone
  const auto store = Open();
  EXPECT_FALSE(MovedAside());
  EXPECT_TRUE(store->Get(1).ok());
  EXPECT_FALSE(Exists("opening"));
}

TEST_F(AsideTest, AStoreWhoseOpeningEndsTheProcessAgainIsMovedAside) {
  Fill(1);
  OpeningMark(path()).Set();
  OpeningMark(path()).Set();
  const auto store = Open();
  EXPECT_THAT(std::string(moved_because_.message()), HasSubstr("ended their process"));
  EXPECT_TRUE(absl::IsNotFound(store->Get(1).status()));
  EXPECT_FALSE(Exists("opening"));
}

TEST_F(AsideTest, StrictMeansThatAnOpeningIsTriedHoweverOftenItWasKilled) {
  Fill(1);
  for (int i = 0; i < 5; ++i) OpeningMark(path()).Set();
  const auto store = Open(false);
  EXPECT_TRUE(store->Get(1).ok());
}

TEST_F(AsideTest, AMoveThatWasKilledAtItsEndIsToldOf) {
  Fill(1);
  Damage();
  Open();
  std::filesystem::rename(path() + "/damaged", path() + "/damaged.moving");
  moved_because_ = absl::OkStatus();
  Open();
  EXPECT_TRUE(MovedAside());
  EXPECT_TRUE(Exists("damaged"));
}

TEST_F(AsideTest, AStoreThatAnotherProcessHasIsNobodysToMove) {
  const auto store = Open();
  EXPECT_TRUE(absl::IsFailedPrecondition(TryOpen(true).status()));
  EXPECT_FALSE(MovedAside());
}

}  // namespace
}  // namespace semcached
