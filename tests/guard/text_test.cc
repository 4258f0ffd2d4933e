#include "guard/text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string_view>
#include <vector>

namespace semcached::guard {
namespace {

using ::testing::ElementsAre;

std::vector<std::string> Cut(std::string_view raw) {
  const Text text(raw);
  std::vector<std::string> tokens;
  for (const Token& token : text.tokens()) tokens.emplace_back(token.text);
  return tokens;
}

TEST(TextTest, WordsDigitsAndSymbolsStandApart) {
  EXPECT_THAT(Cut("Run 5km, OK?"), ElementsAre("run", "5", "km", ",", "ok", "?"));
}

TEST(TextTest, ApostrophesStayInsideWords) {
  EXPECT_THAT(Cut("don't 'quote' users'"), ElementsAre("don't", "'", "quote", "'", "users", "'"));
}

TEST(TextTest, TypographyIsFolded) {
  EXPECT_THAT(Cut("don’t a–b “c” ５"), ElementsAre("don't", "a", "-", "b", "\"", "c", "\"", "5"));
  EXPECT_THAT(Cut("5\u00A0km zero\u200Bwidth"), ElementsAre("5", "km", "zerowidth"));
}

TEST(TextTest, SignsBeyondAsciiAreSymbolsAndLettersAreLetters) {
  EXPECT_THAT(Cut("5°C €3 naïve"), ElementsAre("5", "°", "c", "€", "3", "naïve"));
}

TEST(TextTest, GluedMeansNoSpaceBefore) {
  const Text text("5km 5 km");
  ASSERT_EQ(text.tokens().size(), 4u);
  EXPECT_FALSE(text.tokens()[0].glued);
  EXPECT_TRUE(text.tokens()[1].glued);
  EXPECT_FALSE(text.tokens()[2].glued);
  EXPECT_FALSE(text.tokens()[3].glued);
}

TEST(TextTest, ASpanReachesFromTokenToToken) {
  const Text text("take 5 km home");
  EXPECT_EQ(text.Span(1, 3), "5 km");
  EXPECT_EQ(text.Span(2, 2), "");
}

TEST(TextTest, BrokenUtf8IsNotReadPastItsEnd) {
  EXPECT_EQ(Cut("a \xE2\x82").size(), 2u);
  EXPECT_EQ(Cut("\xF0").size(), 1u);
}

}  // namespace
}  // namespace semcached::guard
