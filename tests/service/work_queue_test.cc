// Who waits for a worker, and who is told at once that it would be for nothing.
#include "service/work_queue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <latch>
#include <memory>
#include <thread>
#include <vector>

#include "support/fake_clock.h"
#include "support/manual_executor.h"

namespace semcached {
namespace {

using ::testing::HasSubstr;

constexpr absl::Duration kMostWait = absl::Milliseconds(500);

// Two workers, in name.
class TwoByHand final : public Executor {
 public:
  bool Submit(std::function<void()> task) override { return by_hand_.Submit(std::move(task)); }
  size_t thread_count() const override { return 2; }
  void RunAll() { by_hand_.RunAll(); }
  void RunOne() { by_hand_.RunOne(); }
  void SetFull(bool full) { by_hand_.SetFull(full); }

 private:
  ManualExecutor by_hand_;
};

class WorkQueueTest : public ::testing::Test {
 protected:
  absl::Status Submit(absl::Duration time_left, absl::Duration takes,
                      WorkQueue::Kind kind = WorkQueue::Kind::kUsual) {
    return queue_.Submit(Call(clock_, clock_.Monotonic() + time_left), kind,
                         [this, takes](const absl::Status& status) {
                           if (!status.ok()) return void(++too_late_);
                           clock_.Advance(takes);
                           ++done_;
                         });
  }
  // So that each is known to take so long.
  void Learn(absl::Duration takes) {
    for (int i = 0; i < 200; ++i) {
      ASSERT_TRUE(Submit(absl::Hours(1), takes).ok());
      executor_.RunAll();
    }
    done_ = 0;
  }
  // Of calls that come at one moment.
  int AcceptedOf(int calls, absl::Duration time_left) {
    int accepted = 0;
    for (int i = 0; i < calls; ++i)
      accepted += Submit(time_left, absl::ZeroDuration()).ok() ? 1 : 0;
    return accepted;
  }

