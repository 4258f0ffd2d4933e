#include "semcached/replay/question_bank.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "semcached/base/hash.h"
#include "support/fake_embedder.h"
#include "support/temp_dir.h"

namespace semcached {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::UnorderedElementsAre;

class AllFactual final : public Classifier {
 public:
  Classification Classify(absl::Span<const float>) const override { return {"factual", true, 1}; }
};

// A text of which the last bit of the CRC-32 is as wanted.
std::string TextOf(bool for_reports, int number) {
  for (int i = 0;; ++i) {
    std::string text = "question " + std::to_string(number) + " no " + std::to_string(i);
    if ((Crc32(text) % 2 != 0) == for_reports) return text;
  }
}

CategoryPolicySet Policies() {
  CategoryPolicySet set;
  set.categories["factual"].category = "factual";
  set.categories["personal"].category = "personal";
  set.categories["personal"].allow_caching = false;
  set.default_category = "factual";
  return set;
}

class QuestionBankTest : public testing::Test {
 protected:
  QuestionSources Pairs(const std::string& rows) {
    QuestionSources sources;
    sources.pairs = directory_.Write("pairs.tsv", "source\tlabel\ttext_a\ttext_b\n" + rows);
    return sources;
  }
  TempDir directory_;
  FakeEmbedder embedder_;
};

TEST_F(QuestionBankTest, JoinsWhatLabelsJoin) {
  const std::string a = TextOf(true, 1);
  const std::string b = TextOf(true, 2);
  const auto intents = ReadIntents(Pairs("qqp\t1\t" + a + "\t" + b + "\n" +  //
                                         "qqp\t1\t" + b + "\tthird\n" +      //
                                         "qqp\t0\t" + a + "\tanother\n"));
  ASSERT_TRUE(intents.ok()) << intents.status();
  ASSERT_THAT(*intents, SizeIs(2));
  EXPECT_THAT((*intents)[0].texts, UnorderedElementsAre(a, b, "third"));
  EXPECT_THAT((*intents)[1].texts, UnorderedElementsAre("another"));
}

TEST_F(QuestionBankTest, LeavesOutWhatIsForTuning) {
  const auto intents = ReadIntents(Pairs("qqp\t1\t" + TextOf(false, 1) + "\tb\n"));
  ASSERT_TRUE(intents.ok()) << intents.status();
  EXPECT_THAT(*intents, IsEmpty());
}

TEST_F(QuestionBankTest, AnOppositeIsAnIntentOfItsOwn) {
  QuestionSources sources;
  sources.own_queries = directory_.Write("own.tsv",
                                         "category\tgroup\tkind\ttext\n"
                                         "code\tg1\tbase\tsort up\n"
                                         "code\tg1\tparaphrase\tsort upwards\n"
                                         "code\tg1\topposite\tsort down\n");
  const auto intents = ReadIntents(sources);
  ASSERT_TRUE(intents.ok()) << intents.status();
  ASSERT_THAT(*intents, SizeIs(2));
  EXPECT_THAT((*intents)[0].texts, UnorderedElementsAre("sort up", "sort upwards"));
  EXPECT_THAT((*intents)[1].texts, UnorderedElementsAre("sort down"));
  EXPECT_EQ((*intents)[1].category, "code");
}

TEST_F(QuestionBankTest, RareQueriesAreThoseOfTheNamedSources) {
  QuestionSources sources;
  sources.queries = directory_.Write("queries.tsv",
                                     "source\tcategory\tintent\ttext\n"
                                     "forum\ttech\tx\thow to mount a disk\n"
                                     "exam\tlaw\tx\twhat is a tort\n"
                                     "exam\tart\tx\twho painted it\n");
  sources.rare = {{"code", {"forum"}}, {"legal", {"exam/law"}}};
  const auto intents = ReadIntents(sources);
  ASSERT_TRUE(intents.ok()) << intents.status();
  ASSERT_THAT(*intents, SizeIs(2));
  EXPECT_EQ((*intents)[0].category, "code");
  EXPECT_EQ((*intents)[1].category, "legal");
  EXPECT_THAT((*intents)[1].texts, UnorderedElementsAre("what is a tort"));
}

TEST_F(QuestionBankTest, NamesTheLineThatIsWrong) {
  EXPECT_THAT(ReadIntents(Pairs("qqp\t1\n")).status().message(), HasSubstr("pairs.tsv:2:"));
}

TEST_F(QuestionBankTest, ClassifiesWhatHasNoCategoryAndKeepsNothingPrivate) {
  const auto bank = MakeBank({{"", {"sea", "ocean"}}, {"personal", {"my sea"}}}, Policies(),
                             AllFactual(), &embedder_);
  ASSERT_TRUE(bank.ok()) << bank.status();
  ASSERT_THAT(bank->intents, SizeIs(1));
  EXPECT_EQ(bank->intents[0].category, "factual");
  EXPECT_THAT(bank->by_category.at("factual"), SizeIs(1));
  EXPECT_EQ(bank->VectorOf("ocean").size(), embedder_.dimension());
}

}  // namespace
}  // namespace semcached
