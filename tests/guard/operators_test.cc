// Signs of sums, comparisons and programs: a part of the guard of numbers.
#include "guard/pairs.h"

namespace semcached {
namespace {

void Differ(const std::vector<Pair>& pairs) { ExpectRefused(GuardKind::kNumbers, pairs); }
void Agree(const std::vector<Pair>& pairs) { ExpectPassed(GuardKind::kNumbers, pairs); }

TEST(OperatorsTest, OtherSignsDiffer) {
  Differ({{"solve x^2 + 5x = 6", "solve x^2 - 5x = 6"},
          {"what is 12 * 4", "what is 12 / 4"},
          {"the derivative of e^x", "the derivative of e^-x"},
          {"what does a <= b mean", "what does a >= b mean"},
          {"what does << do in c", "what does >> do in c"},
          {"what does && do in bash", "what does || do in bash"},
          {"what does == do in javascript", "what does === do in javascript"},
          {"is x < 3", "is x > 3"},
          {"what is a + b", "what is a - b"},
          {"what is 9/3", "what is 9-3"},
          {"x & 1", "x | 1"},
          {"what does i++ do", "what does i-- do"},
          {"what does := do in python", "what does = do in python"},
          {"x ≠ 1", "x = 1"}});
  ExpectRefused(GuardKind::kEntities, {{"what does A ∩ B mean", "what does A ∪ B mean"}});
}

TEST(OperatorsTest, SignsThatAreTalkedAboutDiffer) {
  Differ({{"what does ?. do in javascript", "what does ?? do in javascript"},
          {"what does / do in python", "what does // do in python"},
          {"what does the * operator do", "what does the ** operator do"},
          {"what does [ mean in bash", "what does [[ mean in bash"}});
  Agree({{"what does ≤ mean", "what does <= mean"},
         {"what is the ? operator", "the ? operator, what is it"}});
}

TEST(OperatorsTest, SpellingsOfOneSignAgree) {
  Agree({{"what is 5 plus 3", "what is 5 + 3"},
         {"what is 12 × 4", "what is 12 times 4"},
         {"what is 12 ÷ 4", "what is 12 divided by 4"},
         {"is x <= 3", "is x ≤ 3"},
         {"is a <> b", "is a != b"},
         {"x**2", "x^2"}});
  Differ({{"what is 5 plus 3", "what is 5 - 3"}, {"|x| ≤ 2", "|x| >= 2"}});
}

TEST(OperatorsTest, TheSameSignsBeforeOtherTermsDiffer) {
  Differ({{"factor x^2 + 3x - 4", "factor x^2 - 3x + 4"}});
}

TEST(OperatorsTest, ASignOfOneTextAloneAgrees) {
  Agree({{"what does a*b give", "the product of a and b"},
         {"what does -> mean", "what does the arrow mean"},
         {"what is c++", "what is c plus plus"},
         {"sort a list in C#", "sort a list in C sharp"}});
}

TEST(OperatorsTest, PunctuationIsNoOperator) {
  Agree({{"how do I sort a list - python?", "how do I sort a list + python"},
         {"a well-known theorem and/or lemma", "a well known theorem = lemma"},
         {"<b>bold</b> text == bold", "bold text"},
         {"the attacks of 9/11", "the attacks of 9-11"},
         {"until 2 -- two months", "until 2 + two months"},
         {"Settings > General", "Settings -> General"},
         {"jpg -> png", "jpg => png"},
         {"hi ^_^ what is up", "hi what is up"},
         {"<p></p>", "<p> </p>"},
         {"title ====", "title ==="},
         {"windows 10 / 11", "windows 10 - 11"},
         {"https://a.b", "a == a.b"}});
}

TEST(OperatorsTest, NamesThatEndInSignsDiffer) {
  Differ({{"sort a vector in c++", "sort a vector in c#"},
          {"sort an array in c", "sort an array in c++"}});
  Agree({{"c++ sort a vector", "sort a vector in c++"},
         {"is c++ faster than c", "is c slower than c++"},
         {"vitamin c", "vitamin C"}});
}

TEST(OperatorsTest, TheReasonNamesBoth) {
  EXPECT_EQ(Refusal(GuardKind::kNumbers, "a ≤ b", "a > b"), "operators differ: <= against >");
  EXPECT_EQ(Refusal(GuardKind::kNumbers, "3x - 4", "-3x + 4"), "numbers differ: 3 against -3");
}

TEST(OperatorsTest, OddTextsDoNoHarm) {
  const std::string many(20'000, '+');
  std::string sum;
  for (int i = 0; i < 5'000; ++i) sum += "x - y + ";
  for (const std::string& odd : {many, sum, std::string("c"), std::string("-"), std::string("≤")}) {
    Agree({{odd, odd}, {odd, ""}});
  }
}

}  // namespace
}  // namespace semcached
