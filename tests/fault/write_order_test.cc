// What a loss of power explains, and what it does not.
#include "fault/write_order.h"

#include <gtest/gtest.h>

namespace semcached {
namespace {

Write Insert(int64_t version, int64_t sent, int64_t acknowledged = Write::kNever) {
  return {version, /*deletes=*/false, /*lasts=*/true, sent, acknowledged};
}
Write Brief(int64_t version, int64_t sent, int64_t acknowledged = Write::kNever) {
  return {version, /*deletes=*/false, /*lasts=*/false, sent, acknowledged};
}
Write Delete(int64_t version, int64_t sent, int64_t acknowledged = Write::kNever) {
  return {version, /*deletes=*/true, /*lasts=*/true, sent, acknowledged};
}

TEST(WriteOrderTest, OnlyTheEndMayBeLost) {
  const Writes writes = {Insert(1, 1, 2), Insert(2, 5, 6)};
  // Nothing is known to be on the disk, then the first, then both.
  EXPECT_EQ(Explain(writes, 0, 0), Explained::kYes);
  EXPECT_EQ(Explain(writes, 1, 3), Explained::kYes);
  EXPECT_EQ(Explain(writes, 0, 3), Explained::kLost);
  EXPECT_EQ(Explain(writes, 2, 7), Explained::kYes);
  EXPECT_EQ(Explain(writes, 1, 7), Explained::kLost);
}

TEST(WriteOrderTest, AWriteUnderWayPromisesNothing) {
  // Acknowledged at 4, when the one on the disk was on its way already.
  EXPECT_EQ(Explain({Insert(1, 1, 4)}, 0, 3), Explained::kYes);
  EXPECT_EQ(Explain({Insert(1, 1), Insert(2, 2, 3)}, 1, 5), Explained::kYes);  // done later
}

TEST(WriteOrderTest, ADeleteIsAWriteLikeOthers) {
  const Writes writes = {Insert(1, 1, 2), Delete(1, 5, 6)};
  EXPECT_EQ(Explain(writes, 1, 3), Explained::kYes);  // it is undone
  EXPECT_EQ(Explain(writes, 0, 3), Explained::kYes);
  EXPECT_EQ(Explain(writes, 1, 7), Explained::kCameBack);
  EXPECT_TRUE(IsUndone(writes, 1));
  EXPECT_FALSE(IsUndone(writes, 0));
}

TEST(WriteOrderTest, WhatIsBriefTakesAwayWhatItReplaced) {
  EXPECT_EQ(Explain({Insert(1, 1, 2), Brief(2, 5)}, 0, 3), Explained::kYes);
  EXPECT_EQ(Explain({Insert(1, 1, 2), Brief(2, 5, 6)}, 1, 7), Explained::kLost);
}

TEST(WriteOrderTest, WhatWasFoundOnceStays) {
  EXPECT_EQ(Explain({Insert(3, 0, 0)}, 0, 0), Explained::kLost);
  EXPECT_EQ(Explain({Insert(3, 0, 0), Delete(3, 1)}, 0, 0), Explained::kYes);
}

TEST(WriteOrderTest, ASyncedInsertAndOneThatWasFoundAreOnTheDisk) {
  const Writes writes = {Insert(1, 1, 2), Insert(2, 5)};
  EXPECT_EQ(LatestOnDisk(writes, /*found=*/0, /*synced=*/false), 0);
  EXPECT_EQ(LatestOnDisk(writes, /*found=*/0, /*synced=*/true), 1);
  EXPECT_EQ(LatestOnDisk(writes, /*found=*/2, /*synced=*/true), 5);
}

}  // namespace
}  // namespace semcached
