// A file is whole or is not read, wherever a disk has damaged it.
#include "semcached/base/checked_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>

#include "support/temp_dir.h"

namespace semcached {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

constexpr std::string_view kMagic = "things 1\n";

class CheckedFileTest : public ::testing::Test {
 protected:
  absl::StatusOr<std::string> Read() const { return ReadCheckedFile(path_, kMagic); }
  absl::Status Write(std::string_view content) const {
    return WriteCheckedFile(path_, kMagic, content);
  }
  std::string Bytes() const {
    std::ifstream in(path_, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  void SetBytes(const std::string& bytes) const {
    std::ofstream(path_, std::ios::binary | std::ios::trunc) << bytes;
  }

  static rlimit SetLargestFile(rlim_t bytes) {
    rlimit former = {};
    getrlimit(RLIMIT_FSIZE, &former);
    const rlimit lower = {bytes, former.rlim_max};
    setrlimit(RLIMIT_FSIZE, &lower);
    return former;
  }

  const TempDir directory_;
  const std::string path_ = directory_ / "thing";
};

TEST_F(CheckedFileTest, WhatIsWrittenIsRead) {
  std::string several(size_t{3 << 20}, 'x');
  several[1 << 20] = 'y';
  several.append("and a rest");
  for (const std::string& content : {std::string(), std::string("a"), std::string(1 << 20, 'b'),
                                     std::string("\0\n\0", 3), several}) {
    ASSERT_TRUE(Write(content).ok());
    const auto read = Read();
    ASSERT_TRUE(read.ok()) << read.status();
    EXPECT_TRUE(*read == content) << content.size();
  }
}

TEST_F(CheckedFileTest, IsItsOwnersAloneAndLeavesNothingBeside) {
  ASSERT_TRUE(Write("content").ok());
  struct stat status {};
  ASSERT_EQ(stat(path_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600);
  EXPECT_EQ(std::distance(fs::directory_iterator(fs::path(path_).parent_path()),
                          fs::directory_iterator()),
            1);
}

TEST_F(CheckedFileTest, NoFileIsNotFound) { EXPECT_TRUE(absl::IsNotFound(Read().status())); }

TEST_F(CheckedFileTest, AnotherFormatIsToldFromDamage) {
  ASSERT_TRUE(WriteCheckedFile(path_, "things 2\n", "content").ok());
  EXPECT_TRUE(absl::IsFailedPrecondition(Read().status()));
}

TEST_F(CheckedFileTest, EachFlippedBitIsNoticed) {
  ASSERT_TRUE(Write("some content").ok());
  const std::string whole = Bytes();
  for (size_t bit = 0; bit < 8 * whole.size(); ++bit) {
    std::string flipped = whole;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ static_cast<char>(1U << (bit % 8)));
    SetBytes(flipped);
    EXPECT_FALSE(Read().ok()) << "bit " << bit;
  }
}

TEST_F(CheckedFileTest, EachLengthButItsOwnIsNoticed) {
  ASSERT_TRUE(Write("some content").ok());
  const std::string whole = Bytes();
  for (size_t size = 0; size < whole.size(); ++size) {
    SetBytes(whole.substr(0, size));
    EXPECT_TRUE(absl::IsDataLoss(Read().status())) << size;
  }
  SetBytes(whole + "x");
  EXPECT_TRUE(absl::IsDataLoss(Read().status()));
}

TEST_F(CheckedFileTest, PiecesThatTradePlacesAreNoticed) {
  ASSERT_TRUE(Write(std::string(1 << 20, 'a') + std::string(1 << 20, 'b')).ok());
  const std::string whole = Bytes();
  const size_t piece = 8 + (1 << 20);
  const size_t begin = kMagic.size();
  SetBytes(whole.substr(0, begin) + whole.substr(begin + piece, piece) +
           whole.substr(begin, piece) + whole.substr(begin + 2 * piece));
  EXPECT_TRUE(absl::IsDataLoss(Read().status()));
}

TEST_F(CheckedFileTest, WhereItCannotBeWrittenTheFormerOneStays) {
  ASSERT_TRUE(Write("former").ok());
  fs::create_directory(path_ + ".new");  // in the way of the other name
  const absl::Status status = Write("later");
  EXPECT_THAT(status.message(), HasSubstr(path_));
  EXPECT_FALSE(status.ok());
  EXPECT_EQ(*Read(), "former");
}

TEST_F(CheckedFileTest, WhereTheDirectoryTakesNothingTheFormerOneStays) {
  ASSERT_TRUE(Write("former").ok());
  const rlimit former = SetLargestFile(100);
  signal(SIGXFSZ, SIG_IGN);
  const absl::Status status = Write(std::string(10'000, 'x'));
  setrlimit(RLIMIT_FSIZE, &former);
  EXPECT_FALSE(status.ok());
  EXPECT_EQ(*Read(), "former");
  EXPECT_FALSE(fs::exists(path_ + ".new"));
}

// A process that writes one content after the other is killed at some moment, again and again.
TEST_F(CheckedFileTest, AfterAKillThereIsOneOfThemWhole) {
  ASSERT_TRUE(Write("a").ok());
  std::mt19937_64 random(3);
  for (int round = 0; round < 20; ++round) {
    const pid_t writer = fork();
    ASSERT_GE(writer, 0);
    if (writer == 0) {
      for (char letter = 'a';; letter = letter == 'z' ? 'a' : static_cast<char>(letter + 1)) {
        if (!Write(std::string(300'000, letter)).ok()) _exit(1);
      }
    }
    // At any moment of a write: there is nothing to wait for but the time.
    usleep(static_cast<useconds_t>(random() % 20'000));
    ASSERT_EQ(kill(writer, SIGKILL), 0);
    int how = 0;
    ASSERT_EQ(waitpid(writer, &how, 0), writer);
    ASSERT_TRUE(WIFSIGNALED(how)) << "it could not write";
    const auto read = Read();
    ASSERT_TRUE(read.ok()) << read.status();
    EXPECT_EQ(*read, std::string(read->size(), read->front()));
  }
}

TEST_F(CheckedFileTest, AnUnfinishedOneIsOverwritten) {
  std::ofstream(path_ + ".new") << "cut off by a kill";
  ASSERT_TRUE(Write("content").ok());
  EXPECT_EQ(*Read(), "content");
  EXPECT_FALSE(fs::exists(path_ + ".new"));
}

TEST_F(CheckedFileTest, WithoutItsDirectoryItSaysWhichPath) {
  const std::string path = directory_ / "none/thing";
  const absl::Status status = WriteCheckedFile(path, kMagic, "content");
  EXPECT_TRUE(absl::IsNotFound(status));
  EXPECT_THAT(status.message(), HasSubstr(path));
}

}  // namespace
}  // namespace semcached
