#include "guard/pairs.h"

namespace semcached {
namespace {

void Differ(const std::vector<Pair>& pairs) { ExpectRefused(GuardKind::kRoles, pairs); }
void Agree(const std::vector<Pair>& pairs) { ExpectPassed(GuardKind::kRoles, pairs); }

TEST(RolesTest, SwappedRolesDiffer) {
  Differ({{"did Rome defeat Carthage", "did Carthage defeat Rome"},
          {"convert celsius to fahrenheit", "convert fahrenheit to celsius"},
          {"flights from Oslo to Madrid", "flights from Madrid to Oslo"},
          {"can a landlord sue a tenant", "can a tenant sue a landlord"},
          {"is a leopard faster than a lion", "is a lion faster than a leopard"},
          {"import json into csv", "import csv into json"}});
}

TEST(RolesTest, AnotherOrderOfTheSameRolesAgrees) {
  Agree({{"flights from Oslo to Madrid", "flights to Madrid from Oslo"},
         {"convert from celsius to fahrenheit", "convert celsius to fahrenheit"},
         {"in python, sort a list", "sort a list in python"}});
}

TEST(RolesTest, APassiveKeepsTheRoles) {
  Agree({{"Rome defeated Carthage", "Carthage was defeated by Rome"},
         {"did Rome destroy Carthage", "was Carthage destroyed by Rome"}});
  Differ({{"Rome defeated Carthage", "Rome was defeated by Carthage"}});
}

TEST(RolesTest, EqualsMayTradePlaces) {
  Agree({{"tcp vs udp", "udp vs tcp"},
         {"mix salt and sugar", "mix sugar and salt"},
         {"which is better, tea or coffee", "which is better, coffee or tea"}});
}

TEST(RolesTest, TextsOfOtherWordsAreNotCompared) {
  Agree({{"did Rome defeat Carthage in Africa", "Carthage, why did it lose to Rome"}});
}

TEST(RolesTest, IAndYouTradePlaces) {
  ExpectRefused(GuardKind::kRoles, {{"can i call you", "can you call me"},
                                    {"how do i send you money", "how do you send me money"}});
  ExpectPassed(GuardKind::kRoles, {{"can you tell me how i fix it", "how do i fix it"},
                                   {"can you help me", "will you help me"}});
}

TEST(RolesTest, TheReasonNamesBoth) {
  EXPECT_EQ(Refusal(GuardKind::kRoles, "did Rome defeat Carthage", "did Carthage defeat Rome"),
            "roles are swapped: \"rome\" and \"carthage\"");
}

TEST(RolesTest, WhoIsAskedForDoesOrSuffers) {
  Differ({{"what animals do lions hunt", "what animals hunt lions"},
          {"which generals did napoleon defeat", "which generals defeated napoleon"},
          {"what causes rust", "what does rust cause"}});
  Agree({{"what does serendipity mean", "what is the meaning of serendipity"},
         {"which countries border france", "which countries does france border"}});
}

TEST(RolesTest, EqualsMayTradePlacesWithWhatTheyDescribe) {
  Agree({{"how do a real gas and an ideal gas differ", "how do an ideal gas and a real gas differ"},
         {"a real gas vs ideal gas", "ideal gas vs a real gas"}});
}

TEST(RolesTest, WhoseItIsMayFollowTheRole) {
  Differ({{"can a mother pass it to her baby", "can a baby pass it to its mother"}});
}

TEST(RolesTest, AComparisonMayBeTurnedInOtherWords) {
  Differ({{"is Melbourne cheaper than Sydney for hotels",
           "are hotels in Sydney cheaper than they are in Melbourne"},
          {"does sourdough have more fibre than rye bread",
           "has rye bread got more fiber in it than sourdough"}});
  Agree({{"is Brazil larger than Argentina", "is Argentina smaller than Brazil"},
         {"does tap water have more minerals than bottled water",
          "does bottled water have fewer minerals than tap water"}});
}

TEST(RolesTest, WhatIsExchangedMayBeNamedTwice) {
  Differ({{"replace butter with oil in brownies, how much oil",
           "replace oil with butter in brownies, how much butter"},
          {"exchange a large hoodie for a medium, is medium in stock",
           "exchange a medium hoodie for a large, is large in stock"},
          {"can I substitute oil for butter", "can I substitute oil with butter"}});
  Agree({{"can I substitute oil for butter, how much oil",
          "can I substitute butter with oil, how much oil"}});
}

TEST(RolesTest, EqualsMayShareTheirNoun) {
  Agree({{"what is the difference between inner join and left join",
          "left join vs inner join, how do they differ"}});
}

TEST(RolesTest, EqualsMayShareWhatLeadsThem) {
  Agree({{"what's the difference between git merge and git rebase",
          "git rebase vs git merge, how do they differ"}});
}

TEST(RolesTest, WhoDoesItToTheSpeaker) {
  Differ({{"my landlord is suing me for rent", "I'm suing my landlord for a deposit"},
          {"I lent my brother money and he won't pay", "my brother lent me money and I can't pay"},
          {"someone rear-ended me at a light", "I rear-ended someone at a light"},
          {"when a supplier owes us a refund", "when we owe a customer a refund"}});
  Agree({{"did my boss fire me", "was I fired by my boss"},
         {"they owe me money", "I'm owed money"},
         {"can you upgrade me to business class", "can I upgrade to business class"},
         {"find me cheap flights", "how can I find cheap flights"},
         {"my company is moving me to texas", "I'm moving to texas for my company"},
         {"can one buy US stocks", "can I buy american stocks"}});
}

TEST(RolesTest, WhatIsWhat) {
  Differ({{"is every square a rectangle", "is every rectangle a square"}});
}

TEST(RolesTest, OneExchangeInOtherWordsAgrees) {
  Agree(
      {{"can I use fresh yeast in place of dry yeast", "can I replace dry yeast with fresh yeast"},
       {"use oil instead of butter", "replace butter with oil"}});
  Differ({{"can I use oil instead of butter", "can I use butter instead of oil"}});
}

TEST(RolesTest, WhomOneDidItToAndWhoDidIt) {
  Differ({{"which US president did johnson succeed", "which US president succeeded johnson"}});
}

}  // namespace
}  // namespace semcached
