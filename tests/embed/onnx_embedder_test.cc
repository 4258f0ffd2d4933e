#include "semcached/embed/onnx_embedder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <thread>

#include "embed/models.h"
#include "embed/sentence_encoder.h"
#include "embed/stand_alone.h"
#include "support/fake_clock.h"
#include "support/temp_dir.h"

namespace semcached {
namespace {

using Texts = std::vector<std::string_view>;
using Vectors = std::vector<std::vector<float>>;
using testing::HasSubstr;

class OnnxEmbedderTest : public testing::Test {
 protected:
  void SetUp() override {
    absl::StatusOr<std::unique_ptr<Embedder>> made = MakeOnnxEmbedder(RealModel());
    ASSERT_TRUE(made.ok()) << made.status();
    embedder_ = *std::move(made);
  }

  Vectors EmbedAll(const Texts& texts) {
    absl::StatusOr<Vectors> vectors = embedder_->Embed(texts, Call(clock_));
    EXPECT_TRUE(vectors.ok()) << vectors.status();
    return vectors.ok() ? *std::move(vectors) : Vectors(texts.size());
  }

  double Similarity(std::string_view a, std::string_view b) {
    const Vectors vectors = EmbedAll({a, b});
    return Cosine(vectors[0], vectors[1]);
  }

