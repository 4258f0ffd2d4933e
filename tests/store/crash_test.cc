// Killed without warning: what was acknowledged is there, whole.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <optional>
#include <set>
#include <thread>
#include <vector>

#include "semcached/store/document_store.h"
#include "store/documents.h"
#include "support/temp_dir.h"

namespace semcached {
namespace {

constexpr char kDirectoryVariable[] = "SEMCACHED_CRASH_TEST_DIRECTORY";
constexpr EntryId kKillAt = 400;

EntryId Id(EntryId writer, EntryId i) { return writer << 32 | i; }

// Puts from two threads, writes down what is acknowledged, and kills itself in the middle of it.
void PutUntilKilled(const std::string& directory) {
  const auto store = OpenRocksDbStore({.path = directory + "/store"});
  if (!store.ok()) _exit(1);
  const int acknowledged =
      open((directory + "/acknowledged").c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  const auto put = [&](EntryId writer) {
    for (EntryId i = 1;; ++i) {
      const EntryId id = Id(writer, i);
      const auto durability = i % 50 == 0 ? Durability::kDurable : Durability::kProcess;
      if (!(*store)->Put(MakeDocument(id, 2000), durability).ok()) _exit(2);
      if (write(acknowledged, &id, sizeof(id)) != sizeof(id)) _exit(3);
      if (writer == 1 && i == kKillAt) kill(getpid(), SIGKILL);
    }
  };
  std::thread other(put, 2);
  put(1);
}

TEST(StoreCrashDeathTest, AcknowledgedEntriesSurviveSigkill) {
  // The child is this program started anew, so that it has RocksDB's threads; it learns from the
  // environment where its parent looks.
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  std::optional<TempDir> own;  // only the parent's, who lives to remove it
  if (std::getenv(kDirectoryVariable) == nullptr) {
    setenv(kDirectoryVariable, own.emplace().path().c_str(), /*overwrite=*/1);
  }
  const std::string directory = std::getenv(kDirectoryVariable);
  EXPECT_EXIT(PutUntilKilled(directory), testing::KilledBySignal(SIGKILL), "");
  unsetenv(kDirectoryVariable);

  std::set<EntryId> acknowledged;
  std::ifstream file(directory + "/acknowledged", std::ios::binary);
  for (EntryId id = 0; file.read(reinterpret_cast<char*>(&id), sizeof(id));) {
    acknowledged.insert(id);
  }
  ASSERT_GE(acknowledged.size(), kKillAt);

  const auto store = OpenRocksDbStore({.path = directory + "/store"});
  ASSERT_TRUE(store.ok()) << store.status();
  for (const EntryId id : acknowledged) {
    const auto got = (*store)->Get(id);
    ASSERT_TRUE(got.ok()) << id << ": " << got.status();
    ASSERT_TRUE(SameDocument(*got, MakeDocument(id, 2000)));
  }
  // At most one put of each writer was under way; what is there of it is whole.
  const auto [found, report] = ScanAll(**store);
  ASSERT_TRUE(report.ok());
  EXPECT_TRUE(report->dropped.empty());
  EXPECT_LE(found.size(), acknowledged.size() + 2);
  for (const auto& [id, record] : found) {
    const auto got = (*store)->Get(id);
    ASSERT_TRUE(got.ok()) << id << ": " << got.status();
    EXPECT_TRUE(SameDocument(*got, MakeDocument(id, 2000)));
  }
}

}  // namespace
}  // namespace semcached
