#include "semcached/config/watcher.h"

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <string>

#include "semcached/base/mutex.h"
#include "support/temp_dir.h"

namespace semcached {
namespace {

namespace fs = std::filesystem;

// Counts changes, and lets a test wait for one.
class Changes {
 public:
  void Add() {
    MutexLock lock(&mutex_);
    ++count_;
    changed_.SignalAll();
  }

  int count() const {
    MutexLock lock(&mutex_);
    return count_;
  }

  // False if that many have not come long before the watcher's own poll of 30 seconds.
  bool WaitFor(int count) {
    const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(15);
    MutexLock lock(&mutex_);
    while (count_ < count) {
      const auto left = give_up - std::chrono::steady_clock::now();
      if (left <= left.zero()) return false;
      changed_.WaitFor(&mutex_, left);
    }
    return true;
  }

 private:
  mutable Mutex mutex_;
  CondVar changed_;
  int count_ ABSL_GUARDED_BY(mutex_) = 0;
};

class DirectoryWatcherTest : public testing::Test {
 protected:
  DirectoryWatcherTest() { directory_.Write("code.yaml", "one"); }

  void ReplaceByRename(const std::string& name, const std::string& content) {
    directory_.Write(".new", content);
    fs::rename(directory_ / ".new", directory_ / name);
  }

  const TempDir directory_;
  Changes changes_;
};

TEST_F(DirectoryWatcherTest, ARenameInPlaceIsOneChange) {
  DirectoryWatcher watcher(directory_.path(), [this] { changes_.Add(); });
  EXPECT_FALSE(watcher.Poll());
  ReplaceByRename("code.yaml", "two");
  EXPECT_TRUE(watcher.Poll());
  EXPECT_FALSE(watcher.Poll());
  EXPECT_EQ(changes_.count(), 1);
}

TEST_F(DirectoryWatcherTest, ATouchAndTheSameContentAreNoChange) {
  DirectoryWatcher watcher(directory_.path(), [this] { changes_.Add(); });
  fs::last_write_time(directory_ / "code.yaml", fs::file_time_type::clock::now());
  ReplaceByRename("code.yaml", "one");
  directory_.Write("notes.txt", "not a category");
  directory_.Write(".hidden.yaml", "not a category");
  EXPECT_FALSE(watcher.Poll());
  EXPECT_EQ(changes_.count(), 0);
}

TEST_F(DirectoryWatcherTest, FilesThatComeAndGoAreChanges) {
  DirectoryWatcher watcher(directory_.path(), [this] { changes_.Add(); });
  directory_.Write("math.yaml", "one");
  EXPECT_TRUE(watcher.Poll());
  fs::rename(directory_ / "math.yaml", directory_ / "maths.yaml");
  EXPECT_TRUE(watcher.Poll());
  fs::remove(directory_ / "maths.yaml");
  EXPECT_TRUE(watcher.Poll());
  fs::remove_all(directory_.path());
  EXPECT_TRUE(watcher.Poll());
  EXPECT_FALSE(watcher.Poll());
  EXPECT_EQ(changes_.count(), 4);
}

// A mounted ConfigMap: code.yaml -> ..data/code.yaml, ..data -> ..2026_01_01, swapped by a rename.
class ConfigMapTest : public DirectoryWatcherTest {
 protected:
  ConfigMapTest() {
    fs::remove(directory_ / "code.yaml");
    directory_.Write("..2026_01_01/code.yaml", "one");
    fs::create_directory_symlink("..2026_01_01", directory_ / "..data");
    fs::create_symlink("..data/code.yaml", directory_ / "code.yaml");
  }

  void Swap(const std::string& content) {
    directory_.Write("..2026_01_02/code.yaml", content);
    fs::create_directory_symlink("..2026_01_02", directory_ / "..data_tmp");
    fs::rename(directory_ / "..data_tmp", directory_ / "..data");
    fs::remove_all(directory_ / "..2026_01_01");
  }
};

TEST_F(ConfigMapTest, ASwapOfDataIsOneChange) {
  DirectoryWatcher watcher(directory_.path(), [this] { changes_.Add(); });
  Swap("two");
  EXPECT_TRUE(watcher.Poll());
  EXPECT_FALSE(watcher.Poll());
}

TEST_F(ConfigMapTest, ASwapToTheSameContentIsNoChange) {
  DirectoryWatcher watcher(directory_.path(), [this] { changes_.Add(); });
  Swap("one");
  EXPECT_FALSE(watcher.Poll());
}

TEST_F(ConfigMapTest, ASwapWakesTheThread) {
  DirectoryWatcher watcher(directory_.path(), [this] { changes_.Add(); });
  watcher.Start();
  Swap("two");
  EXPECT_TRUE(changes_.WaitFor(1));
}

TEST_F(DirectoryWatcherTest, ARenameWakesTheThreadEachTime) {
  DirectoryWatcher watcher(directory_.path(), [this] { changes_.Add(); });
  watcher.Start();
  ReplaceByRename("code.yaml", "two");
  EXPECT_TRUE(changes_.WaitFor(1));
  ReplaceByRename("code.yaml", "three");
  EXPECT_TRUE(changes_.WaitFor(2));
  watcher.Stop();
  ReplaceByRename("code.yaml", "four");
  EXPECT_EQ(changes_.count(), 2);
}

TEST_F(DirectoryWatcherTest, StartsAgainAfterAStopAndSeesWhatItMissed) {
  DirectoryWatcher watcher(directory_.path(), [this] { changes_.Add(); });
  watcher.Start();
  watcher.Stop();
  ReplaceByRename("code.yaml", "two");
  watcher.Start();
  EXPECT_TRUE(changes_.WaitFor(1));
}

TEST_F(DirectoryWatcherTest, PollAndThreadTogetherTellAChangeOnce) {
  DirectoryWatcher watcher(directory_.path(), [this] { changes_.Add(); });
  watcher.Start();
  for (int round = 1; round <= 20; ++round) {
    ReplaceByRename("code.yaml", "round " + std::to_string(round));
    watcher.Poll();
    ASSERT_TRUE(changes_.WaitFor(round));
    ASSERT_EQ(changes_.count(), round);
  }
}

}  // namespace
}  // namespace semcached
