// Calls that meet at a model which the test holds and lets go.
#ifndef SEMCACHED_TESTS_EMBED_SHARED_RUNS_FIXTURE_H_
#define SEMCACHED_TESTS_EMBED_SHARED_RUNS_FIXTURE_H_

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "embed/shared_runs.h"
#include "support/fake_clock.h"

namespace semcached {

// A text of this length whose vector is `name`.
inline SharedRuns::Tokens Text(size_t length, int64_t name) {
  SharedRuns::Tokens tokens(length, 0);
  tokens[0] = name;
  return tokens;
}

// A model that notes which texts share its runs, and can be held.
class HeldModel final : public SentenceEncoder {
 public:
  size_t dimension() const override { return 1; }
  absl::StatusOr<Vectors> Encode(absl::Span<const Tokens* const> texts) override {
    MutexLock lock(&mutex_);
    std::vector<int64_t>& run = runs_.emplace_back();
    Vectors vectors;
    bool fails = false;
    for (const Tokens* text : texts) {
      const int64_t name = text->front();
      run.push_back(name);
      vectors.push_back({static_cast<float>(name)});
      fails = fails || name == fails_on_;
    }
    if (clock_ != nullptr) clock_->Advance(takes_);
    changed_.SignalAll();
    const size_t number = runs_.size();
    while (held_ && number > ends_) changed_.Wait(&mutex_);
    if (fails) return absl::UnavailableError("the model failed");
    return vectors;
  }

  void Hold() {
    MutexLock lock(&mutex_);
    held_ = true;
  }
  void Release() {
    MutexLock lock(&mutex_);
    held_ = false;
    changed_.SignalAll();
  }
  // Lets the runs of now end, and holds the next ones.
  void Step() {
    MutexLock lock(&mutex_);
    ends_ = runs_.size();
    changed_.SignalAll();
  }
  // From now on, by this clock.
  void TakesForEachRun(absl::Duration takes, FakeClock* clock) {
    MutexLock lock(&mutex_);
    takes_ = takes;
    clock_ = clock;
  }
  void FailOn(int64_t name) {
    MutexLock lock(&mutex_);
    fails_on_ = name;
  }
  // Until so many runs have begun.
  void AwaitRuns(size_t count) {
    MutexLock lock(&mutex_);
    while (runs_.size() < count) changed_.Wait(&mutex_);
  }
  // The texts of each run, by name, in the order in which the runs began.
  std::vector<std::vector<int64_t>> runs() {
    MutexLock lock(&mutex_);
    return runs_;
  }

 private:
  Mutex mutex_;
  CondVar changed_;
  bool held_ ABSL_GUARDED_BY(mutex_) = false;
  size_t ends_ ABSL_GUARDED_BY(mutex_) = 0;  // so many runs need not be held any more
  absl::Duration takes_ ABSL_GUARDED_BY(mutex_);
  FakeClock* clock_ ABSL_GUARDED_BY(mutex_) = nullptr;
  int64_t fails_on_ ABSL_GUARDED_BY(mutex_) = -1;
  std::vector<std::vector<int64_t>> runs_ ABSL_GUARDED_BY(mutex_);
};

class SharedRunsFixture : public testing::Test {
 protected:
  using Tokens = SharedRuns::Tokens;
  using Vectors = SharedRuns::Vectors;

  // A call of its own thread.
  class Caller {
   public:
    Caller(SharedRuns* runs, std::vector<Tokens> texts, const FakeClock& clock,
           absl::Duration has = absl::Hours(1))
        : thread_([this, runs, texts = std::move(texts), &clock, has] {
            result_ = runs->Run(
                texts, Call(clock, clock.Monotonic() + has, [this] { return cancelled_.load(); }));
            returned_ = true;
          }) {}
    Caller(const Caller&) = delete;
    ~Caller() {
      if (thread_.joinable()) thread_.join();
    }

    void Cancel() { cancelled_ = true; }
    bool has_returned() const { return returned_; }
    absl::StatusOr<Vectors> Result() {
      thread_.join();
      return result_;
    }

   private:
    absl::StatusOr<Vectors> result_ = absl::UnknownError("has not returned");
    std::atomic<bool> cancelled_{false};
    std::atomic<bool> returned_{false};
    std::thread thread_;
  };

  void Make(size_t at_once, size_t most_texts, size_t most_tokens = 256) {
    runs_ = std::make_unique<SharedRuns>(
        &model_, SharedRuns::Limits{at_once, most_texts, most_tokens}, &clock_);
  }

  // Returns when its texts wait for a run, and those of others that have given up do not.
  std::unique_ptr<Caller> AsksAndWaits(std::vector<Tokens> texts, size_t given_up = 0) {
    const size_t waiting = runs_->waiting() + texts.size() - given_up;
    auto caller = std::make_unique<Caller>(runs_.get(), std::move(texts), clock_);
    AwaitWaiting(waiting);
    return caller;
  }

  void AwaitWaiting(size_t count) const {
    const auto since = std::chrono::steady_clock::now();
    while (runs_->waiting() != count) {
      if (std::chrono::steady_clock::now() - since > std::chrono::seconds(20)) std::abort();
      std::this_thread::yield();
    }
  }

  // A run that goes on until the model is released.
  std::unique_ptr<Caller> KeepsTheModelBusy() {
    const size_t runs = model_.runs().size();
    model_.Hold();
    auto caller = std::make_unique<Caller>(runs_.get(), std::vector<Tokens>{Text(200, 0)}, clock_);
    model_.AwaitRuns(runs + 1);
    return caller;
  }

  FakeClock clock_;
  HeldModel model_;
  std::unique_ptr<SharedRuns> runs_;
};

}  // namespace semcached

#endif  // SEMCACHED_TESTS_EMBED_SHARED_RUNS_FIXTURE_H_
