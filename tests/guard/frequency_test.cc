#include "guard/pairs.h"

namespace semcached {
namespace {

void Differ(const std::vector<Pair>& pairs) { ExpectRefused(GuardKind::kNumbers, pairs); }
void Agree(const std::vector<Pair>& pairs) { ExpectPassed(GuardKind::kNumbers, pairs); }

TEST(FrequencyTest, HowOftenItIsDone) {
  Differ({{"I take it once a day", "I take it four times a day"},
          {"feed it twice daily", "feed it three times daily"}});
  Agree({{"I take it twice a day", "I take it two times a day"},
         {"it is paid four times a year", "it is paid once a quarter"}});
}

}  // namespace
}  // namespace semcached
