#include "semcached/base/text_groups.h"

#include <gtest/gtest.h>

namespace semcached {
namespace {

TEST(TextGroupsTest, ATextHasOneNumberAndAGroupOfItsOwn) {
  TextGroups groups;
  const size_t a = groups.Add("a");
  const size_t b = groups.Add("b");
  EXPECT_EQ(groups.Add("a"), a);
  EXPECT_EQ(groups.texts()[b], "b");
  EXPECT_NE(groups.Root(a), groups.Root(b));
}

TEST(TextGroupsTest, WhatIsJoinedByOthersIsOneGroup) {
  TextGroups groups;
  const size_t a = groups.Add("a");
  const size_t b = groups.Add("b");
  const size_t c = groups.Add("c");
  const size_t d = groups.Add("d");
  groups.Join(a, b);
  groups.Join(c, d);
  EXPECT_NE(groups.Root(a), groups.Root(d));
  groups.Join(b, c);
  EXPECT_EQ(groups.Root(a), groups.Root(d));
}

}  // namespace
}  // namespace semcached
