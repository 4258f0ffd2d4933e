#include "verify/words.h"

#include <gtest/gtest.h>

#include <numeric>
#include <string_view>
#include <vector>

namespace semcached::verify {
namespace {

TEST(WordsTest, EqualTextsShareEverything) {
  const WordFeatures features =
      CompareWords("How do I turn on dark mode?", "how do i turn on dark mode");
  for (const WordFeature whole :
       {kWordOverlap, kLongWordOverlap, kLetterOverlap, kPairOverlap, kTrigramOverlap, kOrder,
        kLengthRatio, kSameFirstWord, kSameLastWord, kSameBeginning, kSameEnd}) {
    EXPECT_EQ(features[whole], 1) << whole;
  }
  for (const WordFeature nothing :
       {kLeastUnmatched, kMostUnmatched, kUnmatchedWords, kQuestionDiffers, kNumbersDiffer,
        kNegationDiffers, kUnmatchedNames, kUnmatchedLong}) {
    EXPECT_EQ(features[nothing], 0) << nothing;
  }
}

TEST(WordsTest, SharesAreCountedInWords) {
  const WordFeatures features = CompareWords("turn on dark mode", "turn off dark mode now");
  EXPECT_FLOAT_EQ(features[kWordOverlap], 3.0F / 6);  // turn dark mode, on off now
  EXPECT_FLOAT_EQ(features[kPairOverlap], 1.0F / 6);  // dark mode
  EXPECT_FLOAT_EQ(features[kOrder], 3.0F / 5);
  EXPECT_FLOAT_EQ(features[kLeastUnmatched], 1.0F / 4);
  EXPECT_FLOAT_EQ(features[kMostUnmatched], 2.0F / 5);
  EXPECT_FLOAT_EQ(features[kLengthRatio], 4.0F / 5);
  EXPECT_FLOAT_EQ(features[kSameBeginning], 1.0F / 4);
  EXPECT_EQ(features[kSameLastWord], 0);
}

TEST(WordsTest, WhatOftenDecidesStandsForItself) {
  EXPECT_EQ(CompareWords("who wrote it", "when was it written")[kQuestionDiffers], 1);
  EXPECT_EQ(CompareWords("sum of 1,000 and 2.5", "sum of 1000 and 2.5")[kNumbersDiffer], 0);
  EXPECT_EQ(CompareWords("sum of 1 and 2", "sum of 1 and 3")[kNumbersDiffer], 1);
  EXPECT_EQ(CompareWords("I can't swim", "I can swim")[kNegationDiffers], 1);
  EXPECT_GT(CompareWords("is Paris large", "is Rome large")[kUnmatchedNames], 0);
  // The first letter of a sentence says nothing.
  EXPECT_EQ(CompareWords("Pour it", "Mix it")[kUnmatchedNames], 0);
  EXPECT_EQ(CompareWords("he restarted it", "he restarts it")[kNearlyMatched], 1);
}

TEST(WordsTest, EachUnmatchedWordFallsInItsBucket) {
  const auto buckets = [](std::string_view a, std::string_view b) {
    const WordFeatures features = CompareWords(a, b);
    return std::vector<float>(features.begin() + kFirstBucket, features.end());
  };
  const std::vector<float> on_off = buckets("turn on dark mode", "turn off dark mode");
  EXPECT_EQ(std::accumulate(on_off.begin(), on_off.end(), 0.0F), 2);
  EXPECT_EQ(buckets("light is on", "light is off"), on_off);
  EXPECT_NE(buckets("light is on", "light is gone"), on_off);
}

TEST(WordsTest, TheOrderOfTheTextsDoesNotMatter) {
  const std::string_view a = "Why is the sky over Rome blue, and not 3 times green?";
  const std::string_view b = "what makes the Sky blue";
  EXPECT_EQ(CompareWords(a, b), CompareWords(b, a));
}

TEST(WordsTest, TextsWithoutWordsAreNoTrouble) {
  EXPECT_EQ(CompareWords("", "?!")[kWordOverlap], 1);
  EXPECT_EQ(CompareWords("", "a word")[kWordOverlap], 0);
}

}  // namespace
}  // namespace semcached::verify
