#include "store/directory.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "support/temp_dir.h"

namespace semcached {
namespace {

TEST(OwnedDirectory, IsOneOwnersUntilLetGo) {
  TempDir temp;
  auto owner = OwnedDirectory::Acquire(temp / "a/b/c/");
  ASSERT_TRUE(owner.ok()) << owner.status();
  EXPECT_TRUE(absl::IsFailedPrecondition(OwnedDirectory::Acquire(temp / "a/b/c").status()));
  EXPECT_TRUE(OwnedDirectory::Acquire(temp / "a/b/d").ok());
  owner->reset();
  EXPECT_TRUE(OwnedDirectory::Acquire(temp / "a/b/c").ok());
}

TEST(OwnedDirectory, RefusesAFileInItsPlace) {
  TempDir temp;
  temp.Write("file", "x");
  EXPECT_TRUE(absl::IsFailedPrecondition(OwnedDirectory::Acquire(temp / "file").status()));
  EXPECT_TRUE(absl::IsFailedPrecondition(OwnedDirectory::Acquire(temp / "file/below").status()));
}

TEST(OwnedDirectory, LeavesTheModeOfWhatWasThere) {
  TempDir temp;
  std::filesystem::permissions(temp.path(), std::filesystem::perms(0755));
  ASSERT_TRUE(OwnedDirectory::Acquire(temp.path()).ok());
  EXPECT_EQ(std::filesystem::status(temp.path()).permissions(), std::filesystem::perms(0755));
}

TEST(OwnedDirectory, SaysWhenItMayNotWrite) {
  if (geteuid() == 0) GTEST_SKIP() << "root may write everywhere";
  TempDir temp;
  std::filesystem::permissions(temp.path(), std::filesystem::perms(0500));
  EXPECT_TRUE(absl::IsPermissionDenied(OwnedDirectory::Acquire(temp / "below").status()));
  EXPECT_TRUE(absl::IsPermissionDenied(OwnedDirectory::Acquire(temp.path()).status()));
  std::filesystem::permissions(temp.path(), std::filesystem::perms(0700));
}

TEST(OwnedDirectory, CountsTheBytesOfItsFiles) {
  TempDir temp;
  const auto owner = OwnedDirectory::Acquire(temp.path());
  ASSERT_TRUE(owner.ok());
  EXPECT_EQ((*owner)->Bytes(), 0);
  temp.Write("a", std::string(1000, 'x'));
  temp.Write("b", std::string(500, 'x'));
  EXPECT_EQ((*owner)->Bytes(), 1500);
}

}  // namespace
}  // namespace semcached
