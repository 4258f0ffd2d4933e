#include "main/flight.h"

#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>
#include <absl/time/clock.h>
#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <cmath>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <random>
#include <thread>
#include <utility>
#include <vector>

#include "main/calls_under_way.h"
#include "main/client.h"
#include "main/table.h"
#include "semcached/base/mutex.h"
#include "semcached/v1/semantic_cache.grpc.pb.h"

namespace semcached {
namespace {

constexpr int kDimension = 384;
constexpr double kSimilarity = 0.99;
constexpr absl::Duration kSlack = absl::Milliseconds(500);  // past a bound, on a busy machine
constexpr char kAnswer[] = "the one answer";

std::vector<double> RandomUnit(std::mt19937_64* random) {
  std::normal_distribution<double> normal;
  std::vector<double> vector(kDimension);
  double square = 0;
  for (double& value : vector) {
    value = normal(*random);
    square += value * value;
  }
  for (double& value : vector) value /= std::sqrt(square);
  return vector;
}

// What a round of lookups came to.
struct Landing {
  int hits = 0;
  int misses = 0;  // who then calls the model
  int leases = 0;  // of those
  int wrong = 0;
  std::vector<std::string> failures;
  absl::Duration longest;
};

// One round: all lookups at once, over one connection.
class Flight {
 public:
  Flight(v1::SemanticCache::Stub* stub, const FlightOptions& options, absl::Duration max_wait,
         uint64_t seed)
      : stub_(*stub), options_(options), max_wait_(max_wait), random_(seed) {
    center_ = RandomUnit(&random_);
    question_ = absl::StrFormat("which answer does the question of flight %x have", random_());
  }

  // `answers`: who gets a lease answers after the model's time.
  Landing Run(bool answers) {
    for (int i = 0; i < options_.callers; ++i) Send(i, answers);
    calls_.Await();
    MutexLock lock(&mutex_);
    for (std::thread& model : models_) model.join();
    return landing_;
  }

 private:
  struct Call {
    grpc::ClientContext context;
    v1::LookupRequest request;
    v1::LookupResponse response;
    absl::Time sent;
  };

  void Send(int caller, bool answers) {
    auto call = calls_.Begin<Call>();
    call->request.mutable_scope()->set_namespace_("semcached-bench");
    call->request.mutable_scope()->set_model("flight");
    const char* const endings[] = {"", "?", ", please"};
    call->request.set_query(absl::StrCat(question_, endings[caller % 3]));
    call->request.set_category(options_.category);
    call->request.set_on_miss(v1::ON_MISS_LEASE);
    call->request.mutable_max_wait()->set_seconds(absl::ToInt64Seconds(max_wait_));
    v1::Embedding* const embedding = call->request.mutable_embedding();
    embedding->set_identity("semcached-bench/flight");
    const std::vector<double> other = RandomUnit(&random_);
    for (int i = 0; i < kDimension; ++i) {
      const auto at = static_cast<size_t>(i);
      embedding->add_values(static_cast<float>(
          kSimilarity * center_[at] + std::sqrt(1 - kSimilarity * kSimilarity) * other[at]));
    }
    call->sent = absl::Now();
    stub_.async()->Lookup(&call->context, &call->request, &call->response,
                          [this, call, answers](const grpc::Status& status) {
                            Land(status, call->response, absl::Now() - call->sent, answers);
                          });
  }

  void Land(const grpc::Status& status, const v1::LookupResponse& response, absl::Duration took,
            bool answers) {
    MutexLock lock(&mutex_);
    landing_.longest = std::max(landing_.longest, took);
    if (!status.ok()) {
      landing_.failures.push_back(status.error_message());
    } else if (response.outcome() == v1::OUTCOME_MISS) {
      ++landing_.misses;
      if (!response.lease().empty()) {
        ++landing_.leases;
        if (answers) {
          models_.emplace_back([this, id = response.lookup_id()] { CallModel(id); });
        }
      }
    } else {
      ++landing_.hits;
      if (response.response().body() != kAnswer) ++landing_.wrong;
    }
  }

  void CallModel(const std::string& lookup_id) {
    absl::SleepFor(options_.model_time);
    v1::InsertRequest request;
    request.set_lookup_id(lookup_id);
    request.mutable_response()->set_body(kAnswer);
    request.mutable_ttl()->set_seconds(60);
    v1::InsertResponse response;
    grpc::ClientContext context;
    SetDeadline(&context, absl::Seconds(10));
    const grpc::Status status = stub_.Insert(&context, request, &response);
    if (status.ok()) return;
    MutexLock lock(&mutex_);
    landing_.failures.push_back(status.error_message());
  }

  v1::SemanticCache::Stub& stub_;
  const FlightOptions& options_;
  const absl::Duration max_wait_;
  std::mt19937_64 random_;
  std::vector<double> center_;
  std::string question_;

  Mutex mutex_;
  Landing landing_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::thread> models_ ABSL_GUARDED_BY(mutex_);
  CallsUnderWay calls_;  // that end before the rest goes
};

nlohmann::json ToJson(const Landing& landing, absl::Duration bound) {
  return {{"hits", landing.hits},
          {"model_calls", landing.misses},
          {"leases", landing.leases},
          {"wrong", landing.wrong},
          {"failed", landing.failures.size()},
          {"longest_seconds", absl::ToDoubleSeconds(landing.longest)},
          {"bound_seconds", absl::ToDoubleSeconds(bound)}};
}

}  // namespace

int RunFlight(const FlightOptions& options) {
  const auto stub = v1::SemanticCache::NewStub(ConnectTo(options.target));
  // Another question each time: an earlier run's answers may still be there.
  std::mt19937_64 seeds(static_cast<uint64_t>(absl::ToUnixNanos(absl::Now())));
  const Landing answered = Flight(stub.get(), options, options.max_wait, seeds()).Run(true);
  const Landing dead = Flight(stub.get(), options, options.dead_wait, seeds()).Run(false);
  for (const Landing* landing : {&answered, &dead}) {
    if (landing->failures.empty()) continue;
    std::cerr << "semcached-bench: " << landing->failures.size()
              << " calls failed, the first with: " << landing->failures.front() << "\n";
    return 2;
  }
  if (options.json) {
    std::cout << nlohmann::json{{"callers", options.callers},
                                {"answered", ToJson(answered, options.max_wait)},
                                {"dead_holder", ToJson(dead, options.dead_wait)}}
                     .dump(2)
              << "\n";
  } else {
    Table table({"holder", "lookups", "model calls", "hits", "wrong", "longest", "bound"});
    const auto add = [&](const char* holder, const Landing& landing, absl::Duration bound) {
      table.Add({holder, absl::StrCat(options.callers), absl::StrCat(landing.misses),
                 absl::StrCat(landing.hits), absl::StrCat(landing.wrong),
                 absl::FormatDuration(absl::Trunc(landing.longest, absl::Milliseconds(1))),
                 absl::FormatDuration(bound)});
    };
    add("answers", answered, options.max_wait);
    add("is dead", dead, options.dead_wait);
    table.Print(std::cout);
  }
  const bool late =
      answered.longest > options.max_wait + kSlack || dead.longest > options.dead_wait + kSlack;
  return answered.misses > 2 || late || answered.wrong > 0 ? 1 : 0;
}

}  // namespace semcached
