// The hand-written pairs of pairs.tsv: what all guards together refuse of them.
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <sstream>
#include <string>

#include "semcached/guard/guard.h"
#include "support/source_file.h"

namespace semcached {
namespace {

// Of two kinds it is known that the guards judge them wrongly: near-opposites that they do not see,
// and paraphrases that they are too strict with. Whoever teaches them one gives it its own kind.
bool IsJudgedWrongly(const std::string& kind) { return kind == "unseen" || kind == "strict"; }

TEST(PairSetTest, OppositesAreRefusedAndParaphrasesPass) {
  std::map<std::string, int> kinds;
  std::ifstream input(SourceFile("tests/guard/pairs.tsv"));
  std::string line;
  std::getline(input, line);
  ASSERT_EQ(line, "kind\tlabel\ttext_a\ttext_b");
  while (std::getline(input, line)) {
    std::stringstream fields(line);
    std::string kind, label, a, b;
    std::getline(fields, kind, '\t');
    std::getline(fields, label, '\t');
    std::getline(fields, a, '\t');
    std::getline(fields, b);
    ++kinds[kind];
    const bool refused = !CheckEachGuard(kAllGuards, GuardText(a), GuardText(b)).empty();
    EXPECT_EQ(refused, (label == "0") != IsJudgedWrongly(kind)) << line;
  }
  EXPECT_EQ(kinds.size(), 15U);
  EXPECT_GT(kinds["paraphrase"], 200);
  EXPECT_LE(kinds["unseen"] + kinds["strict"], 29);
}

}  // namespace
}  // namespace semcached
