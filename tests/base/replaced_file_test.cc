// Until a file is put in place the former one is there.
#include "semcached/base/replaced_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>

#include "support/temp_dir.h"

namespace semcached {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

class ReplacedFileTest : public ::testing::Test {
 protected:
  ReplacedFile Begin() const {
    absl::StatusOr<ReplacedFile> file = ReplacedFile::Begin(path_);
    EXPECT_TRUE(file.ok()) << file.status();
    return *std::move(file);
  }
  std::string Content() const {
    std::ifstream in(path_, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  const TempDir directory_;
  const std::string path_ = directory_.Write("file", "former");
};

TEST_F(ReplacedFileTest, TheNewOneIsThereOnceItIsCommitted) {
  ReplacedFile file = Begin();
  ASSERT_TRUE(file.Append("new ").ok());
  ASSERT_TRUE(file.Append("content").ok());
  EXPECT_EQ(Content(), "former");
  EXPECT_TRUE(fs::exists(file.unfinished()));
  ASSERT_TRUE(file.Commit().ok());
  EXPECT_EQ(Content(), "new content");
  EXPECT_FALSE(fs::exists(path_ + ".new"));
}

TEST_F(ReplacedFileTest, OneThatIsLetGoLeavesNothing) {
  {
    ReplacedFile file = Begin();
    ASSERT_TRUE(file.Append("new").ok());
    const ReplacedFile moved = std::move(file);
  }
  EXPECT_EQ(Content(), "former");
  EXPECT_FALSE(fs::exists(path_ + ".new"));
}

TEST_F(ReplacedFileTest, IsItsOwnersAloneWhateverWasLeftBehind) {
  fs::permissions(directory_.Write("file.new", "left by a kill"), fs::perms::all);
  ReplacedFile file = Begin();
  ASSERT_TRUE(file.Append("x").ok());
  ASSERT_TRUE(file.Commit().ok());
  struct stat status {};
  ASSERT_EQ(stat(path_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
  EXPECT_EQ(Content(), "x");
}

TEST_F(ReplacedFileTest, WhatAKillLeftCanBeRemoved) {
  directory_.Write("file.new", "left by a kill");
  ReplacedFile::RemoveUnfinished(path_);
  EXPECT_FALSE(fs::exists(path_ + ".new"));
  EXPECT_EQ(Content(), "former");
}

TEST_F(ReplacedFileTest, SaysWhyItCannotBegin) {
  const absl::Status status = ReplacedFile::Begin(directory_ / "none/file").status();
  EXPECT_TRUE(absl::IsNotFound(status));
  EXPECT_THAT(std::string(status.message()), HasSubstr("none/file.new: No such file"));
}

}  // namespace
}  // namespace semcached
