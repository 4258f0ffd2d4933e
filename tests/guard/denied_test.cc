#include "guard/pairs.h"

namespace semcached {
namespace {

void Differ(const std::vector<Pair>& pairs) { ExpectRefused(GuardKind::kNegation, pairs); }
void Agree(const std::vector<Pair>& pairs) { ExpectPassed(GuardKind::kNegation, pairs); }

TEST(DeniedTest, OtherThingsAreDenied) {
  Differ({{"charged but never delivered", "delivered but never charged"},
          {"my baby is crawling but not walking", "my baby is walking but not crawling"},
          {"lasagne with an oven but no sheets", "lasagne without an oven, just a stove"},
          {"they got the job", "they did not get the job"}});
  Agree({{"why can't dogs eat chocolate", "why is it that chocolate can't be eaten by dogs"},
         {"a sick day without a doctor's note", "a sick day if I don't have a note from a doctor"},
         {"I don't believe that the landlord can evict me",
          "I believe that the landlord can't evict me"},
         {"it doesn't seem like it was processed", "it seems it was not processed"}});
}

TEST(DeniedTest, WhatIsStoppedIsDenied) {
  Differ({{"make the service start at boot", "stop the service from starting at boot"},
          {"get the service to start at boot", "stop the service from starting at boot"},
          {"keep it charging to 100 %", "keep it from charging to 100 %"},
          {"stop my laptop from charging past 80 %", "my laptop won't charge past 80 %"},
          {"keep an avocado from browning with lemon",
           "keep an avocado from browning without lemon"}});
  Agree({{"keep an avocado from browning", "stop an avocado from browning"},
         {"stop an avocado from browning", "stop an avocado browning"},
         {"protect a sheet from being edited", "protect a sheet so that it can't be edited"},
         {"keep my hands from sweating", "my hands are sweating, what can I do"}});
}

TEST(DeniedTest, WhatDoesNotStopIsKept) {
  Agree({{"my toilet doesn't stop running", "my toilet keeps running"}});
  Differ({{"keep my plan if I don't stop working", "keep my plan if I stop working"},
          {"my toilet doesn't stop running", "how do I stop my toilet running, I keep trying"}});
}

TEST(DeniedTest, NotToKnowIsToAsk) {
  Agree({{"how do I swim", "I don't know how I swim"},
         {"I do not know how to swim", "I don't know how to swim"}});
  Differ({{"can I join if I don't know how to swim", "can I join if I know how to swim"}});
}

TEST(DeniedTest, WhatIsLeftIsNotDeleted) {
  Agree(
      {{"stop tracking it without deleting the file", "stop tracking it while keeping the file"}});
  Differ({{"remove it from git without deleting it", "remove it from git and delete it"}});
}

TEST(DeniedTest, FreeOfSomethingIsWithoutIt) {
  Agree({{"withdraw without a penalty", "penalty free withdrawal"}});
  Differ({{"is there no delivery on sundays", "is delivery free on sundays"}});
}

}  // namespace
}  // namespace semcached
