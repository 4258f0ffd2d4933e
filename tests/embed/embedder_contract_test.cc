// What every Embedder keeps, whichever it is.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <memory>

#include "embed/models.h"
#include "embed/stand_in_server.h"
#include "semcached/embed/http_embedder.h"
#include "support/fake_clock.h"
#include "support/fake_embedder.h"

namespace semcached {
namespace {

using Texts = std::vector<std::string_view>;
using Vectors = std::vector<std::vector<float>>;

// An embedder, and what has to live as long.
struct Candidate {
  std::shared_ptr<StandInServer> server;
  std::shared_ptr<Embedder> embedder;
};

struct Maker {
  const char* name;
  std::function<absl::StatusOr<Candidate>()> make;
};

absl::StatusOr<Candidate> MakeFake() {
  return Candidate{nullptr, std::make_shared<FakeEmbedder>()};
}

absl::StatusOr<Candidate> MakeOnnx() {
  ASSIGN_OR_RETURN(auto embedder, MakeOnnxEmbedder(RealModel()));
  return Candidate{nullptr, std::move(embedder)};
}

absl::StatusOr<Candidate> MakeHttp() {
  auto server = std::make_shared<StandInServer>();
  HttpEmbedderOptions options;
  options.url = server->url();
  options.model = "bag-of-words";
  options.dimension = 64;
  options.timeout = absl::Seconds(60);
  options.max_batch = 2;
  ASSIGN_OR_RETURN(auto embedder, MakeHttpEmbedder(options));
  return Candidate{std::move(server), std::move(embedder)};
}

class EmbedderContractTest : public testing::TestWithParam<Maker> {
 protected:
  void SetUp() override {
    absl::StatusOr<Candidate> made = GetParam().make();
    ASSERT_TRUE(made.ok()) << made.status();
    candidate_ = *std::move(made);
  }

  Embedder& embedder() { return *candidate_.embedder; }

  Vectors EmbedAll(const Texts& texts) {
    absl::StatusOr<Vectors> vectors = embedder().Embed(texts, Call(clock_));
    EXPECT_TRUE(vectors.ok()) << vectors.status();
    return vectors.ok() ? *std::move(vectors) : Vectors(texts.size());
  }

  FakeClock clock_;
  Candidate candidate_;
};

TEST_P(EmbedderContractTest, IdentityNamesTheDimension) {
  EXPECT_THAT(embedder().identity(), testing::EndsWith(absl::StrCat("/", embedder().dimension())));
}

TEST_P(EmbedderContractTest, GivesOneVectorOfLengthOneForEachText) {
  const Vectors vectors = EmbedAll(
      {"a cat", "the price of gold", "?!", "caf\xC3\xA9 \xE6\x9D\xB1\xE4\xBA\xAC", "night"});
  ASSERT_EQ(vectors.size(), 5U);
  for (const std::vector<float>& vector : vectors) {
    ASSERT_EQ(vector.size(), embedder().dimension());
    EXPECT_NEAR(std::sqrt(Cosine(vector, vector)), 1, 1e-6);
  }
}

TEST_P(EmbedderContractTest, VectorsComeInTheOrderOfTheTexts) {
  const Vectors all = EmbedAll({"apples", "steam engines", "the moon"});
  EXPECT_EQ(all[0], EmbedAll({"apples"})[0]);
  EXPECT_EQ(all[1], EmbedAll({"steam engines"})[0]);
  EXPECT_EQ(all[2], EmbedAll({"the moon"})[0]);
}

TEST_P(EmbedderContractTest, TextsOfAboutTheSameWordsAreNearerThanOthers) {
  const Vectors vectors = EmbedAll({"how do I reset my password", "how can I reset my password",
                                    "best soup for a winter evening"});
  EXPECT_GT(Cosine(vectors[0], vectors[1]), Cosine(vectors[0], vectors[2]) + 0.3);
}

TEST_P(EmbedderContractTest, RefusesNoTextAndEmptyTexts) {
  EXPECT_TRUE(absl::IsInvalidArgument(embedder().Embed({}, Call(clock_)).status()));
  const Texts with_empty = {"something", ""};
  EXPECT_TRUE(absl::IsInvalidArgument(embedder().Embed(with_empty, Call(clock_)).status()));
}

TEST_P(EmbedderContractTest, TakesBytesThatAreNoUtf8) {
  EXPECT_EQ(EmbedAll({"broken \xFF\xC3 bytes \xE6\x9D"})[0].size(), embedder().dimension());
}

TEST_P(EmbedderContractTest, ALongTextHasAVectorOfItsOwnOrNone) {
  std::string text;
  for (int i = 0; i < 5000; ++i) absl::StrAppend(&text, "word", i, " ");
  const Vectors vectors = EmbedAll({text, absl::StrCat(text, "but not at the end")});
  if (vectors[0].empty()) {
    EXPECT_TRUE(vectors[1].empty());
  } else {
    EXPECT_LT(Cosine(vectors[0], vectors[1]), 0.9999999);
  }
}

TEST_P(EmbedderContractTest, DoesNotStartWhatIsTooLate) {
  const Texts texts = {"late"};
  const Call late(clock_, clock_.Monotonic());
  EXPECT_TRUE(absl::IsDeadlineExceeded(embedder().Embed(texts, late).status()));
}

TEST_P(EmbedderContractTest, DoesNotStartWhatIsCancelled) {
  const Texts texts = {"cancelled"};
  const Call cancelled(clock_, clock_.Monotonic() + absl::Hours(1), [] { return true; });
  EXPECT_TRUE(absl::IsCancelled(embedder().Embed(texts, cancelled).status()));
}

INSTANTIATE_TEST_SUITE_P(All, EmbedderContractTest,
                         testing::Values(Maker{"Fake", MakeFake}, Maker{"Onnx", MakeOnnx},
                                         Maker{"Http", MakeHttp}),
                         [](const auto& instance) { return std::string(instance.param.name); });

}  // namespace
}  // namespace semcached
