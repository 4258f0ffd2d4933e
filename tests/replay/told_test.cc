#include "semcached/replay/told.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace semcached {
namespace {

TEST(ToldTest, ABodySaysWhatItTells) {
  const auto told = ToldBy(BodyOf({17, -3}));
  ASSERT_TRUE(told.ok()) << told.status();
  EXPECT_EQ(told->intent, 17U);
  EXPECT_EQ(told->fact, -3);
}

TEST(ToldTest, WhatNobodyWroteIsRefused) {
  for (const std::string body : {"", "17", "17 a", "17 1 1", "hello there"}) {
    EXPECT_THAT(ToldBy(body).status().message(), testing::HasSubstr(body)) << body;
  }
}

}  // namespace
}  // namespace semcached
