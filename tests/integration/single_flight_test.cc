// Single flight on the real server, with the real model: one asks the model, the others wait.
#include <absl/time/time.h>
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "integration/gateway.h"
#include "main/calls_under_way.h"
#include "semcached/base/mutex.h"

namespace semcached {
namespace {

// Lookups with a lease, any number at once, as a gateway's threads would send them.
class SingleFlightTest : public IntegrationTest {
 protected:
  explicit SingleFlightTest(const ServerSetup& setup = {}) : IntegrationTest(setup) {}

  struct Lookup {
    grpc::ClientContext context;
    v1::LookupRequest request;
    v1::LookupResponse response;
  };

  void Send(const std::string& query, absl::Duration max_wait = absl::Seconds(30)) {
    auto lookup = calls_.Begin<Lookup>();
    lookup->request = gateway_.Question(query);
    lookup->request.set_on_miss(v1::ON_MISS_LEASE);
    lookup->request.mutable_max_wait()->set_seconds(absl::ToInt64Seconds(max_wait));
    server_.data().async()->Lookup(&lookup->context, &lookup->request, &lookup->response,
                                   [this, lookup](const grpc::Status& status) {
                                     MutexLock lock(&mutex_);
                                     ++ended_[StateOf(status, lookup->response)];
                                     if (!lookup->response.lease().empty()) {
                                       leases_.push_back(lookup->response.lookup_id());
                                     }
                                     changed_.SignalAll();
                                   });
  }
  // "exact", "semantic", "lease", "go on" or an error's message.
  static std::string StateOf(const grpc::Status& status, const v1::LookupResponse& response) {
    if (!status.ok()) return status.error_message();
    if (response.outcome() == v1::OUTCOME_HIT_EXACT) return "exact";
    if (response.outcome() == v1::OUTCOME_HIT_SEMANTIC) return "semantic";
    return response.lease().empty() ? "go on" : "lease";
  }
  // The lookup_id of the next lease that somebody gets.
  std::string AwaitLease() {
    MutexLock lock(&mutex_);
    while (leases_.empty()) changed_.Wait(&mutex_);
    std::string first = leases_.front();
    leases_.erase(leases_.begin());
    return first;
  }
  void AwaitAll() { calls_.Await(); }
  // How many ended so.
  int Ended(const std::string& how) {
    MutexLock lock(&mutex_);
    return ended_[how];
  }
  void AwaitWaiters(double count) {
    EXPECT_TRUE(Eventually([&] { return server_.Metric("semcached_lease_waiters") >= count; }));
  }
  // So for more than the workers may get to at once: who is told to back off comes again.
  void AwaitWaitersWhoComeAgain(double count) {
    EXPECT_TRUE(Eventually(
        [&] {
          for (int left = TakeThoseToldOff(); left > 0; --left) Send(kQuestion);
          return server_.Metric("semcached_lease_waiters") >= count;
        },
        absl::Minutes(1)));
  }
  // How many were told to back off, since this was asked last.
  int TakeThoseToldOff() {
    MutexLock lock(&mutex_);
    int taken = 0;
    for (auto& [how, count] : ended_) {
      if (how.ends_with("back off")) taken += std::exchange(count, 0);
    }
    return taken;
  }
  void Answer(const std::string& lookup_id) {
    v1::InsertRequest request;
    request.set_lookup_id(lookup_id);
    request.mutable_response()->set_body(kAnswer);
    EXPECT_EQ(gateway_.Insert(request).result(), v1::InsertResponse::RESULT_STORED);
  }

