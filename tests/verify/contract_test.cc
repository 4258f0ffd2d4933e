// What every verifier promises.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include "semcached/verify/learned_verifier.h"
#include "support/fake_clock.h"
#include "support/fake_verifier.h"
#include "support/vectors.h"
#include "verify/features.h"

namespace semcached {
namespace {

constexpr size_t kDimension = 8;
constexpr char kIdentity[] = "mini@1/8";

std::shared_ptr<const Verifier> Learned() {
  std::mt19937_64 random(3);
  std::normal_distribution<float> normal(0, 0.1F);
  VerifierModel model;
  model.dimension = kDimension;
  for (int i = 0; i < 2; ++i) {
    VerifierNetwork network;
    network.hidden.resize(verify::FeatureCount(kDimension) * VerifierNetwork::kHidden);
    network.hidden_bias.resize(VerifierNetwork::kHidden);
    network.output.resize(VerifierNetwork::kHidden);
    for (float& weight : network.hidden) weight = normal(random);
    for (float& weight : network.output) weight = normal(random);
    model.networks.push_back(network);
  }
  return *MakeLearnedVerifier(kIdentity, model);
}

std::shared_ptr<const Verifier> Fake() { return std::make_shared<FakeVerifier>(kIdentity, 0.7); }

using Make = std::function<std::shared_ptr<const Verifier>()>;

class VerifierContractTest : public ::testing::TestWithParam<std::pair<const char*, Make>> {
 protected:
  FakeClock clock_;
  const Call call_{clock_};
  const std::shared_ptr<const Verifier> verifier_ = GetParam().second();
  const std::vector<float> u_ = Axis(0);
  const std::vector<float> v_ = Near(0, 0.9);
  const VerifyCandidate candidate_ = {"turn on dark mode", "how to turn off dark mode", u_, v_,
                                      0.9};
};

TEST_P(VerifierContractTest, HasANameAndTheIdentityItWasMadeFor) {
  EXPECT_FALSE(verifier_->name().empty());
  EXPECT_EQ(verifier_->identity(), kIdentity);
}

TEST_P(VerifierContractTest, AScoreIsAShareAndTheSameEachTime) {
  const absl::StatusOr<double> score = verifier_->Score(candidate_, call_);
  ASSERT_TRUE(score.ok()) << score.status();
  EXPECT_GE(*score, 0);
  EXPECT_LE(*score, 1);
  EXPECT_EQ(*verifier_->Score(candidate_, call_), *score);
}

TEST_P(VerifierContractTest, WhoAsksAndWhoAnsweredDoesNotMatter) {
  const VerifyCandidate exchanged = {candidate_.cached_query, candidate_.query,
                                     candidate_.cached_vector, candidate_.query_vector, 0.9};
  EXPECT_EQ(*verifier_->Score(exchanged, call_), *verifier_->Score(candidate_, call_));
}

TEST_P(VerifierContractTest, AMissingTextIsAnInvalidArgument) {
  VerifyCandidate candidate = candidate_;
  candidate.cached_query = "";
  EXPECT_TRUE(absl::IsInvalidArgument(verifier_->Score(candidate, call_).status()));
}

TEST_P(VerifierContractTest, AnyBytesGiveAScore) {
  VerifyCandidate candidate = candidate_;
  const std::string bytes("\xff\xc0\0'.,9.'\xe2\x82", 11);
  const std::string long_text(5000, 'a');
  const std::string points(300, '.');
  for (const std::string& text : {bytes, long_text, points}) {
    candidate.cached_query = text;
    const absl::StatusOr<double> score = verifier_->Score(candidate, call_);
    ASSERT_TRUE(score.ok());
    EXPECT_TRUE(std::isfinite(*score));
  }
}

TEST_P(VerifierContractTest, ACallThatIsOverIsNotAnswered) {
  const Call late(clock_, clock_.Monotonic());
  EXPECT_TRUE(absl::IsDeadlineExceeded(verifier_->Score(candidate_, late).status()));
  const Call cancelled(clock_, clock_.Monotonic() + absl::Hours(1), [] { return true; });
  EXPECT_TRUE(absl::IsCancelled(verifier_->Score(candidate_, cancelled).status()));
}

TEST_P(VerifierContractTest, ManyThreadsMayAsk) {
  const double expected = *verifier_->Score(candidate_, call_);
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int k = 0; k < 50; ++k) EXPECT_EQ(*verifier_->Score(candidate_, call_), expected);
    });
  }
  for (std::thread& thread : threads) thread.join();
}

INSTANTIATE_TEST_SUITE_P(All, VerifierContractTest,
                         ::testing::Values(std::pair<const char*, Make>("Learned", Learned),
                                           std::pair<const char*, Make>("Fake", Fake)),
                         [](const auto& each) { return each.param.first; });

TEST(LearnedVerifierTest, VectorsOfAnotherDimensionAreAnInvalidArgument) {
  FakeClock clock;
  const std::vector<float> u = Axis(0, 9);
  const absl::Status status =
      Learned()->Score({"a text", "another", u, u, 1}, Call(clock)).status();
  EXPECT_TRUE(absl::IsInvalidArgument(status)) << status;
}

TEST(LearnedVerifierTest, WeightsThatDoNotFitAreRefused) {
  VerifierModel model;
  model.dimension = kDimension;
  EXPECT_TRUE(absl::IsInvalidArgument(MakeLearnedVerifier(kIdentity, model).status()));
  VerifierNetwork network;
  network.hidden.resize(verify::FeatureCount(kDimension) * VerifierNetwork::kHidden);
  network.hidden_bias.resize(VerifierNetwork::kHidden);
  network.output.resize(VerifierNetwork::kHidden);
  model.networks = {network};
  EXPECT_TRUE(MakeLearnedVerifier(kIdentity, model).ok());
  model.networks[0].output[3] = std::nanf("");
  EXPECT_TRUE(absl::IsInvalidArgument(MakeLearnedVerifier(kIdentity, model).status()));
  model.networks = {network};
  model.dimension = kDimension + 1;
  EXPECT_TRUE(absl::IsInvalidArgument(MakeLearnedVerifier(kIdentity, model).status()));
}

}  // namespace
}  // namespace semcached
