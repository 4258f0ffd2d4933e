#include "guard/pairs.h"

namespace semcached {
namespace {

void Differ(const std::vector<Pair>& pairs) { ExpectRefused(GuardKind::kNumbers, pairs); }
void Agree(const std::vector<Pair>& pairs) { ExpectPassed(GuardKind::kNumbers, pairs); }

TEST(NumbersTest, TextsWithoutNumbersAgree) {
  Agree({{"", ""}, {"how do I sort a list", "sorting a list"}, {"which one is best", "the best"}});
}

TEST(NumbersTest, OtherDigitsDiffer) {
  Differ({{"boil eggs for 3 minutes", "boil eggs for 5 minutes"},
          {"who won in 2014", "who won in 2018"},
          {"between 10 and 20", "between 10 and 30"},
          {"what is 7 + 8", "what is 7 - 9"}});
}

TEST(NumbersTest, ANumberAgainstNoneDiffers) {
  Differ({{"unlock an iphone", "unlock an iphone 6"},
          {"who won the world cup", "who won the world cup in 2018"},
          {"a loan of 5000 dollars", "a loan"}});
}

// What may be added to a question without changing its answer much.
TEST(NumbersTest, ADetailMayBeMissing) {
  Agree({{"lose weight", "lose weight in 14 days"},
         {"top movies", "top ten movies"},
         {"the best phones", "the best phones of 2024"},
         {"learn the piano", "I am 16 years old, learn the piano"}});
  Differ({{"lose weight in 7 days", "lose weight in 14 days"},
          {"top 5 movies", "top ten movies"},
          {"Tom has 3 apples. He eats 2 and buys 5.", "Tom has 3 apples. He eats 2."}});
}

TEST(NumbersTest, HowOftenCounts) {
  Differ({{"3 plus 3", "3"}});
  Agree({{"add 3 km to 4 hours", "to 4 hours, add 3 km"}});
}

TEST(NumbersTest, SpellingsOfOneAmountAgree) {
  Agree({{"1.5 litres", "1.50 l"},
         {"1,000 users", "1000 users"},
         {"1,00,000 rupees", "1 lakh rupees"},
         {"1,234,567.5", "1234567.50"},
         {"25 people", "twenty five people"},
         {"25 people", "twenty-five people"},
         {"206,000", "two hundred and six thousand"},
         {"3 million", "three million"},
         {"2.5 million", "2500000"},
         {"a hundred ways", "100 ways"},
         {"5k", "5000"},
         {"$2m", "2 million dollars"},
         {"$1.5bn", "1.5 billion"},
         {"a dozen eggs", "12 eggs"},
         {"３ apples", "3 apples"}});
}

TEST(NumbersTest, CompoundsAreReadWhole) {
  Differ({{"twenty five", "twenty six"},
          {"two hundred", "two thousand"},
          {"one hundred and one", "one hundred"},
          {"twenty, five", "25"}});
}

TEST(NumbersTest, OrdinalsAgreeInWordsAndDigits) {
  Agree({{"the 1st president", "the first president"},
         {"21st century", "twenty-first century"},
         {"World War II", "World War 2"},
         {"World War Two", "World War II"}});
  Differ({{"the first president", "the second president"},
          {"1st of May", "2nd of May"},
          {"World War I started when", "World War 2 started when"},
          {"chapter III", "chapter iv"}});
}

TEST(NumbersTest, FractionsAreReadAsTheyAreWritten) {
  Differ({{"add ½ cup", "add ¼ cup"},
          {"add 1½ cups", "add ½ cup"},
          {"add 1 1/2 cups", "add 1 cup"},
          {"what is -1 1/2 + 2", "what is 1 1/2 + 2"},
          {"the temperature -1½ outside", "the temperature 1½ outside"}});
  Agree({{"add ½ cup", "add 1/2 cup"},
         {"add 1½ cups", "add 1.5 cups"},
         {"add 1 1/2 cups", "add 1.5 cups"},
         {"⅔ of voters", "two thirds of voters"},
         {"add ⅖ cup", "add 2/5 cup"},
         {"1⁄2 cup", "1/2 cup"},
         {"is -2.5 bigger", "is -2 1/2 bigger"}});
}

TEST(NumbersTest, TheSecondInRankIsAnother) {
  Differ({{"the largest city in canada", "the second largest city in canada"},
          {"the tallest mountain", "the third tallest mountain"},
          {"the best song", "the second best song"}});
  Agree({{"the first largest city", "the largest city"},
         {"a second request", "a request"},
         {"World War II facts", "facts about World War II"},
         {"Elizabeth II most famous speech", "the most famous speech of queen Elizabeth"},
         {"a second northwest passage", "the northwest passage"}});
}

TEST(NumbersTest, AMilliIsNoMega) {
  Differ({{"a 5 mW laser", "a 5 MW laser"}, {"is 20mA dangerous", "is 20MA dangerous"}});
  Agree({{"a 5 mw laser", "a 5 MW laser"},
         {"10 mb of data", "10 MB of data"},
         {"is 500 mW more than 1 MW", "is 500 mW more than 1 MW"},
         {"add 5 mL of water", "ADD 5 ML OF WATER"},
         {"a 5000 mAh battery", "A 5000 MAH BATTERY"}});
  EXPECT_EQ(Refusal(GuardKind::kNumbers, "5 mW", "5 MW"), "units differ: milli against mega");
}

TEST(NumbersTest, ALoneOneOrFirstMayBeMissing) {
  Agree({{"which one is better", "which is better"},
         {"my first kiss", "my kiss"},
         {"one of the reasons", "a reason"},
         {"the two of them", "them"}});
}

TEST(NumbersTest, AUnitAloneIsOneOfIt) {
  Agree({{"in a minute", "in one minute"}, {"in 1 minute", "in a minute"}, {"wait a day", "wait"}});
  Differ({{"calories a day", "calories a week"}, {"a minute", "two minutes"}});
}

TEST(NumbersTest, ASecondIsTimeBehindANumberOrAPer) {
  Agree({{"30 seconds", "30 second timeout"}, {"30s", "30 sec"}, {"5 per second", "5 per sec"}});
  Differ({{"5 per second", "5 per minute"}, {"30 seconds", "30 minutes"}});
}

TEST(NumbersTest, UnitsAgreeInTheirSpellings) {
  Agree({{"5km", "5 kilometers"},
         {"5-inch screen", "5 inches screen"},
         {"20 mg", "20 milligrams"},
         {"3 hrs", "3 hours"},
         {"3h", "three hours"},
         {"8 GB", "8 gigabytes"},
         {"37 °C", "37 degrees celsius"},
         {"5%", "5 percent"},
         {"5%", "five per cent"},
         {"100 mph", "100 miles per hour"},
         {"$5", "5 dollars"},
         {"₹500", "Rs. 500"},
         {"60 sq ft", "60 square feet"},
         {"5 p.m.", "5pm"}});
}

TEST(NumbersTest, ConvertedAmountsAgree) {
  Agree({{"90 minutes", "1.5 hours"},
         {"2 weeks", "14 days"},
         {"1 km", "1000 m"},
         {"500 ms", "0.5 seconds"},
         {"half an hour", "30 minutes"},
         {"1 year", "12 months"}});
}

TEST(NumbersTest, OtherUnitsDiffer) {
  Differ({{"5 km", "5 miles"},
          {"20 mg", "20 g"},
          {"20 mg", "20 mcg"},
          {"37 °C", "37 °F"},
          {"37 celsius", "37 fahrenheit"},
          {"8 GB", "8 MB"},
          {"$5", "€5"},
          {"raise by 5", "raise by 5%"},
          {"5 am", "5 pm"},
          {"30 square meters", "30 meters"},
          {"10 km/h", "10 km/s"}});
}

TEST(NumbersTest, AMissingUnitIsImplied) {
  Agree({{"$500", "500"}, {"500 dollars a month", "$500"}, {"a 14 year old", "at 14"}});
}

TEST(NumbersTest, FractionsAndMultiplesAgree) {
  Agree({{"half of it", "50% of it"},
         {"1/2 cup", "half a cup"},
         {"twice as much", "two times as much"},
         {"a fifth of it", "20% of it"},
         {"two-thirds of it", "2/3 of it"},
         {"thrice a day", "3 times a day"}});
  Differ({{"3/4 cup", "1/4 cup"}, {"9/11", "9/12"}});
}

TEST(NumbersTest, SignsCount) {
  Differ({{"sqrt of -4", "sqrt of 4"}});
  Agree({{"5-10 people", "5 - 10 people"}, {"covid-19", "covid 19"}});
}

TEST(NumbersTest, VersionsAreComparedAsWritten) {
  Differ({{"python 3.1", "python 3.10"},
          {"python3", "python2"},
          {"upgrade to v2", "upgrade to v3"},
          {"c++17", "c++20"},
          {"http2", "http 3"},
          {"1.2.3", "1.2.4"},
          {"release 1.20", "release 1.2"}});
  Agree({{"python3", "python 3"}, {"python 3.10", "Python3.10"}});
}

TEST(NumbersTest, ScriptsWithoutSpacesAreReadToo) {
  Differ({{"如何在3天内学会", "如何在5天内学会"}});
  Agree({{"如何在3天内学会", "怎样3天内学会"}});
}

TEST(NumbersTest, NumberWordsOfOtherLanguagesAreRead) {
  Differ({{"in drei tagen", "in fünf tagen"},
          {"tres huevos", "cinco huevos"},
          {"trois oeufs", "huit oeufs"}});
  Agree({{"in drei tagen", "in 3 tagen"}, {"tres huevos", "3 huevos"}});
}

TEST(NumbersTest, TheReasonShowsBothSides) {
  EXPECT_EQ(Refusal(GuardKind::kNumbers, "boil for 3 minutes", "boil for 5 min"),
            "numbers differ: 3 minutes against 5 min");
  EXPECT_EQ(Refusal(GuardKind::kNumbers, "a loan", "a loan of $10"),
            "numbers differ: none against 10");
}

TEST(NumbersTest, LongListsAreComparedInOrder) {
  std::string a;
  std::string b;
  for (int i = 0; i < 500; ++i) {
    a += std::to_string(i) + " ";
    b += std::to_string(i) + ", ";
  }
  Agree({{a, b}});
  b += "7";
  Differ({{a, b}});
}

TEST(NumbersTest, OddTextsDoNoHarm) {
  for (const std::string_view odd :
       {"$", "5.", ".5", "-", "5,", "1,2,3", "1,2345", "°", "a", "per", "5 a", "1/", "\xC3", "v",
        "99999999999999999999999999999999999999", "1.2.", "Rs.", "the 2nd", "hundred and"}) {
    EXPECT_EQ(Refusal(GuardKind::kNumbers, odd, odd), std::nullopt) << odd;
  }
}

// "What is 4 minus 9" was answered with what 9 minus 4 is.
TEST(NumbersTest, NumbersOfOneUnitMayNotTradePlaces) {
  EXPECT_TRUE(Refusal(GuardKind::kNumbers, "what is 9 minus 4", "what is 4 minus 9").has_value());
  EXPECT_TRUE(
      Refusal(GuardKind::kNumbers, "2 to the power of 10", "10 to the power of 2").has_value());
  EXPECT_TRUE(
      Refusal(GuardKind::kNumbers, "migrate from python 2 to 3", "migrate from python 3 to 2")
          .has_value());
  EXPECT_FALSE(Refusal(GuardKind::kNumbers, "I run 3 km in 5 minutes", "in 5 minutes I run 3 km")
                   .has_value());
  EXPECT_FALSE(Refusal(GuardKind::kNumbers, "add 4 and 4", "please add 4 and 4").has_value());
}

TEST(NumbersTest, AnExponentIsANumberInWordsToo) {
  Agree({{"differentiate x^2", "differentiate x squared"},
         {"the area is 12 m²", "the area is 12 square metres"},
         {"solve x² = 4", "solve x^2 = 4"}});
  Differ({{"x squared", "x cubed"}});
}

TEST(NumbersTest, HalvesAndQuartersAddUp) {
  Agree({{"2.5 hours", "two and a half hours"},
         {"6.5 acres", "six and a half acres"},
         {"every 15 minutes", "every quarter of an hour"},
         {"500,000 people", "half a million people"},
         {"charged $9.99", "charged nine dollars and ninety-nine cents"}});
  Differ({{"two hours", "two and a half hours"},
          {"$9.99", "nine dollars and nine cents"},
          {"a coffee for a dollar and fifty cents", "a coffee"}});
}

TEST(NumbersTest, ARangeSharesItsUnit) {
  Agree({{"from 40 % to 50 %", "from 40 to 50 percent"}, {"5-10 kg", "5 kg to 10 kg"}});
  Differ({{"from 40 % to 50 %", "from 40 to 60 percent"}});
}

TEST(NumbersTest, ANumberStaysWithItsWord) {
  Agree({{"is an iphone 8 good for ios 16", "is ios 16 good for an iphone 8"}});
  Differ({{"divide 9 by 4", "divide 4 by 9"},
          {"Tom has 3 apples, Ann has 5", "Tom has 5 apples, Ann has 3"},
          {"add 5 to x, then multiply by 3", "multiply x by 3, then add 5"}});
}

TEST(NumbersTest, NumeronymsHoldNoNumber) {
  Agree({{"a k8s job", "a kubernetes job"}, {"the i18n guide", "the internationalization guide"}});
}

TEST(NumbersTest, ASecondIsNotAlwaysATime) {
  Agree({{"a second-degree burn", "a burn of the 2nd degree"}});
  Agree({{"300,000 km a second in vacuum", "300,000 km per second in vacuum"}});
  Differ({{"once a second", "once a minute"}});
}

TEST(NumbersTest, RatesOfBitsAndBytesDiffer) {
  Differ({{"100 Mbps", "100 MB/s"},
          {"1,250 ns/op", "1,250 µs/op"},
          {"6 mmol/L", "6 mg/dL"},
          {"the price per barrel", "the price per tonne"},
          {"20rem", "20vw"},
          {"in calories", "in kilojoules"}});
  Agree({{"100 Mbps", "100 megabits per second"}, {"5 µs", "5 microseconds"}});
}

TEST(NumbersTest, PointsAreNotPercent) {
  Differ({{"how many percentage points is that", "how many percent is that"},
          {"it rose 2 percentage points", "it rose 2 percent"}});
  Agree({{"it rose 2 percentage points", "it rose 200 basis points"},
         {"four per cent a month", "4 % a month"}});
}

TEST(NumbersTest, RomanLettersAreNumbersBehindWhatIsNumbered) {
  Differ({{"the rate of a Type I error", "the rate of a Type II error"},
          {"Final Fantasy VII", "Final Fantasy X"},
          {"the stages of a Saturn II", "the stages of a Saturn V"}});
  Agree({{"When I restart it", "When we restart it"}, {"solve for X", "find X"}});
}

TEST(NumbersTest, AreasHaveTheirOwnUnits) {
  Agree({{"2 hectares", "20000 square metres"},
         {"1 acre", "43,560 square feet"},
         {"1 kWh", "3600 kJ"}});
  Differ({{"how many acres", "how many square kilometres"}, {"2 hectares", "200 metres"}});
}

TEST(NumbersTest, PoundsPerSquareInchArePressure) {
  Agree({{"inflate to 36 psi", "inflate to 36 pounds per square inch"}});
  Differ({{"inflate to 36 psi", "inflate to 36 kPa"}});
}
TEST(NumbersTest, ALetterBehindAnAmountMayScaleIt) {
  Agree({{"count is slow on 50 million rows", "count is slow on 50M rows"},
         {"a fund of 2 billion", "a fund of 2b"}});
  Differ({{"count is slow on 50 million rows", "count is slow on 5M rows"},
          {"count 50M rows", "count 50k rows"}});
}

TEST(NumbersTest, ANumberMayNameAPlan) {
  Agree({{"the 401(k) limit for 2024", "2024 401k limit"}});
  Differ({{"the 401(k) limit for 2024", "the 401(k) limit for 2025"},
          {"the 401(k) limit", "the 403(b) limit"},
          {"what percent of 2000 is 50", "what percent of 50 is 2000"}});
}

TEST(NumbersTest, ZeroOfAThingIsNone) {
  Agree({{"depreciation over 5 years with no salvage value",
          "depreciation over 5 years with zero salvage value"}});
  Differ({{"buy a house with 0 down", "buy a house with no credit"},
          {"a car at 0% interest for 60 months with no check", "interest of a car with no check"},
          {"why can't I divide 5 by 0", "why can't I divide 5"}});
}

TEST(NumbersTest, AnAgeIsNoOtherUnit) {
  Agree({{"my 3-year-old has 39°C", "my son, aged three, has 39 degrees celsius"}});
}

TEST(NumbersTest, AreasMayBeHyphenated) {
  Agree({{"cool a 400 sq ft room", "cool a four-hundred-square-foot room"}});
  Differ({{"cool a 400 sq ft room", "cool a room 400 ft long"}});
}

TEST(NumbersTest, SmallDigitsAreDigits) {
  Agree({{"log₂(64)", "log2(64)"}, {"how to cut CO₂", "how to cut CO2"}});
  Differ({{"how to cut CO₂", "how to cut CO"},
          {"x⁴ at 2", "x⁵ at 2"},
          {"convert 101₂ to decimal", "convert 1012 to decimal"}});
  Agree({{"10²³ atoms", "10^23 atoms"}, {"x¹⁰ at 2", "x^10 at 2"}});
}

TEST(NumbersTest, ARunHasALength) {
  Agree({{"calories of a 5K run", "calories of running 5 km"}});
  Differ({{"calories of a 5K run", "calories of running 10 km"},
          {"the price of 5000 seats", "the price of 5 km"}});
}

TEST(NumbersTest, AChoiceHasNoOrder) {
  Agree({{"a 15-year or a 30-year mortgage", "a 30-year or a 15-year mortgage"}});
  Differ({{"is a z1 or a g4 better", "is a z4 or a g1 better"}});
}

TEST(NumbersTest, WhatMindsNoOrder) {
  Agree({{"the gcd of 48 and 180", "the gcd of 180 and 48"},
         {"the greatest common divisor of 48 and 180", "gcd of 180 and 48"}});
  Differ({{"mean and variance of 5 and 2", "mean and variance of 2 and 5"},
          {"is 5 above the average of 10", "is 10 above the average of 5"},
          {"the remainder of 17 and 5", "the remainder of 5 and 17"}});
}

}  // namespace
}  // namespace semcached