  FakeClock clock_;
  std::unique_ptr<Embedder> embedder_;
};

TEST_F(OnnxEmbedderTest, IdentityIsThatOfTheFile) {
  EXPECT_EQ(embedder_->identity(), "all-MiniLM-L6-v2@4a668a07/384");
  EXPECT_EQ(embedder_->dimension(), 384U);
  EXPECT_TRUE(embedder_->is_local());
}

TEST_F(OnnxEmbedderTest, ParaphrasesAreNearAndOtherTextsFar) {
  EXPECT_GT(Similarity("How can I get my money back?", "What do I do to receive a refund?"), 0.6);
  EXPECT_LT(Similarity("How can I get my money back?", "Which planets have rings?"), 0.3);
}

// Why there are guards.
TEST_F(OnnxEmbedderTest, OppositesAreNearToo) {
  EXPECT_NEAR(Similarity("How do I turn on dark mode?", "How do I turn off dark mode?"), 0.9, 0.08);
}

// Else each text has a run of its own, and nothing fails.
TEST_F(OnnxEmbedderTest, TheShippedModelLetsTextsShareRuns) {
  std::ifstream file(RealModel().model_path, std::ios::binary);
  const std::string model(std::istreambuf_iterator<char>(file), {});
  constexpr int64_t kLargestId = 30'521;
  auto encoder = MakeSentenceEncoder(model, 1, 256, kLargestId);
  ASSERT_TRUE(encoder.ok()) << encoder.status();
  EXPECT_TRUE(VectorsStandAlone(encoder->get(), kLargestId, 256));
}

// Other runs than those of the trial.
TEST_F(OnnxEmbedderTest, NoNeighbourMovesAVector) {
  std::vector<std::string> words = {"how", "do", "i", "list", "files", "in", "a", "folder", "of"};
  std::vector<std::string> texts;
  for (size_t length = 1; length <= 60; length += 3) {
    std::string& text = texts.emplace_back();
    for (size_t i = 0; i < length; ++i) {
      text += words[(i * length + i / words.size()) % words.size()] + " ";
    }
  }
  const Vectors together = EmbedAll({texts.begin(), texts.end()});
  for (size_t i = 0; i < texts.size(); ++i) {
    EXPECT_EQ(EmbedAll({texts[i]})[0], together[i]) << texts[i];
  }
}

// They share a run: their lengths are near.
TEST_F(OnnxEmbedderTest, NeighboursInARunDoNotMoveAVector) {
  const Vectors alone = EmbedAll({"How do I turn on dark mode?"});
  const Vectors beside =
      EmbedAll({"Dark mode, please", "How do I turn on dark mode?",
                "Which numbers such as 1,048,576 are round?", "How do I turn off dark mode?"});
  EXPECT_EQ(alone[0], beside[1]);
}

// Both had the vector of what came before the cut, and were each other's paraphrases.
TEST_F(OnnxEmbedderTest, ATextThatIsCutHasNoVector) {
  std::string text;
  for (int i = 0; i < 300; ++i) text += "page ";
  const auto vectors = EmbedAll({text + "summarise it", text + "translate it", "summarise it"});
  EXPECT_TRUE(vectors[0].empty());
  EXPECT_TRUE(vectors[1].empty());
  EXPECT_FALSE(vectors[2].empty());
}

// Buying and selling stocks, in Chinese: five unknown words each, hence one vector.
TEST_F(OnnxEmbedderTest, ATextOfUnknownWordsHasNoVector) {
  const auto vectors = EmbedAll(
      {"\u600e\u4e48\u4e70\u80a1\u7968", "\u600e\u4e48\u5356\u80a1\u7968", "\U0001F600", "\u200b"});
  for (const auto& vector : vectors) EXPECT_TRUE(vector.empty());
}

TEST_F(OnnxEmbedderTest, StopsBetweenRunsWhenCancelled) {
  const std::string longer = "What is the difference between a B-tree and a log-structured tree?";
  const std::string longest = longer + " " + longer + " " + longer;
  const Texts texts = {"one", longer, longest, "four"};  // of three lengths: three runs
  // Once at the start, for each text that waits for the first run, and then it is over.
  int looks = 0;
  const Call call(clock_, clock_.Monotonic() + absl::Hours(1), [&looks] { return ++looks > 5; });
  EXPECT_TRUE(absl::IsCancelled(embedder_->Embed(texts, call).status()));
}

TEST_F(OnnxEmbedderTest, ThreadsGetTheSameVectors) {
  const Texts texts = {"How do I turn on dark mode?", "hello", "What is the capital of France?",
                       "Explain how a B-tree splits a node when it is full."};
  const Vectors expected = EmbedAll(texts);
  std::vector<Vectors> results(4);
  std::vector<std::thread> threads;
  for (Vectors& result : results) {
    threads.emplace_back([&] {
      for (int i = 0; i < 5; ++i) result = EmbedAll(texts);
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const Vectors& result : results) EXPECT_EQ(result, expected);
}

class MakeOnnxEmbedderTest : public testing::Test {
 protected:
  absl::Status Make() { return MakeOnnxEmbedder(options_).status(); }

  TempDir directory_;
  OnnxEmbedderOptions options_ = RealModel();
};

TEST_F(MakeOnnxEmbedderTest, NamesAMissingFileAndTheRemedy) {
  options_.model_path = directory_ / "absent.onnx";
  const absl::Status status = Make();
  EXPECT_TRUE(absl::IsNotFound(status)) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr(options_.model_path));
  EXPECT_THAT(std::string(status.message()), HasSubstr("scripts/install.sh"));
  options_ = RealModel();
  options_.tokenizer_path = directory_.path();
  EXPECT_TRUE(absl::IsNotFound(Make()));
}

TEST_F(MakeOnnxEmbedderTest, RefusesAFileThatIsNoModel) {
  options_.model_path = directory_.Write("broken.onnx", "this is no model");
  const absl::Status status = Make();
  EXPECT_TRUE(absl::IsInvalidArgument(status)) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr(options_.model_path));
}

TEST_F(MakeOnnxEmbedderTest, RefusesATokenizerThatIsNone) {
  options_.tokenizer_path = directory_.Write("tokenizer.json", "{}");
  const absl::Status status = Make();
  EXPECT_TRUE(absl::IsInvalidArgument(status)) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr(options_.tokenizer_path));
}

TEST_F(MakeOnnxEmbedderTest, RefusesATokenizerOfALargerVocabulary) {
  options_.tokenizer_path = directory_.Write("tokenizer.json", R"({
    "normalizer": {"type": "BertNormalizer"}, "pre_tokenizer": {"type": "BertPreTokenizer"},
    "model": {"type": "WordPiece", "vocab": {"[UNK]": 0, "[CLS]": 1, "[SEP]": 30522}}})");
  const absl::Status status = Make();
  EXPECT_TRUE(absl::IsInvalidArgument(status)) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr("belongs to another model"));
}

TEST_F(MakeOnnxEmbedderTest, RefusesMoreTokensThanTheModelTakes) {
  options_.max_tokens = 512;
  EXPECT_TRUE(Make().ok()) << Make();
  options_.max_tokens = 513;
  const absl::Status status = Make();
  EXPECT_TRUE(absl::IsInvalidArgument(status)) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr("max_tokens = 513"));
}

TEST_F(MakeOnnxEmbedderTest, RefusesOptionsOutOfRange) {
  options_.max_tokens = 2;
  EXPECT_TRUE(absl::IsInvalidArgument(Make()));
  options_ = RealModel();
  options_.threads = 0;
  EXPECT_TRUE(absl::IsInvalidArgument(Make()));
}

}  // namespace
}  // namespace semcached
