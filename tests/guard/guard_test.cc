#include "semcached/guard/guard.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

namespace semcached {
namespace {

TEST(GuardTest, WithoutGuardsEverythingPasses) {
  EXPECT_FALSE(CheckGuards({}, "turn on 3", "turn off 5").has_value());
}

TEST(GuardTest, TheFirstRefusalOfTheOrderIsTold) {
  const auto numbers = CheckGuards(kAllGuards, "turn on 3", "turn off 5");
  ASSERT_TRUE(numbers.has_value());
  EXPECT_EQ(numbers->guard, GuardKind::kNumbers);
  EXPECT_EQ(numbers->reason, "numbers differ: 3 against 5");
  const GuardKind negation_first[] = {GuardKind::kNegation, GuardKind::kNumbers};
  const auto negation = CheckGuards(negation_first, "turn on 3", "turn off 5");
  ASSERT_TRUE(negation.has_value());
  EXPECT_EQ(negation->guard, GuardKind::kNegation);
}

TEST(GuardTest, EachGuardOnlySeesItsOwn) {
  const GuardKind identifiers[] = {GuardKind::kIdentifiers};
  EXPECT_FALSE(CheckGuards(identifiers, "turn on 3", "turn off 5").has_value());
  const auto refusal = CheckGuards(identifiers, "call a_b", "call c_d");
  ASSERT_TRUE(refusal.has_value());
  EXPECT_EQ(refusal->guard, GuardKind::kIdentifiers);
}

TEST(GuardTest, ParaphrasesPassThemAll) {
  EXPECT_FALSE(CheckGuards(kAllGuards, "How do I reverse a linked list in Python 3?",
                           "what's the way to reverse linked lists using python3")
                   .has_value());
}

std::vector<GuardKind> Kinds(const std::vector<GuardRefusal>& refusals) {
  std::vector<GuardKind> kinds;
  for (const GuardRefusal& refusal : refusals) kinds.push_back(refusal.guard);
  return kinds;
}

TEST(GuardTest, EachRefusalIsListedOnRequest) {
  const GuardText a("turn on 3 lamps in france");
  const GuardText b("turn off 5 lamps in spain");
  EXPECT_EQ(
      Kinds(CheckEachGuard(kAllGuards, a, b)),
      (std::vector<GuardKind>{GuardKind::kNumbers, GuardKind::kNegation, GuardKind::kEntities}));
  EXPECT_TRUE(CheckEachGuard({}, a, b).empty());
}

// 32 KiB of whatever is worst for one of the guards end within the test's time; what is quadratic
// would not, under a sanitizer.
TEST(GuardTest, LongTextsOfAnyKindAreReadToTheirEnd) {
  const std::string_view pieces[] = {"a_b() ",
                                     "x1y2 ",
                                     "not ",
                                     "5 km ",
                                     "on off ",
                                     "\"",
                                     "new ",
                                     "who? ",
                                     "to from ",
                                     "rome by ",
                                     "zorbl",
                                     "é",
                                     "iPhone ",
                                     "un-",
                                     "qwx qwy ",
                                     "0 no ",
                                     "log in fails ",
                                     "larger than smaller ",
                                     "saved remove stored ",
                                     "9:15 ",
                                     "₂²",
                                     "replace x with ",
                                     "only all ",
                                     "no ",
                                     "stop it from starting ",
                                     "keep making it start ",
                                     "remove it without deleting ",
                                     "cans with a can without cans ",
                                     "sues me I sue us ",
                                     "once a day four times a day ",
                                     "50/30/20 rule ",
                                     "x larger in may than in june "};
  for (const std::string_view piece : pieces) {
    std::string a;
    std::string b;
    while (a.size() < 32768) {
      a += piece;
      b += piece;
      // Of a word of its own, so that the next piece stays what it is.
      a += static_cast<char>('a' + a.size() % 26);
      b += static_cast<char>('a' + b.size() % 25);
      a += ' ';
      b += ' ';
    }
    const GuardText text_a(a);
    const GuardText text_b(b);
    EXPECT_EQ(Kinds(CheckEachGuard(kAllGuards, text_a, text_b)),
              Kinds(CheckEachGuard(kAllGuards, text_b, text_a)))
        << piece;
    EXPECT_TRUE(CheckEachGuard(kAllGuards, text_a, text_a).empty()) << piece;
  }
}

TEST(GuardTest, ALongNameIsNotSoughtInALongTextAtEachPlace) {
  const std::string same(16'000, 'a');
  const std::string code = same + "c.b";
  const std::string text = same + same;
  const GuardText text_a(code);
  const GuardText text_b(text);
  EXPECT_FALSE(CheckEachGuard(kAllGuards, text_a, text_b).empty());
}

// Every guard is symmetric and passes a text against itself, whatever the text.
TEST(GuardTest, RandomTextsAreTreatedAlikeInBothOrders) {
  const uint32_t seed = 5;
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  std::mt19937 random(seed);
  const std::vector<std::string> pieces = {
      "5",        "km",    " ",        "1,000", ".",       "%",       "$",         "a ",
      "per ",     "hour",  "not ",     "n't",   "on ",     "off ",    "from ",     "to ",
      "x_",       "foo()", "::",       "-",     "--v",     "twenty ", "one ",      "half ",
      "second ",  "°",     "é",        "’",     "un",      "lock ",   "v1.2",      "\"",
      "\xE2\x82", "who ",  "when ",    "why ",  "how ",    "many ",   "did ",      "Rome ",
      "defeat ",  "was ",  "by ",      "? ",    "france ", "spain ",  "naproxen ", "and ",
      "new ",     "york ", "new york "};
  const auto draw = [&] {
    std::string text;
    for (size_t i = random() % 15; i > 0; --i) text += pieces[random() % pieces.size()];
    return text;
  };
  for (int i = 0; i < 20000; ++i) {
    const std::string a = draw();
    const std::string b = draw();
    const GuardText text_a(a);
    const GuardText text_b(b);
    ASSERT_EQ(Kinds(CheckEachGuard(kAllGuards, text_a, text_b)),
              Kinds(CheckEachGuard(kAllGuards, text_b, text_a)))
        << a << " | " << b;
    ASSERT_TRUE(CheckEachGuard(kAllGuards, text_a, text_a).empty()) << a;
  }
}

}  // namespace
}  // namespace semcached
