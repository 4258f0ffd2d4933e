#include "main/load_run.h"

#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>
#include <absl/time/clock.h>
#include <absl/time/time.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <iostream>
#include <latch>
#include <memory>
#include <random>
#include <thread>

#include "main/client.h"
#include "main/empty_server.h"
#include "main/load_fill.h"
#include "main/load_report.h"
#include "main/server_process.h"
#include "semcached/base/random.h"
#include "semcached/base/status.h"
#include "semcached/v1/semantic_cache.grpc.pb.h"

namespace semcached {
namespace {

constexpr std::chrono::seconds kProgressInterval(1);
constexpr absl::Duration kPatience = absl::Seconds(10);   // with a server that is to listen
constexpr absl::Duration kRestPatience = absl::Hours(1);  // with one that is to rest

using Clock = std::chrono::steady_clock;
using Stub = v1::SemanticCache::Stub;
using Kind = LoadRequests::Kind;

struct Target {
  std::string name;
  std::string address;
};

// When each call of an open loop should be sent, from the begin of the run.
class Schedule {
 public:
  Schedule(double rate, const Workload& workload) : rate_(rate), workload_(workload) {}

  absl::Duration At(int64_t call) const {
    const absl::Duration even = absl::Seconds(static_cast<double>(call) / rate_);
    if (workload_.burst_period <= absl::ZeroDuration()) return even;
    absl::Duration within;
    const int64_t period = absl::IDivDuration(even, workload_.burst_period, &within);
    return period * workload_.burst_period + within * workload_.burst_share;
  }

 private:
  const double rate_;
  const Workload& workload_;
};

// An insert that was declined has stored nothing, and costs next to nothing.
grpc::Status Declined(const v1::InsertResponse& response) {
  if (response.result() != v1::InsertResponse::RESULT_DECLINED) return grpc::Status::OK;
  return grpc::Status(grpc::FAILED_PRECONDITION, response.decline_reason());
}

// A sleeper wakes late; the last of its wait is spun.
void WaitUntil(Clock::time_point when) {
  constexpr auto kLate = std::chrono::microseconds(100);
  std::this_thread::sleep_until(when - kLate);
  while (Clock::now() < when) {
  }
}

// What one caller has seen.
struct Tally {
  std::vector<double> micros;
  int64_t hits = 0;
  int64_t failed = 0;
  int64_t wrong = 0;
  size_t request_bytes = 0;
  size_t answer_bytes = 0;
};

// One run: threads that send calls until all are sent.
class LoadRun {
 public:
  LoadRun(const LoadOptions& options, const LoadRequests& requests, const Target& target, int run)
      : options_(options),
        requests_(requests),
        target_(target),
        run_(run),
        schedule_(options.rate, options.workload),
        warm_(options.callers) {}

  RunFigures Run() {
    std::vector<std::thread> callers;
    callers.reserve(static_cast<size_t>(options_.callers));
    std::vector<Tally> tallies(static_cast<size_t>(options_.callers));
    for (int i = 0; i < options_.callers; ++i) {
      callers.emplace_back([this, i, &tallies] { Call(i, &tallies[static_cast<size_t>(i)]); });
    }
    warm_.wait();
    const auto before = ReadProcessOfTarget();
    begun_ = Clock::now();
    begin_.count_down();
    for (std::thread& caller : callers) caller.join();
    const std::chrono::duration<double> took = Clock::now() - begun_;
    const auto after = ReadProcessOfTarget();

    RunFigures figures;
    const auto calls = static_cast<double>(options_.calls);
    for (const Tally& tally : tallies) {
      figures.micros.insert(figures.micros.end(), tally.micros.begin(), tally.micros.end());
      figures.hits += tally.hits;
      figures.failed += tally.failed;
      figures.wrong += tally.wrong;
      figures.request_bytes_a_call += static_cast<double>(tally.request_bytes) / calls;
      figures.answer_bytes_a_call += static_cast<double>(tally.answer_bytes) / calls;
    }
    std::sort(figures.micros.begin(), figures.micros.end());
    figures.calls_per_second = static_cast<double>(figures.micros.size()) / took.count();
    if (before.has_value() && after.has_value()) {
      figures.cpu_micros_a_call =
          (after->cpu_seconds - before->cpu_seconds) * 1e6 / static_cast<double>(options_.calls);
      figures.resident_bytes = after->resident_bytes;
    }
    return figures;
  }

 private:
  struct Sent {
    grpc::Status status;
    Clock::time_point begin;
    Clock::time_point end;
  };

  // Under the load of the run the page would be slow and its reading part of it: before and after.
  std::optional<ProcessFigures> ReadProcessOfTarget() const {
    if (options_.http.empty() || target_.address != options_.target) return std::nullopt;
    const absl::StatusOr<ProcessFigures> read = ReadProcess(options_.http);
    return read.ok() ? std::optional(*read) : std::nullopt;
  }

