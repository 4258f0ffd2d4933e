#include "guard/pairs.h"

namespace semcached {
namespace {

void Differ(const std::vector<Pair>& pairs) { ExpectRefused(GuardKind::kFocus, pairs); }
void Agree(const std::vector<Pair>& pairs) { ExpectPassed(GuardKind::kFocus, pairs); }

TEST(FocusTest, OtherQuestionsOfOneThingDiffer) {
  Differ({{"who invented the telephone", "when was the telephone invented"},
          {"where was Mozart born", "when was Mozart born"},
          {"how much does it cost", "how long does it take"},
          {"how many people live in Peru", "where do people live in Peru"},
          {"how far is the moon", "how old is the moon"},
          {"why do cats purr", "how do cats purr"},
          {"is coffee bad for you", "why is coffee bad for you"}});
}

TEST(FocusTest, OneQuestionInOtherWordsAgrees) {
  Agree({{"how much is it", "what does it cost"},
         {"how much is it", "what is the price of it"},
         {"when did the war end", "in what year did the war end"},
         {"where is it", "in which country is it"},
         {"who wrote it", "which person wrote it"},
         {"how long does it take", "how much time does it take"},
         {"how many people live in Japan", "what is the population of Japan"},
         {"why is the sky blue", "what makes the sky blue"},
         {"how old is it", "what is the age of it"}});
}

TEST(FocusTest, RequestsAndWhatIsUnclearAgree) {
  Agree({{"sort a list", "how do I sort a list"},
         {"sort a list", "can you sort a list"},
         {"what is it", "who is it"},
         {"can I learn it in a month", "how do I learn it in a month"},
         {"", "why"},
         {"where can I hire a painter", "how do I hire a painter"},
         {"tell me when it starts", "where does it start"}});
}

TEST(FocusTest, PoliteWordsAreNotTheQuestion) {
  Agree({{"can you tell me why it is red", "why is it red"},
         {"do you know who wrote it", "who wrote it"},
         {"can you see who reads it", "how do I see who reads it"}});
  Differ({{"can you tell me why it is red", "who made it red"}});
}

TEST(FocusTest, AConditionAsksNothing) {
  Agree({{"when I restart it, it stops", "why does it stop when I restart it"}});
}

TEST(FocusTest, OneQuestionOfSeveralIsEnough) {
  Agree({{"Why is it red? Who made it?", "who made it red"}});
}

TEST(FocusTest, TheReasonNamesBoth) {
  EXPECT_EQ(Refusal(GuardKind::kFocus, "when did it start", "why did it start"),
            "questions differ: \"when\" against \"why\"");
}

TEST(FocusTest, HowManyIsNotWhich) {
  Differ({{"how many moons does saturn have", "which moons does saturn have"},
          {"how many people were affected", "how long were people affected"},
          {"how many years was he president", "when was he president"}});
  Agree({{"how many days does it take", "how long does it take"},
         {"how many times did it win", "how often did it win"},
         {"how many business days does it take", "how long does it take"},
         {"how many days a week should I run", "how often should I run"},
         {"how many inches is a ruler", "how long is a ruler"}});
}

TEST(FocusTest, WhatIsCountedMayDiffer) {
  Differ({{"how many acres burned in the fire", "how many people died in the fire"},
          {"how many documents do I need to apply", "how many days do I need to apply"},
          {"how many moons does Neptune have", "how many rings does Neptune have"}});
  Agree({{"how many people finished the race", "how many runners finished the race"},
         {"how many staff does it have", "how many staff members does it have"},
         {"how many galaxies are in it", "how many gallaxies are in it"}});
}

TEST(FocusTest, ADegreeIsNoDuration) {
  Differ({{"how long is the recovery", "how painful is the recovery"},
          {"how old should a driver be", "how careful should a driver be"}});
  Agree({{"how painful is the recovery", "is the recovery painful"},
         {"how slow is the delivery", "how long is the delivery"},
         {"how fast is the delivery", "how long is the delivery"}});
}

TEST(FocusTest, WhoMayTellOfWhomItSpeaks) {
  Agree({{"how many people left in 2023", "count of residents who left in 2023"}});
  Differ({{"how many people left in 2023", "tell me who left in 2023"},
          {"when was it founded", "tell me the man who founded it"},
          {"when was it founded", "I forget who founded it"}});
}

TEST(FocusTest, WhatIsCountedIsANounWhateverStandsBeforeIt) {
  Agree({{"how many main types of rock are there", "how many different types of rock are there"},
         {"how many km is it from paris to rome", "how many kilometers is it from paris to rome"},
         {"how many times a day should I feed a puppy", "how many meals a day does a puppy need"},
         {"how many persons fit into the van", "how many passengers fit into the van"}});
  Differ({{"how many moons has jupiter", "how many rings has jupiter"}});
}

TEST(FocusTest, ACaseIsAWhen) {
  Agree({{"when do I use fewer", "in what cases do I use fewer"},
         {"how often should I walk a puppy", "how many walks a day does a puppy need"},
         {"drop columns of zeros, how", "how do I drop a column whose values are zeros"}});
  Differ({{"when does it snow", "in what country does it snow"},
          {"how many ibuprofen a day can I take", "how often can I take ibuprofen"}});
}

TEST(FocusTest, TheQuestionMayComeBehindAComma) {
  Differ({{"my passport expires in may and I want it by mail, how much does it cost",
           "my passport expires in may and I want it by mail, how long does it take"},
          {"where exactly is the gallbladder", "what exactly does the gallbladder do"}});
}

}  // namespace
}  // namespace semcached
