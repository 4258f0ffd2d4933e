#include "eval/pair_sets.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/temp_dir.h"

namespace semcached::eval {
namespace {

using ::testing::SizeIs;

TEST(DataPairs, TakesTheSamePairsOfEachSourceAndHalf) {
  const TempDir directory;
  std::string content = "source\tlabel\ttext_a\ttext_b\n";
  for (int i = 0; i < 100; ++i) {
    content += "qqp\t1\tquestion " + std::to_string(i) + "\tother\n";
    content += "mrpc_test\t0\tsentence " + std::to_string(i) + "\tother\n";
  }
  const std::string file = directory.Write("pairs.tsv", content);
  const auto few = DataPairs(file, 5);
  ASSERT_TRUE(few.ok()) << few.status();
  EXPECT_THAT(*few, SizeIs(2 * 2 * 5));
  const auto again = DataPairs(file, 5);
  for (size_t i = 0; i < few->size(); ++i) {
    EXPECT_EQ((*few)[i].pair.text_a, (*again)[i].pair.text_a);
    EXPECT_TRUE(IsIn((*few)[i].pair, (*few)[i].half));
  }
  EXPECT_THAT(*DataPairs(file, 1'000), SizeIs(200));
}

TEST(DataPairs, JoinsThePartsOfASetAndNamesItsCategory) {
  const TempDir directory;
  const auto rows = DataPairs(directory.Write("pairs.tsv",
                                              "source\tlabel\ttext_a\ttext_b\n"
                                              "gsmplus_math_paraphrase\t1\ta\tb\n"),
                              10);
  ASSERT_TRUE(rows.ok()) << rows.status();
  ASSERT_THAT(*rows, SizeIs(1));
  EXPECT_EQ(rows->front().pair.source, "gsmplus");
  EXPECT_EQ(rows->front().kind, "gsmplus_math_paraphrase");
  EXPECT_EQ(rows->front().category, "math");
}

TEST(OppositePairs, HoldTheOppositeThenTheParaphraseInOneHalf) {
  const auto pairs = OppositePairs({{"unit", "math", "5 km", "5 miles", "five kilometres"}});
  ASSERT_THAT(pairs, SizeIs(2));
  EXPECT_FALSE(pairs[0].pair.duplicate);
  EXPECT_EQ(pairs[0].pair.text_b, "5 miles");
  EXPECT_TRUE(pairs[1].pair.duplicate);
  EXPECT_EQ(pairs[1].pair.text_b, "five kilometres");
  EXPECT_EQ(pairs[0].half, pairs[1].half);
}

TEST(JudgedPair, IsServedAtItsThresholdUnlessAGuardRefuses) {
  JudgedPair row;
  row.similarity = 0.8;
  row.refused_by = Bit(GuardKind::kNegation);
  EXPECT_TRUE(row.IsServedAt(0.8, 0));
  EXPECT_FALSE(row.IsServedAt(0.81, 0));
  EXPECT_TRUE(row.IsServedAt(0.8, Bit(GuardKind::kNumbers)));
  EXPECT_FALSE(row.IsServedAt(0.8, Bit(GuardKind::kNumbers) | Bit(GuardKind::kNegation)));
  row.exact = true;
  EXPECT_TRUE(row.IsServedAt(1.01, Bit(GuardKind::kNegation)));
}

TEST(GuardsOf, KnowsEveryGuardByItsName) {
  EXPECT_EQ(GuardsOf({}), 0U);
  EXPECT_EQ(GuardsOf({"negation", "verifier"}), Bit(GuardKind::kNegation));
  std::vector<std::string> names;
  GuardSet all = 0;
  for (const GuardKind guard : kAllGuards) {
    names.emplace_back(Name(guard));
    all |= Bit(guard);
  }
  EXPECT_GE(names.size(), 3U);
  EXPECT_EQ(GuardsOf(names), all);
}

}  // namespace
}  // namespace semcached::eval
