// More lookups than can be embedded.

#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>
#include <absl/time/clock.h>
#include <httplib.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <map>
#include <nlohmann/json.hpp>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "fault/cases.h"
#include "main/calls_under_way.h"
#include "semcached/base/mutex.h"

namespace semcached {
namespace {

// What two workers embed depends on that alone, whatever the machine: 100 and 13 texts a second.
constexpr absl::Duration kEmbeddingTimes[] = {absl::Milliseconds(20), absl::Milliseconds(150)};
constexpr int kWorkers = 2;  // of FaultServer
constexpr int kTimesCapacity = 10;
constexpr int kCallersAtPeak = 8;
constexpr absl::Duration kPeakSpan = absl::Seconds(2);
constexpr absl::Duration kOverloadSpan = absl::Seconds(5);
constexpr std::chrono::milliseconds kLookupDeadline{250};
constexpr double kLeastOfPeak = 0.8;

// An embeddings endpoint that takes its time for each text.
class SlowEndpoint {
 public:
  explicit SlowEndpoint(absl::Duration embedding_time) {
    http_.new_task_queue = [] { return new httplib::ThreadPool(16); };
    http_.Post("/v1/embeddings",
               [embedding_time](const httplib::Request& in, httplib::Response& out) {
                 absl::SleepFor(embedding_time);
                 const nlohmann::json asked = nlohmann::json::parse(in.body);
                 nlohmann::json data = nlohmann::json::array();
                 for (const nlohmann::json& text : asked.at("input")) {
                   std::mt19937_64 random(std::hash<std::string>()(text.get<std::string>()));
                   std::vector<float> vector(kFaultDimension);
                   for (float& value : vector) value = std::normal_distribution<float>()(random);
                   data.push_back({{"index", data.size()}, {"embedding", vector}});
                 }
                 nlohmann::json answer;
                 answer["data"] = std::move(data);
                 out.set_content(answer.dump(), "application/json");
               });
    http_.set_tcp_nodelay(true);
    port_ = http_.bind_to_any_port("127.0.0.1");
    thread_ = std::thread([this] { http_.listen_after_bind(); });
  }
  ~SlowEndpoint() {
    while (!http_.is_running()) std::this_thread::yield();  // stop() before would be forgotten
    http_.stop();
    thread_.join();
  }
  SlowEndpoint(const SlowEndpoint&) = delete;
  SlowEndpoint& operator=(const SlowEndpoint&) = delete;

  std::string AsEmbedder() const {
    return absl::StrFormat(
        "embedders:\n  default: {type: http, url: \"http://127.0.0.1:%d/v1/embeddings\", "
        "model: slow, dimension: %d}\n",
        port_, kFaultDimension);
  }

 private:
  httplib::Server http_;
  int port_ = 0;
  std::thread thread_;
};

v1::LookupRequest NewText(uint64_t number) {
  v1::LookupRequest request;
  request.mutable_scope()->set_namespace_("acme");
  request.mutable_scope()->set_model("model");
  request.set_category("process");
  request.set_query(absl::StrCat("a text that nobody has sent before, number ", number));
  return request;
}

// What became of many lookups, each of a text of its own.
struct Outcomes {
  int64_t answered = 0;
  std::map<grpc::StatusCode, int64_t> refused;
  std::string why;                   // the last one
  std::vector<absl::Duration> took;  // of those answered

  void Count(const grpc::Status& status, absl::Duration one) {
    if (status.ok()) {
      ++answered;
      took.push_back(one);
    } else {
      ++refused[status.error_code()];
      why = status.error_message();
    }
  }
  absl::Duration Percentile(double share) {
    if (took.empty()) return absl::ZeroDuration();
    std::sort(took.begin(), took.end());
    return took[static_cast<size_t>(share * static_cast<double>(took.size() - 1))];
  }
};

class Overload {
 public:
  explicit Overload(FaultServer* server) : stub_(server->data()) {}

  // Each caller sends its next lookup when the last has ended.
  Outcomes Closed(int callers, absl::Duration span) {
    const absl::Time end = absl::Now() + span;
    std::vector<std::thread> threads;
    for (int i = 0; i < callers; ++i) {
      threads.emplace_back([&] {
        while (absl::Now() < end) Send(/*wait=*/true);
      });
    }
    for (std::thread& thread : threads) thread.join();
    return Take();
  }

