#include "embed/shared_runs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <new>
#include <random>
#include <thread>

#include "embed/shared_runs_fixture.h"

namespace semcached {
namespace {

using testing::ElementsAre;

class SharedRunsTest : public SharedRunsFixture {};

// Throws, or gives no vectors, if the text named 1 is in the run.
class BrokenModel final : public SentenceEncoder {
 public:
  explicit BrokenModel(bool throws) : throws_(throws) {}
  size_t dimension() const override { return 1; }
  absl::StatusOr<Vectors> Encode(absl::Span<const Tokens* const> texts) override {
    for (const Tokens* text : texts) {
      if (text->front() != 1) continue;
      if (throws_) throw std::bad_alloc();
      return Vectors();
    }
    return Vectors(texts.size(), {5});
  }

 private:
  const bool throws_;
};

TEST_F(SharedRunsTest, OneTextAloneRunsAtOnce) {
  Make(1, 16);
  const auto vectors = runs_->Run({Text(5, 7)}, Call(clock_));
  ASSERT_TRUE(vectors.ok()) << vectors.status();
  EXPECT_THAT(*vectors, ElementsAre(ElementsAre(7)));
}

TEST_F(SharedRunsTest, NoTextsNeedNoRun) {
  Make(1, 16);
  const auto vectors = runs_->Run({}, Call(clock_));
  ASSERT_TRUE(vectors.ok()) << vectors.status();
  EXPECT_TRUE(vectors->empty());
  EXPECT_TRUE(model_.runs().empty());
}

TEST_F(SharedRunsTest, CallsThatWaitTogetherShareARun) {
  Make(1, 16);
  auto busy = KeepsTheModelBusy();
  auto first = AsksAndWaits({Text(10, 1)});
  auto second = AsksAndWaits({Text(12, 2), Text(9, 3)});
  model_.Release();
  EXPECT_THAT(first->Result().value(), ElementsAre(ElementsAre(1)));
  EXPECT_THAT(second->Result().value(), ElementsAre(ElementsAre(2), ElementsAre(3)));
  EXPECT_THAT(model_.runs(), ElementsAre(ElementsAre(0), ElementsAre(1, 2, 3)));
}

// A run costs as much as eight tokens: who would add more padding than that runs apart.
TEST_F(SharedRunsTest, TextsOfAnotherLengthRunApartAndTheOldestGoesFirst) {
  Make(1, 16);
  auto busy = KeepsTheModelBusy();
  auto oldest = AsksAndWaits({Text(20, 1)});
  auto shorter = AsksAndWaits({Text(12, 2), Text(11, 3), Text(18, 4)});
  auto longer = AsksAndWaits({Text(22, 5), Text(25, 6)});
  model_.Release();
  EXPECT_TRUE(oldest->Result().ok());
  EXPECT_TRUE(shorter->Result().ok());
  EXPECT_TRUE(longer->Result().ok());
  // Of three texts that are padded for 22, each adds two; of four for 25, each adds three.
  EXPECT_THAT(model_.runs(),
              ElementsAre(ElementsAre(0), ElementsAre(1, 2, 4, 5), ElementsAre(3), ElementsAre(6)));
}

TEST_F(SharedRunsTest, ARunHasNoMoreTextsThanItMay) {
  Make(1, 3);
  const auto vectors = runs_->Run(
      {Text(8, 1), Text(8, 2), Text(8, 3), Text(8, 4), Text(8, 5), Text(8, 6), Text(8, 7)},
      Call(clock_));
  ASSERT_TRUE(vectors.ok()) << vectors.status();
  EXPECT_THAT(model_.runs(),
              ElementsAre(ElementsAre(1, 2, 3), ElementsAre(4, 5, 6), ElementsAre(7)));
}

TEST_F(SharedRunsTest, ARunHasNoMoreTokensThanItMayPaddingIncluded) {
  Make(1, 16, 30);
  const auto vectors =
      runs_->Run({Text(8, 1), Text(11, 2), Text(10, 3), Text(8, 4), Text(31, 5)}, Call(clock_));
  ASSERT_TRUE(vectors.ok()) << vectors.status();
  // Three of eleven would be 33, and 29 are as many as wait at once; what is too long for any run
  // has one of its own.
  EXPECT_THAT(model_.runs(),
              ElementsAre(ElementsAre(1, 2), ElementsAre(3), ElementsAre(4), ElementsAre(5)));
}

TEST_F(SharedRunsTest, RunsGoOnAtOnceAndNoMoreThanMay) {
  Make(2, 16);
  auto first = KeepsTheModelBusy();
  auto second = KeepsTheModelBusy();
  auto third = AsksAndWaits({Text(200, 1)});
  EXPECT_EQ(model_.runs().size(), 2U);
  model_.Release();
  EXPECT_TRUE(first->Result().ok());
  EXPECT_TRUE(second->Result().ok());
  EXPECT_TRUE(third->Result().ok());
}

// A run was spent on texts that nobody waited for any more.
TEST_F(SharedRunsTest, WhoHasGivenUpIsInNoRun) {
  Make(1, 16);
  auto busy = KeepsTheModelBusy();
  auto impatient = AsksAndWaits({Text(10, 1), Text(100, 2)});
  auto patient = AsksAndWaits({Text(10, 3)});
  impatient->Cancel();
  model_.Release();
  EXPECT_TRUE(absl::IsCancelled(impatient->Result().status()));
  EXPECT_TRUE(patient->Result().ok());
  EXPECT_THAT(model_.runs(), ElementsAre(ElementsAre(0), ElementsAre(3)));
  EXPECT_EQ(runs_->waiting(), 0U);
}

// Its texts are on its stack, and somebody else's thread has one of them.
TEST_F(SharedRunsTest, WhoGivesUpDuringItsRunStaysUntilThatHasEnded) {
  Make(1, 16);
  auto busy = KeepsTheModelBusy();
  auto stranger = AsksAndWaits({Text(11, 1)});
  auto owner = AsksAndWaits({Text(10, 2), Text(100, 3)});
  model_.Step();
  model_.AwaitRuns(2);
  EXPECT_THAT(model_.runs()[1], ElementsAre(1, 2));
  owner->Cancel();
  // Who comes now finds that it has given up, and wakes it.
  auto last =
      std::make_unique<Caller>(runs_.get(), std::vector<Tokens>{Text(50, 4), Text(70, 5)}, clock_);
  AwaitWaiting(2);
  for (int i = 0; i < 1000; ++i) std::this_thread::yield();
  EXPECT_FALSE(owner->has_returned());
  model_.Release();
  EXPECT_TRUE(absl::IsCancelled(owner->Result().status()));
  EXPECT_TRUE(stranger->Result().ok());
  EXPECT_TRUE(last->Result().ok());
}

// Two runs that ended woke one and the same caller, and the second run had to wait.
TEST_F(SharedRunsTest, EachRunThatMayBeginBegins) {
  Make(2, 16);
  auto first = KeepsTheModelBusy();
  auto second = KeepsTheModelBusy();
  auto third = AsksAndWaits({Text(20, 1)});
  auto fourth = AsksAndWaits({Text(60, 2)});
  auto fifth = AsksAndWaits({Text(100, 3)});
  model_.Step();
  model_.AwaitRuns(4);
  fifth->Cancel();
  auto sixth = AsksAndWaits({Text(140, 4), Text(115, 5)}, /*given_up=*/1);
  model_.Step();
  model_.AwaitRuns(5);
  model_.Release();
  EXPECT_TRUE(third->Result().ok());
  EXPECT_TRUE(fourth->Result().ok());
  EXPECT_TRUE(absl::IsCancelled(fifth->Result().status()));
  EXPECT_TRUE(sixth->Result().ok());
}

// A token takes a millisecond.
TEST_F(SharedRunsTest, WhoWouldWaitTooLongIsToldAtOnce) {
  Make(1, 16);
  model_.TakesForEachRun(absl::Milliseconds(100), &clock_);
  ASSERT_TRUE(runs_->Run({Text(92, 1)}, Call(clock_)).ok());
  const auto ask = [this](absl::Duration left) {
    return runs_->Run({Text(2, 1)}, Call(clock_, clock_.Monotonic() + left)).status();
  };
  EXPECT_TRUE(ask(absl::Milliseconds(1)).ok()) << "nothing is before it";
  model_.TakesForEachRun(absl::ZeroDuration(), &clock_);
  auto busy = KeepsTheModelBusy();  // 200 tokens, of which half are done, as far as is known
  auto waits = AsksAndWaits({Text(20, 2)});
  EXPECT_TRUE(absl::IsResourceExhausted(ask(absl::Milliseconds(200)))) << "120 ms are over half";
  EXPECT_EQ(runs_->waiting(), 1U);
  auto has_time = std::make_unique<Caller>(runs_.get(), std::vector<Tokens>{Text(2, 3)}, clock_);
  AwaitWaiting(2);
  EXPECT_TRUE(absl::IsDeadlineExceeded(ask(-absl::Milliseconds(1))));
  model_.Release();
  EXPECT_TRUE(waits->Result().ok());
  EXPECT_TRUE(has_time->Result().ok());
}

// The process was stopped for a minute, or its machine was.
TEST_F(SharedRunsTest, OneRunThatStalledIsNotBelieved) {
  Make(1, 16);
  model_.TakesForEachRun(absl::Milliseconds(10), &clock_);
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(runs_->Run({Text(92, 1)}, Call(clock_)).ok());
  model_.TakesForEachRun(absl::Minutes(1), &clock_);
  ASSERT_TRUE(runs_->Run({Text(92, 1)}, Call(clock_)).ok());
  model_.TakesForEachRun(absl::ZeroDuration(), &clock_);
  auto busy = KeepsTheModelBusy();
  Caller asks(runs_.get(), {Text(10, 2)}, clock_, absl::Milliseconds(50));
  AwaitWaiting(1);
  model_.Release();
  EXPECT_TRUE(asks.Result().ok());
}

// Training a verifier embeds thousands of texts, 64 a call.
TEST_F(SharedRunsTest, ALongCallLetsOthersInBetween) {
  Make(1, 2);
  auto busy = KeepsTheModelBusy();
  std::vector<Tokens> many;
  for (int64_t name = 1; name <= 6; ++name) many.push_back(Text(10, name));
  auto long_call = std::make_unique<Caller>(runs_.get(), many, clock_);
  AwaitWaiting(2);
  auto single = AsksAndWaits({Text(100, 9)});
  model_.Release();
  EXPECT_TRUE(long_call->Result().ok());
  EXPECT_TRUE(single->Result().ok());
  ASSERT_EQ(model_.runs().size(), 5U);
  EXPECT_THAT(model_.runs()[1], ElementsAre(1, 2));
  EXPECT_THAT(model_.runs()[2], ElementsAre(9));
}

TEST_F(SharedRunsTest, AModelThatThrowsOrGivesTooFewVectorsLeavesNothingBehind) {
  for (const bool throws : {true, false}) {
    BrokenModel model(throws);
    SharedRuns runs(&model, SharedRuns::Limits{1, 16, 256}, &clock_);
    EXPECT_FALSE(runs.Run({Text(10, 1)}, Call(clock_)).ok());
    EXPECT_FALSE(runs.Run({Text(10, 2), Text(10, 1)}, Call(clock_)).ok());
    EXPECT_TRUE(runs.Run({Text(10, 2)}, Call(clock_)).ok());
    EXPECT_EQ(runs.waiting(), 0U);
  }
}

// One text that the model cannot take failed all that were in its run.
TEST_F(SharedRunsTest, NobodyFailsByAnothersText) {
  Make(1, 16);
  model_.FailOn(2);
  auto busy = KeepsTheModelBusy();
  auto good = AsksAndWaits({Text(10, 1)});
  auto bad = AsksAndWaits({Text(10, 2)});
  auto also_good = AsksAndWaits({Text(10, 3)});
  model_.Release();
  EXPECT_TRUE(good->Result().ok());
  EXPECT_TRUE(absl::IsUnavailable(bad->Result().status()));
  EXPECT_TRUE(also_good->Result().ok());
}

// Some give up, and some texts fail; the others get their own vectors.
TEST_F(SharedRunsTest, EachOfManyCallersGetsItsOwnVectors) {
  Make(2, 4);
  constexpr int64_t kFails = 13;
  model_.FailOn(kFails);
  std::vector<std::thread> callers;
  for (unsigned int caller = 0; caller < 8; ++caller) {
    callers.emplace_back([this, caller] {
      std::mt19937 random(caller);  // the seed
      for (int round = 0; round < 200; ++round) {
        std::vector<Tokens> texts;
        Vectors expected;
        bool fails = false;
        for (size_t i = random() % 7; i < 7; ++i) {
          const auto name = static_cast<int64_t>(random() % 500);
          fails = fails || name == kFails;
          texts.push_back(Text(1 + random() % 20, name));
          expected.push_back({static_cast<float>(name)});
        }
        const int patience = round % 3 == 0 ? static_cast<int>(random() % 4) : 1'000'000;
        std::atomic<int> looks{0};
        const auto vectors = runs_->Run(texts, Call(clock_, clock_.Monotonic() + absl::Hours(1),
                                                    [&] { return ++looks > patience; }));
        if (absl::IsCancelled(vectors.status())) {
          EXPECT_GT(looks, patience);
        } else if (fails) {
          EXPECT_TRUE(absl::IsUnavailable(vectors.status())) << vectors.status();
        } else {
          ASSERT_TRUE(vectors.ok()) << vectors.status();
          EXPECT_EQ(*vectors, expected) << "caller and seed " << caller << ", round " << round;
        }
      }
    });
  }
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(runs_->waiting(), 0U);
}

}  // namespace
}  // namespace semcached
