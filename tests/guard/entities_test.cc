#include "guard/pairs.h"

namespace semcached {
namespace {

void Differ(const std::vector<Pair>& pairs) { ExpectRefused(GuardKind::kEntities, pairs); }
void Agree(const std::vector<Pair>& pairs) { ExpectPassed(GuardKind::kEntities, pairs); }

TEST(EntitiesTest, NamesOfOneKindDiffer) {
  Differ({{"what is the capital of australia", "what is the capital of austria"},
          {"side effects of ibuprofen", "side effects of naproxen"},
          {"weather in Berlin in May", "weather in Paris in May"},
          {"open on monday", "is it open on sunday"},
          {"install docker on windows", "how to install docker on linux"},
          {"loop over a list in rust", "loop over a list in kotlin"},
          {"translate it into spanish", "translate it into italian"},
          {"price of AAPL", "price of MSFT"}});
}

TEST(EntitiesTest, NamesThatNobodyListedDifferInOnePlace) {
  Differ({{"who founded Zorblax", "who founded Quuxly"},
          {"how do i clean a fooblet at home", "how do i clean a barblet at home"},
          {"the plot of \"the red door\"", "the plot of \"the glass hill\""}});
}

TEST(EntitiesTest, ANameWithAPartMoreIsAnother) {
  Differ({{"the capital of sudan", "the capital of south sudan"},
          {"a map of ireland", "a map of northern ireland"},
          {"hotels in jersey", "hotels in new jersey"},
          {"can my husband claim my pension", "can my ex-husband claim my pension"},
          {"who is in the final", "who is in the semi-final"}});
  Agree({{"the north wall of the house", "the wall of the house"},
         {"is south sudan north of kenya", "is kenya south of south sudan"}});
}

TEST(EntitiesTest, SubstancesOfOneStemDiffer) {
  Differ({{"is sodium sulfite safe", "is sodium sulfate safe"},
          {"are sulfites bad for you", "are sulfates bad for you"},
          {"is ethane toxic", "is ethene toxic"},
          {"what is sodium chloride", "what is sodium chlorate"}});
  Agree({{"a definate answer", "a definite answer"}, {"a bar of chocolite", "a bar of chocolate"}});
}

TEST(EntitiesTest, OneWordInTheOthersPlaceDiffers) {
  Differ({{"how do I paint a fence", "how do I paint a bathtub"},
          {"how to close an account", "how to upgrade an account"}});
}

TEST(EntitiesTest, BothNamesInBothTextsAgree) {
  Agree({{"france or spain, which is warmer", "is spain or france warmer"},
         {"compare python with java", "java compared to python"}});
}

TEST(EntitiesTest, NamesOfOneMemberAgree) {
  Agree({{"what a teen daughter needs", "what a teenager daughter needs"},
         {"what risks the elderly run", "what risks older adults run"},
         {"the defence of the accused", "the defense of the accused"}});
}

TEST(EntitiesTest, WaysToSayTheSameAgree) {
  Agree({{"how do I fix a flat tire", "how can I repair a flat tyre"},
         {"where to buy cheap flights", "where can I purchase cheap flights"},
         {"take a good picture", "take a good photo"},
         {"sort an array in js", "sort an array in javascript"},
         {"in the USA", "in the United States"},
         {"who is the french president", "who is the president of France"}});
}

TEST(EntitiesTest, FormsSlipsAndSpellingsAgree) {
  Agree({{"an engineer's salary", "engineering salary"},
         {"who founded Zorblax", "who founded Zorbalx"},
         {"learn machine learning", "learn ml"},
         {"a zorblax-quux", "a zorblaxquux"},
         {"sorting lists", "sort a list"}});
}

TEST(EntitiesTest, WhatOneTextAddsAgrees) {
  Agree({{"how do I learn to swim", "how do I learn to swim in france"},
         {"best phones", "what are the best phones, Alice asks"}});
}

TEST(EntitiesTest, TheReasonNamesBoth) {
  EXPECT_EQ(Refusal(GuardKind::kEntities, "the capital of Austria", "the capital of Australia"),
            "names differ: \"austria\" against \"australia\"");
  EXPECT_EQ(Refusal(GuardKind::kEntities, "paint a door red", "paint a window red"),
            "words differ: \"door\" against \"window\"");
}

TEST(EntitiesTest, OddTextsDoNoHarm) {
  for (const std::string_view odd : {"", "\"", "\"\"", "new", "new york new", "'s", "a-b-c", "é"}) {
    EXPECT_EQ(Refusal(GuardKind::kEntities, odd, odd), std::nullopt) << odd;
    EXPECT_EQ(Refusal(GuardKind::kEntities, odd, ""), std::nullopt) << odd;
  }
}

TEST(EntitiesTest, UnitsOfOtherMeaningStayWords) {
  Differ({{"the psi function", "the phi function"},
          {"clean a rifle barrel", "clean a rifle scope"},
          {"get rid of a mole", "get rid of a wart"}});
}

TEST(EntitiesTest, ANameMayBeSeveralWords) {
  Differ(
      {{"do a mail merge in LibreOffice", "do a mail merge in Google Docs"},
       {"what is the culture like at Walmart", "what is the culture like at Chemical Financial"}});
}

TEST(EntitiesTest, WhatHasTwoNamesAgrees) {
  Agree({{"renew a certificate with certbot", "renew a cert with certbot"},
         {"contest a parking ticket", "contest a parking fine"},
         {"is a colleague a contractor", "is a coworker a contractor"},
         {"where is the nearest gas station", "where is the nearest petrol station"}});
}

TEST(EntitiesTest, OtherThingsOfOneNounDiffer) {
  Differ({{"where is the nearest train station", "where is the nearest bus station"},
          {"what is the zip code for Austin", "what is the area code for Austin"},
          {"what is hand luggage", "what is hold luggage"},
          {"symptoms of hay fever", "symptoms of yellow fever"},
          {"how do I read an income statement", "how do I read a bank statement"},
          {"how do I insert a line break in word", "how do I insert a page break in word"}});
  Agree({{"how can you lose weight quickly", "how do I reduce weight rapidly"}});
}

TEST(EntitiesTest, APhraseIsOfTheKindOfItsParts) {
  Differ({{"how long can cooked ground beef stay in the fridge",
           "how long can cooked ground turkey stay in the fridge"},
          {"deploy a ruby on rails app to heroku", "deploying django to heroku, how"}});
}
TEST(EntitiesTest, AUnitOfAnotherCountryIsAnother) {
  Differ({{"millilitres in a US pint", "millilitres in an imperial pint"},
          {"open on weeknights", "open on a saturday"}});
}

}  // namespace
}  // namespace semcached