  // So many a second, whatever becomes of them.
  Outcomes Open(double rate, absl::Duration span) {
    const absl::Time begin = absl::Now();
    for (int64_t sent = 0;;) {
      const absl::Duration passed = absl::Now() - begin;
      if (passed >= span) break;
      const auto due = static_cast<int64_t>(rate * absl::ToDoubleSeconds(passed));
      for (; sent < due; ++sent) Send(/*wait=*/false);
      absl::SleepFor(absl::Milliseconds(1));
    }
    calls_.Await();
    return Take();
  }

 private:
  struct Sent {
    grpc::ClientContext context;
    v1::LookupRequest request;
    v1::LookupResponse response;
    absl::Time sent = absl::Now();
  };

  void Send(bool wait) {
    const auto call = calls_.Begin<Sent>();
    call->request = NewText(++number_);
    call->context.set_deadline(std::chrono::system_clock::now() + kLookupDeadline);
    const auto ended = [this, call](const grpc::Status& status) {
      MutexLock lock(&mutex_);
      outcomes_.Count(status, absl::Now() - call->sent);
    };
    if (wait) {
      ended(stub_.Lookup(&call->context, call->request, &call->response));
    } else {
      stub_.async()->Lookup(&call->context, &call->request, &call->response, ended);
    }
  }
  Outcomes Take() {
    MutexLock lock(&mutex_);
    return std::exchange(outcomes_, {});
  }

  v1::SemanticCache::Stub& stub_;
  std::atomic<uint64_t> number_{0};
  Mutex mutex_;
  Outcomes outcomes_ ABSL_GUARDED_BY(mutex_);
  CallsUnderWay calls_;  // that end before the rest goes
};

// At the peak, at ten times that, and after.
CaseReport OverloadEmbeddersOf(absl::Duration embedding_time) {
  const SlowEndpoint endpoint(embedding_time);
  Scene scene(endpoint.AsEmbedder());
  CaseReport& report = scene.report;
  if (!scene.Start()) return report;
  Overload overload(&scene.server);
  const Outcomes peak = overload.Closed(kCallersAtPeak, kPeakSpan);
  const double capacity = static_cast<double>(peak.answered) / absl::ToDoubleSeconds(kPeakSpan);
  const double possible = kWorkers / absl::ToDoubleSeconds(embedding_time);
  report.Expect(capacity >= possible / 2,
                absl::StrCat("only ", capacity, " lookups/s of ", possible, ": ", peak.why));
  if (!report.broken.empty()) return report;
  Outcomes outcomes = overload.Open(kTimesCapacity * capacity, kOverloadSpan);
  const double share =
      static_cast<double>(outcomes.answered) / absl::ToDoubleSeconds(kOverloadSpan) / capacity;
  std::string note = absl::StrFormat(
      "%.0f lookups/s at most; of ten times as many %.2f of that were answered, p99 %.0f ms",
      capacity, share, absl::ToDoubleMilliseconds(outcomes.Percentile(0.99)));
  for (const auto& [code, count] : outcomes.refused) {
    absl::StrAppend(&note, ", code ", code, " ", count);
    report.Expect(
        code == grpc::StatusCode::RESOURCE_EXHAUSTED || code == grpc::StatusCode::DEADLINE_EXCEEDED,
        absl::StrCat("refused with code ", code));
  }
  report.Expect(share >= kLeastOfPeak, "collapsed: " + note);
  report.notes.push_back(note);
  report.Expect(
      Eventually([&] { return overload.Closed(1, absl::Milliseconds(100)).refused.empty(); },
                 absl::Seconds(5)),
      "lookups still fail 5 s after the overload");
  return report;
}

}  // namespace

CaseReport TenTimesTheCapacity(int rounds, uint64_t /*seed*/) {
  CaseReport report;
  for (int round = 0; round < rounds; ++round) {
    CaseReport both;
    for (const absl::Duration embedding_time : kEmbeddingTimes) {
      both.Join(OverloadEmbeddersOf(embedding_time));
    }
    report.Join(both);
  }
  return report;
}

}  // namespace semcached
