// Formulas and letters: a part of the guard of numbers.
#include "guard/pairs.h"

namespace semcached {
namespace {

void Differ(const std::vector<Pair>& pairs) { ExpectRefused(GuardKind::kNumbers, pairs); }
void Agree(const std::vector<Pair>& pairs) { ExpectPassed(GuardKind::kNumbers, pairs); }

TEST(FormulasTest, OtherBracketsOrOrdersDiffer) {
  Differ({{"what is (2+3)*4", "what is 2+(3*4)"},
          {"expand (a+b)^2", "expand a+b^2"},
          {"simplify log(x+y)", "simplify log(x)+y"},
          {"the interval [1,5)", "the interval (1,5]"},
          {"find f(g(x))", "find g(f(x))"},
          {"numpy x[:,0]", "numpy x[0,:]"},
          {"python a[1:]", "python a[:1]"},
          {"what is a - b", "what is b - a"}});
}

TEST(FormulasTest, SpacesAndSentencesAroundOneAgree) {
  Agree({{"solve x^2 + 5x = 6", "solve the equation x^2+5x=6, please"},
         {"what is 12 x 4", "what is 12 * 4?"},
         {"what is (2 + 3) * 4", "Compute: (2+3)*4."},
         {"the interval [1, 5)", "interval [1,5): what is it"}});
}

TEST(FormulasTest, WhatIsWrittenInOneTextOnlyAgrees) {
  Agree({{"simplify log(x+y)", "simplify the log of x plus y"},
         {"what is a[i]", "what is element i of a"},
         {"a list (ordered) - which one", "which list is ordered"}});
}

TEST(FormulasTest, OtherLettersDiffer) {
  Differ({{"who is in group a", "who is in group b"},
          {"solve 2x + y = 7 for x", "solve 2x + y = 7 for y"},
          {"the x coordinate of the vertex", "the y coordinate of the vertex"},
          {"the price of brk.a", "the price of brk.b"},
          {"how long is influenza a contagious", "how long is influenza b contagious"}});
  EXPECT_EQ(Refusal(GuardKind::kNumbers, "plan b", "plan c"), "letters differ: b against c");
}

TEST(FormulasTest, ArticlesAndPronounsAreNoLetters) {
  Agree({{"is a cat a pet", "i have a cat, is it a pet"},
         {"vitamin c", "what is vitamin C"},
         {"when is a lease void", "when can i void the lease"}});
}

TEST(FormulasTest, OddTextsDoNoHarm) {
  const std::string many(20'000, '(');
  std::string sum;
  for (int i = 0; i < 5'000; ++i) sum += "x+";
  for (const std::string& odd : {many, sum, std::string("x"), std::string("("), std::string("∫")}) {
    EXPECT_EQ(Refusal(GuardKind::kNumbers, odd, odd), std::nullopt);
    EXPECT_EQ(Refusal(GuardKind::kNumbers, odd, ""), std::nullopt);
    EXPECT_EQ(Refusal(GuardKind::kNumbers, "", odd), std::nullopt);
  }
}

TEST(FormulasTest, AColonBeforeOneIsTheSentences) {
  Agree({{"how do I solve 2x + 5 = 17", "solve for x: 2x+5=17"}});
  Differ({{"solve for x: 2x+5=17", "solve for x: 2x-5=17"}});
}

TEST(FormulasTest, LettersOfAmountsAreNoLabels) {
  Agree({{"payment on a $300,000 loan at 6 percent", "300k dollars loan, 6 percent: payment"},
         {"pH of a 0.01 M solution", "pH of a solution of 0.01 mol/L"}});
}
TEST(FormulasTest, ARuleIsNamedByItsNumbers) {
  Agree(
      {{"the 50/30/20 rule", "the 50-30-20 rule"}, {"a 16:8 fasting plan", "a 16:8 fasting plan"}});
  Differ({{"what is 100-50-25", "what is 100/50/25"}});
}

}  // namespace
}  // namespace semcached