  Mutex mutex_;
  CondVar changed_;
  std::map<std::string, int> ended_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::string> leases_ ABSL_GUARDED_BY(mutex_);
  CallsUnderWay calls_;  // that end before the rest goes
};

TEST_F(SingleFlightTest, AThousandNearIdenticalMissesCostOneAnswer) {
  constexpr int kWave = 50;
  Send(kQuestion);
  const std::string holder = AwaitLease();
  for (int sent = 1; sent < 1000; ++sent) {
    Send(sent % 2 == 0 ? kQuestion : kParaphrase);
    if (sent % kWave == 0) AwaitWaitersWhoComeAgain(sent);
  }
  AwaitWaitersWhoComeAgain(999);
  // The answer gets through over the same connection.
  Answer(holder);
  AwaitAll();
  EXPECT_EQ(Ended("lease"), 1);
  EXPECT_EQ(Ended("exact") + Ended("semantic"), 999);
  EXPECT_TRUE(Eventually([&] { return server_.Metric("semcached_leases") == 0; }));
}

TEST_F(SingleFlightTest, NobodyWaitsPastItsBoundAndTheOthersWaitOn) {
  Send(kQuestion);
  const std::string holder = AwaitLease();
  Send(kQuestion, absl::Seconds(1));
  Send(kParaphrase);
  EXPECT_TRUE(Eventually([&] { return Ended("go on") == 1; }));
  Answer(holder);
  AwaitAll();
  EXPECT_EQ(Ended("semantic"), 1);
}

TEST_F(SingleFlightTest, AnAbandonedLeaseGoesToWhoWaits) {
  Send(kQuestion);
  const std::string holder = AwaitLease();
  Send(kQuestion);
  AwaitWaiters(1);
  v1::RenewLeaseRequest renew;
  renew.set_lease(holder);
  v1::RenewLeaseResponse renewed;
  grpc::ClientContext renewing;
  EXPECT_TRUE(server_.data().RenewLease(&renewing, renew, &renewed).ok());
  EXPECT_EQ(renewed.lease_ttl().seconds(), 30);
  v1::AbandonLeaseRequest abandon;
  abandon.set_lease(holder);
  v1::AbandonLeaseResponse abandoned;
  grpc::ClientContext abandoning;
  EXPECT_TRUE(server_.data().AbandonLease(&abandoning, abandon, &abandoned).ok());
  EXPECT_NE(AwaitLease(), holder);
  grpc::ClientContext again;
  EXPECT_EQ(server_.data().AbandonLease(&again, abandon, &abandoned).error_code(),
            grpc::StatusCode::NOT_FOUND);
}

TEST_F(SingleFlightTest, AnInsertThatIsWrongInItselfKeepsNobodyWaiting) {
  Send(kQuestion);
  v1::InsertRequest wrong;
  wrong.set_lookup_id(AwaitLease());
  Send(kQuestion);
  AwaitWaiters(1);
  wrong.set_query("and a query, too");
  wrong.mutable_response()->set_body(kAnswer);
  v1::InsertResponse response;
  EXPECT_EQ(gateway_.TryInsert(wrong, &response).error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  AwaitAll();
  EXPECT_EQ(Ended("go on"), 1);
}

class DeadHolderTest : public SingleFlightTest {
 protected:
  DeadHolderTest() : SingleFlightTest({.more = "leases: {ttl: 1s}\n"}) {}
};

TEST_F(DeadHolderTest, WithTheHolderDeadAllGoOn) {
  for (int left = 20; left > 0; left = TakeThoseToldOff()) {
    for (int i = 0; i < left; ++i) Send(kQuestion, absl::Seconds(2));
    AwaitAll();  // nobody ever inserts
  }
  EXPECT_GE(Ended("lease"), 2);
  EXPECT_EQ(Ended("lease") + Ended("go on"), 20);
}

TEST_F(SingleFlightTest, AStopLetsThoseWhoWaitGoOn) {
  Send(kQuestion);
  AwaitLease();
  Send(kQuestion);
  AwaitWaiters(1);
  EXPECT_EQ(server_.Stop(), 0);
  AwaitAll();
  EXPECT_EQ(Ended("go on"), 1);
}

TEST_F(SingleFlightTest, ABatchTakesNoLease) {
  v1::BatchLookupRequest batch;
  *batch.add_requests() = gateway_.Question(kQuestion);
  batch.mutable_requests(0)->set_on_miss(v1::ON_MISS_LEASE);
  v1::BatchLookupResponse response;
  grpc::ClientContext context;
  ASSERT_TRUE(server_.data().BatchLookup(&context, batch, &response).ok());
  EXPECT_EQ(response.results(0).code(), static_cast<int>(grpc::StatusCode::INVALID_ARGUMENT));
}

}  // namespace
}  // namespace semcached
