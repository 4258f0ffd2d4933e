// The hand-written pairs of pairs.tsv: what all guards together refuse of them.
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "semcached/guard/guard.h"
#include "support/source_file.h"

namespace semcached {
namespace {

struct Rate {
  size_t pairs = 0;
  size_t refused = 0;
  std::string passed;  // or refused, of paraphrases: for the message

  double refused_share() const { return static_cast<double>(refused) / static_cast<double>(pairs); }
};

std::map<std::string, Rate> ReadRates() {
  std::map<std::string, Rate> rates;
  std::ifstream input(SourceFile("tests/guard/pairs.tsv"));
  std::string line;
  std::getline(input, line);
  while (std::getline(input, line)) {
    std::stringstream fields(line);
    std::string kind, label, a, b;
    std::getline(fields, kind, '\t');
    std::getline(fields, label, '\t');
    std::getline(fields, a, '\t');
    std::getline(fields, b);
    const bool refused = !CheckEachGuard(kAllGuards, GuardText(a), GuardText(b)).empty();
    Rate& rate = rates[kind];
    ++rate.pairs;
    rate.refused += refused ? 1 : 0;
    if (refused == (label == "1")) rate.passed += a + " | " + b + "\n";
  }
  return rates;
}

TEST(PairSetTest, OppositesAreRefusedAndParaphrasesPass) {
  const std::map<std::string, Rate> rates = ReadRates();
  ASSERT_EQ(rates.size(), 13u);
  for (const auto& [kind, rate] : rates) {
    ASSERT_GE(rate.pairs, 8u) << kind;
    if (kind == "paraphrase") {
      EXPECT_LE(rate.refused_share(), 0.05) << rate.passed;
    } else {
      EXPECT_GE(rate.refused_share(), 0.85) << kind << ":\n" << rate.passed;
    }
  }
}

}  // namespace
}  // namespace semcached
