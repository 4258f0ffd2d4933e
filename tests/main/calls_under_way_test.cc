#include "main/calls_under_way.h"

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <optional>
#include <thread>
#include <utility>

namespace semcached {
namespace {

// A call whose end takes a moment, as that of a channel does.
struct SlowToGo {
  ~SlowToGo() {
    std::this_thread::yield();
    if (gone != nullptr) gone->store(true);
  }
  std::atomic<bool>* gone = nullptr;
};

// The replay waited for callbacks, and let go of its channels while the last call still held one.
TEST(CallsUnderWayTest, ACallIsOverOnceItIsGone) {
  for (int i = 0; i < 1000; ++i) {
    std::atomic<bool> gone{false};
    CallsUnderWay calls;
    auto call = calls.Begin<SlowToGo>();
    call->gone = &gone;
    std::thread callback([call = std::move(call)]() mutable { call.reset(); });
    calls.Await();
    EXPECT_TRUE(gone);
    callback.join();
  }
}

TEST(CallsUnderWayTest, WhoGoesWaitsForItsCalls) {
  std::atomic<bool> gone{false};
  std::optional<CallsUnderWay> calls(std::in_place);
  auto call = calls->Begin<SlowToGo>();
  call->gone = &gone;
  std::thread callback([call = std::move(call)]() mutable { call.reset(); });
  calls.reset();
  EXPECT_TRUE(gone);
  callback.join();
}

TEST(CallsUnderWayTest, WithoutCallsNobodyWaits) { CallsUnderWay().Await(); }

}  // namespace
}  // namespace semcached