  void Call(int caller, Tally* tally) {
    const std::unique_ptr<Stub> stub = v1::SemanticCache::NewStub(ConnectTo(target_.address));
    std::mt19937_64 random = CallerRandom(options_.seed, run_, caller);
    // The first call of a caller connects it.
    const int64_t warm_up = std::max<int64_t>(1, options_.warm_up_calls / options_.callers);
    for (int64_t i = 0; i < warm_up; ++i) One(*stub, random, std::nullopt, tally);
    tally->micros.clear();
    tally->hits = 0;
    tally->request_bytes = 0;
    tally->answer_bytes = 0;
    warm_.count_down();
    begin_.wait();
    Clock::time_point told = Clock::now();
    while (true) {
      const int64_t call = next_.fetch_add(1);
      if (call >= options_.calls) return;
      std::optional<Clock::time_point> intended;
      if (options_.rate > 0) intended = begun_ + absl::ToChronoNanoseconds(schedule_.At(call));
      One(*stub, random, intended, tally);
      if (caller != 0 || Clock::now() - told < kProgressInterval) continue;
      told = Clock::now();
      std::cerr << target_.name << ": sent " << call << " of " << options_.calls << "\n";
    }
  }

  // Makes a call and sends it, at the intended time if there is one.
  void One(Stub& stub, std::mt19937_64& random, std::optional<Clock::time_point> intended,
           Tally* tally) {
    const Kind kind = requests_.AnyKind(random);
    if (kind == Kind::kInsert) {
      v1::InsertRequest request;
      requests_.MakeInsert(random, &request);
      v1::InsertResponse response;
      Sent sent = Send(intended, [&](grpc::ClientContext* context) {
        return stub.Insert(context, request, &response);
      });
      if (sent.status.ok()) sent.status = Declined(response);
      Count(sent, intended, tally);
      CountBytes(request, response, tally);
      return;
    }
    v1::LookupRequest request;
    const int64_t entry = requests_.MakeLookup(kind, random, &request);
    v1::LookupResponse response;
    const Sent sent = Send(intended, [&](grpc::ClientContext* context) {
      return stub.Lookup(context, request, &response);
    });
    Count(sent, intended, tally);
    CountBytes(request, response, tally);
    if (sent.status.ok()) Judge(entry, request, response, tally);
  }

  template <typename Call>
  Sent Send(std::optional<Clock::time_point> intended, Call call) const {
    if (intended.has_value()) WaitUntil(*intended);
    grpc::ClientContext context;
    SetDeadline(&context, options_.deadline);
    Sent sent;
    sent.begin = Clock::now();
    sent.status = call(&context);
    sent.end = Clock::now();
    return sent;
  }

  void Count(const Sent& sent, std::optional<Clock::time_point> intended, Tally* tally) {
    if (sent.status.ok()) {
      const std::chrono::duration<double, std::micro> took =
          sent.end - intended.value_or(sent.begin);
      tally->micros.push_back(took.count());
      return;
    }
    ++tally->failed;
    if (!told_failure_.test_and_set()) {
      std::cerr << "a call failed: " << sent.status.error_message() << ", with a deadline of "
                << options_.deadline << "\n";
    }
  }

  static void CountBytes(const google::protobuf::Message& request,
                         const google::protobuf::Message& answer, Tally* tally) {
    tally->request_bytes += request.ByteSizeLong();
    tally->answer_bytes += answer.ByteSizeLong();
  }

  void Judge(int64_t entry, const v1::LookupRequest& request, const v1::LookupResponse& response,
             Tally* tally) const {
    const bool hit = response.outcome() == v1::OUTCOME_HIT_EXACT ||
                     response.outcome() == v1::OUTCOME_HIT_SEMANTIC;
    if (!hit) return;
    ++tally->hits;
    if (!requests_.IsRight(entry, request, response)) ++tally->wrong;
  }

  const LoadOptions& options_;
  const LoadRequests& requests_;
  const Target& target_;
  const int run_;
  const Schedule schedule_;

  // No call is measured before every caller has warmed up.
  std::latch warm_;
  std::latch begin_{1};
  Clock::time_point begun_;

