#include "semcached/base/utf8.h"

#include <gtest/gtest.h>

#include <string>

namespace semcached {
namespace {

TEST(Utf8, TakesWellFormedText) {
  EXPECT_TRUE(IsValidUtf8(""));
  EXPECT_TRUE(IsValidUtf8("plain ASCII"));
  EXPECT_TRUE(
      IsValidUtf8("Gr\xc3\xb6\xc3\x9f"
                  "e"));                         // two bytes
  EXPECT_TRUE(IsValidUtf8("\xe2\x82\xac"));      // three: the euro sign
  EXPECT_TRUE(IsValidUtf8("\xf0\x9f\x98\x80"));  // four: beyond the basic plane
  EXPECT_TRUE(IsValidUtf8("\xf4\x8f\xbf\xbf"));  // U+10FFFF, the last
  EXPECT_TRUE(IsValidUtf8(std::string("a\0b", 3)));
}

TEST(Utf8, RefusesOverlongForms) {
  EXPECT_FALSE(IsValidUtf8("\xc0\xaf"));          // '/' in two bytes
  EXPECT_FALSE(IsValidUtf8("\xe0\x80\xaf"));      // in three
  EXPECT_FALSE(IsValidUtf8("\xf0\x80\x80\xaf"));  // in four
}

TEST(Utf8, RefusesSurrogatesAndWhatLiesBeyondUnicode) {
  EXPECT_FALSE(IsValidUtf8("\xed\xa0\x80"));      // U+D800
  EXPECT_FALSE(IsValidUtf8("\xed\xbf\xbf"));      // U+DFFF
  EXPECT_FALSE(IsValidUtf8("\xf4\x90\x80\x80"));  // U+110000
  EXPECT_FALSE(IsValidUtf8("\xff"));
}

TEST(Utf8, RefusesTextCutInACharacter) {
  const std::string euro = "\xe2\x82\xac";
  EXPECT_FALSE(IsValidUtf8(euro.substr(0, 1)));
  EXPECT_FALSE(IsValidUtf8("a" + euro.substr(0, 2)));
  EXPECT_FALSE(IsValidUtf8(euro.substr(1)));
  EXPECT_FALSE(IsValidUtf8(euro.substr(0, 2) + "a"));
  EXPECT_FALSE(IsValidUtf8("plain ASCII, then " + euro.substr(1) + " and more"));
}

}  // namespace
}  // namespace semcached