  FakeClock clock_;
  TwoByHand executor_;
  WorkQueue queue_{&executor_, &clock_, kMostWait};
  int done_ = 0;
  int too_late_ = 0;
};

TEST_F(WorkQueueTest, AcceptsAsMuchAsIsBegunInHalfOfTheTime) {
  Learn(absl::Milliseconds(20));
  // By two workers two are begun every 20 ms; after 120 ms the last ones, and at 140 it is too
  // late.
  EXPECT_EQ(AcceptedOf(1000, absl::Milliseconds(250)), 14);
  const absl::Status refused = Submit(absl::Milliseconds(250), absl::ZeroDuration());
  EXPECT_TRUE(absl::IsResourceExhausted(refused));
  EXPECT_THAT(std::string(refused.message()),
              HasSubstr("would wait for about 140ms, be worked on for 20ms, and has 250ms"));
}

// Two are begun at once; the next would begin after 150 ms and end after 300.
TEST_F(WorkQueueTest, NothingIsAcceptedThatCannotBeDoneInItsTime) {
  Learn(absl::Milliseconds(150));
  EXPECT_EQ(AcceptedOf(1000, absl::Milliseconds(250)), 2);
}

TEST_F(WorkQueueTest, WhatIsBeingWorkedOnIsWaitedFor) {
  Learn(absl::Milliseconds(150));
  std::vector<absl::Status> meanwhile;
  ASSERT_TRUE(queue_
                  .Submit(Call(clock_), WorkQueue::Kind::kUsual,
                          [&](const absl::Status&) {
                            // The other worker is free.
                            meanwhile.push_back(Submit(absl::Milliseconds(250), {}));
                            meanwhile.push_back(Submit(absl::Milliseconds(250), {}));
                            // This one will be in 20 ms.
                            clock_.Advance(absl::Milliseconds(130));
                            meanwhile.push_back(Submit(absl::Milliseconds(250), {}));
                            meanwhile.push_back(Submit(absl::Milliseconds(250), {}));
                          })
                  .ok());
  executor_.RunOne();
  ASSERT_EQ(meanwhile.size(), 4U);
  EXPECT_TRUE(meanwhile[0].ok());
  EXPECT_FALSE(meanwhile[1].ok()) << "it would end after 300 ms";
  EXPECT_TRUE(meanwhile[2].ok()) << "it would end after 170 ms";
  EXPECT_FALSE(meanwhile[3].ok());
}

TEST_F(WorkQueueTest, WhoHasMoreTimeMayWaitLongerButNotForEver) {
  Learn(absl::Milliseconds(20));
  EXPECT_EQ(AcceptedOf(1000, absl::Hours(1)), 52) << "500 ms";
  EXPECT_FALSE(Submit(absl::Milliseconds(250), absl::ZeroDuration()).ok());
}

TEST_F(WorkQueueTest, AWorkerWithoutWorkTakesAnybodyWhoHasTime) {
  Learn(absl::Seconds(10));
  EXPECT_TRUE(Submit(absl::Milliseconds(1), absl::Milliseconds(1)).ok())
      << "or it would never learn";
}

TEST_F(WorkQueueTest, WhoseTimeIsOverIsToldSo) {
  EXPECT_TRUE(absl::IsDeadlineExceeded(Submit(-absl::Milliseconds(3), absl::ZeroDuration())));
}

TEST_F(WorkQueueTest, TheFirstCallsTeachAtOnce) {
  ASSERT_TRUE(Submit(absl::Hours(1), absl::Milliseconds(20)).ok());
  executor_.RunAll();
  EXPECT_EQ(AcceptedOf(1000, absl::Milliseconds(250)), 14);
}

TEST_F(WorkQueueTest, LearnsThatWorkHasBecomeQuick) {
  Learn(absl::Milliseconds(500));
  EXPECT_LT(AcceptedOf(100, absl::Milliseconds(250)), 3);
  executor_.RunAll();
  Learn(absl::Milliseconds(1));
  EXPECT_GT(AcceptedOf(100, absl::Milliseconds(250)), 90);
}

TEST_F(WorkQueueTest, ForgetsWhatWasLongAgo) {
  Learn(absl::Seconds(1));
  clock_.Advance(absl::Minutes(1));
  EXPECT_EQ(AcceptedOf(100, absl::Milliseconds(250)), 100);
}

TEST_F(WorkQueueTest, WhatIsTooLateIsNotWorkedOnAndTeachesNothing) {
  Learn(absl::Milliseconds(20));
  ASSERT_TRUE(Submit(absl::Milliseconds(30), absl::Milliseconds(20)).ok());
  clock_.Advance(absl::Milliseconds(31));
  executor_.RunAll();
  EXPECT_EQ(done_, 0);
  EXPECT_EQ(too_late_, 1);
  EXPECT_EQ(AcceptedOf(1000, absl::Milliseconds(250)), 14);
}

// An embedder that is asked with a deadline answers at the deadline at the latest.
TEST_F(WorkQueueTest, WorkThatWasCutOffDoesNotSeemQuick) {
  Learn(absl::Milliseconds(150));
  for (int i = 0; i < 100; ++i) {
    ASSERT_TRUE(Submit(absl::Milliseconds(10), absl::Milliseconds(10)).ok());
    executor_.RunAll();
  }
  EXPECT_LE(AcceptedOf(1000, absl::Milliseconds(250)), 2);
}

TEST_F(WorkQueueTest, WhatIsRareTeachesNothing) {
  Learn(absl::Milliseconds(1));
  ASSERT_TRUE(Submit(absl::Hours(2), absl::Hours(1), WorkQueue::Kind::kRare).ok());
  executor_.RunAll();
  EXPECT_EQ(AcceptedOf(100, absl::Milliseconds(250)), 100);
}

TEST_F(WorkQueueTest, AFullExecutorRefusesAndIsNotWaitedFor) {
  Learn(absl::Milliseconds(20));
  executor_.SetFull(true);
  EXPECT_THAT(std::string(Submit(absl::Seconds(1), absl::ZeroDuration()).message()),
              HasSubstr("full"));
  executor_.SetFull(false);
  EXPECT_EQ(queue_.ExpectedWait(), absl::ZeroDuration());
}

// A server answers its last call, and is gone before the worker has looked up.
TEST(WorkQueueThreadsTest, WorkMayEndItsQueue) {
  ThreadPool workers("worker", 2, 1000);
  for (int i = 0; i < 200; ++i) {
    auto queue = std::make_unique<WorkQueue>(&workers, &SystemClock(), kMostWait);
    std::latch done(1);
    ASSERT_TRUE(queue
                    ->Submit(Call(SystemClock()), WorkQueue::Kind::kUsual,
                             [&](const absl::Status&) { done.count_down(); })
                    .ok());
    done.wait();
    queue.reset();
  }
}

}  // namespace
}  // namespace semcached