  std::atomic<int64_t> next_{0};
  std::atomic_flag told_failure_;
};

// Servers of empty calls, and a directory for their sockets.
class EmptyServers {
 public:
  explicit EmptyServers(const LoadOptions& options)
      : directory_(std::filesystem::temp_directory_path() /
                   absl::StrCat("semcached-bench-", getpid())) {
    std::filesystem::create_directories(directory_);
    EmptyServerOptions empty;
    empty.response_bytes = options.response_bytes;
    for (const bool queues : {true, false}) {
      empty.queues = queues;
      empty.unix_socket = directory_ / (queues ? "queues.sock" : "callback.sock");
      servers_.push_back(std::make_unique<EmptyServerProcess>(empty));
      targets_.push_back({queues ? "empty rpc, queues" : "empty rpc, callback", empty.unix_socket});
    }
  }
  ~EmptyServers() {
    servers_.clear();
    std::error_code ignored;
    std::filesystem::remove_all(directory_, ignored);
  }

  const std::vector<Target>& targets() const { return targets_; }

 private:
  const std::filesystem::path directory_;
  std::vector<std::unique_ptr<EmptyServerProcess>> servers_;
  std::vector<Target> targets_;
};

// Keeps the rows of `file` in `rows`; null: no file is named.
absl::StatusOr<const VectorRows*> ReadRows(const std::string& file, int dimension,
                                           std::optional<VectorRows>* rows) {
  if (file.empty()) return nullptr;
  ASSIGN_OR_RETURN(*rows, VectorRows::Read(file, dimension));
  return &**rows;
}

}  // namespace

double RunFigures::Percentile(double share) const {
  if (micros.empty()) return 0;
  return micros[static_cast<size_t>(std::lround(share * static_cast<double>(micros.size() - 1)))];
}

absl::StatusOr<std::vector<TargetFigures>> MeasureLoad(const LoadOptions& options) {
  // These fork, so they come before gRPC has threads.
  std::unique_ptr<EmptyServers> empty;
  if (options.empty_baseline) empty = std::make_unique<EmptyServers>(options);
  std::vector<Target> targets = {{options.target, options.target}};
  if (!options.compare.empty()) targets.push_back({options.compare, options.compare});
  const std::string tenant = options.tenant.empty()
                                 ? absl::StrFormat("bench-%016x", SystemRandom().Next())
                                 : options.tenant;
  std::cerr << "seed " << options.seed << "\n";
  LoadRequests::Options of_requests = {options.dimension, options.response_bytes, options.seed,
                                       tenant, absl::Now()};
  std::optional<VectorRows> vectors;
  std::optional<VectorRows> misses;
  ASSIGN_OR_RETURN(of_requests.vectors, ReadRows(options.vectors, options.dimension, &vectors));
  ASSIGN_OR_RETURN(of_requests.misses, ReadRows(options.misses, options.dimension, &misses));
  RETURN_IF_ERROR(LoadRequests::CheckVectors(options.workload, of_requests));
  const LoadRequests requests(options.workload, of_requests);
  std::vector<TargetFigures> figures;
  for (const Target& target : targets) {
    figures.push_back({target.name, {}, 0});
    if (options.fill == FillMode::kNever) continue;
    const absl::StatusOr<double> took = FillCache(options, target.name, target.address, requests);
    if (!took.ok()) {
      return absl::UnavailableError(
          absl::StrCat("cannot fill the cache at ", target.address, ": ", took.status().message()));
    }
    figures.back().fill_seconds = *took;
  }
  if (options.settle) {
    const absl::StatusOr<double> took = AwaitRest(options.target, options.http, kRestPatience);
    if (!took.ok()) {
      return absl::Status(took.status().code(),
                          absl::StrCat(options.target, ": ", took.status().message()));
    }
    figures.front().settle_seconds = *took;
  }
  if (options.fill == FillMode::kOnly) return figures;
  if (empty != nullptr) {
    for (const Target& target : empty->targets()) {
      if (!ConnectTo(target.address)
               ->WaitForConnected(absl::ToChronoTime(absl::Now() + kPatience))) {
        return absl::UnavailableError(absl::StrCat(target.name, ": does not listen"));
      }
    }
    for (const Target& target : empty->targets()) {
      targets.push_back(target);
      figures.push_back({target.name, {}, 0});
    }
  }
  for (int run = 0; run < options.runs; ++run) {
    for (size_t i = 0; i < targets.size(); ++i) {
      figures[i].runs.push_back(LoadRun(options, requests, targets[i], run).Run());
    }
  }
  return figures;
}

int RunLoad(const LoadOptions& options) {
  const absl::StatusOr<std::vector<TargetFigures>> figures = MeasureLoad(options);
  if (!figures.ok()) {
    std::cerr << "semcached-bench: " << figures.status().message() << "\n";
    return 2;
  }
  const LoadReport report(options, *figures);
  if (options.json) {
    report.PrintJson(std::cout);
  } else {
    report.PrintTable(std::cout);
  }
  return report.failed() == 0 && report.wrong() == 0 ? 0 : 1;
}

}  // namespace semcached
