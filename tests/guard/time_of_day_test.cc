#include "guard/pairs.h"

namespace semcached {
namespace {

void Differ(const std::vector<Pair>& pairs) { ExpectRefused(GuardKind::kNumbers, pairs); }
void Agree(const std::vector<Pair>& pairs) { ExpectPassed(GuardKind::kNumbers, pairs); }

TEST(TimeOfDayTest, TimesOfDayAgreeInTheirSpellings) {
  Agree({{"check in before 3 pm", "check in before 15:00"},
         {"send it at 9 a.m.", "send it at 9:00 AM"},
         {"run a job at midnight", "run a job at 00:00"},
         {"closed at noon", "closed at 12:00"},
         {"the train at 9:15", "the 9:15 train"},
         {"does it open at 9:30", "does it open at 9:30 am"},
         {"mix them 1:10", "mix them 1 to 10"}});
  Differ({{"check in before 3 pm", "check in before 3 am"},
          {"check in before 15:00", "check in before 16:00"},
          {"run a job at midnight", "run a job at noon"},
          {"is it dark in Oslo at 4:00", "is it dark in Oslo at 16:00"},
          {"the train at 12:00", "the train at 00:00"},
          {"mix them 1:10", "mix them 1:12"},
          {"leave at 9:15", "leave at 9:45"}});
}

}  // namespace
}  // namespace semcached
