#include "main/load_run.h"

#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>
#include <absl/time/clock.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <iostream>
#include <latch>
#include <memory>
#include <nlohmann/json.hpp>
#include <random>
#include <thread>
#include <vector>

#include "main/client.h"
#include "main/table.h"
#include "semcached/base/random.h"
#include "semcached/v1/semantic_cache.grpc.pb.h"

namespace semcached {
namespace {

constexpr char kIdentity[] = "bench/random";
constexpr double kNearSimilarity = 0.95;
constexpr absl::Duration kProgressInterval = absl::Seconds(1);

using Stub = v1::SemanticCache::Stub;

std::vector<float> RandomUnit(std::mt19937_64& random, int dimension) {
  std::normal_distribution<float> normal;
  std::vector<float> vector(static_cast<size_t>(dimension));
  double square = 0;
  for (float& value : vector) {
    value = normal(random);
    square += static_cast<double>(value) * value;
  }
  for (float& value : vector) value = static_cast<float>(value / std::sqrt(square));
  return vector;
}

// Of the given similarity to `vector`, up to the chance overlap of random directions.
std::vector<float> NearTo(const std::vector<float>& vector, std::mt19937_64& random) {
  const std::vector<float> other = RandomUnit(random, static_cast<int>(vector.size()));
  const auto along = static_cast<float>(kNearSimilarity);
  const auto across = static_cast<float>(std::sqrt(1 - kNearSimilarity * kNearSimilarity));
  std::vector<float> near(vector.size());
  for (size_t i = 0; i < near.size(); ++i) near[i] = along * vector[i] + across * other[i];
  return near;
}

std::string TextOf(int64_t entry) { return absl::StrCat("what is the entry called ", entry); }

class LoadRun {
 public:
  explicit LoadRun(const LoadOptions& options)
      : options_(options),
        tenant_(absl::StrFormat("bench-%016x", SystemRandom().Next())),
        warm_(options.callers) {
    std::mt19937_64 random(options.seed);
    for (int64_t i = 0; i < options.entries; ++i) {
      vectors_.push_back(RandomUnit(random, options.dimension));
    }
    body_.assign(static_cast<size_t>(options.response_bytes), 'x');
  }

  grpc::Status Fill() {
    const std::unique_ptr<Stub> stub = v1::SemanticCache::NewStub(ConnectTo(options_.target));
    absl::Time told = absl::Now();
    for (size_t i = 0; i < vectors_.size(); ++i) {
      const grpc::Status status = Insert(*stub, vectors_[i], static_cast<int64_t>(i));
      if (!status.ok()) return status;
      if (absl::Now() - told < kProgressInterval) continue;
      told = absl::Now();
      std::cerr << "filled " << i << " of " << vectors_.size() << "\n";
    }
    return grpc::Status::OK;
  }

  void Run() {
    std::vector<std::thread> callers;
    std::vector<std::vector<double>> micros(static_cast<size_t>(options_.callers));
    for (int i = 0; i < options_.callers; ++i) {
      callers.emplace_back([this, i, &micros] { Call(i, &micros[static_cast<size_t>(i)]); });
    }
    warm_.wait();
    hits_ = 0;
    started_ = absl::Now();
    begin_.count_down();
    for (std::thread& caller : callers) caller.join();
    took_ = absl::Now() - started_;
    for (const std::vector<double>& part : micros) {
      micros_.insert(micros_.end(), part.begin(), part.end());
    }
    std::sort(micros_.begin(), micros_.end());
  }

  int64_t failed() const { return failed_; }
  int64_t wrong() const { return wrong_; }
  int64_t hits() const { return hits_; }
  const std::vector<double>& micros() const { return micros_; }
  double calls_per_second() const {
    return static_cast<double>(sent_) / absl::ToDoubleSeconds(took_);
  }
  double Percentile(double share) const {
    if (micros_.empty()) return 0;
    return micros_[static_cast<size_t>(share * static_cast<double>(micros_.size() - 1) + 0.5)];
  }

 private:
  void SetScope(v1::Scope* scope) const {
    scope->set_namespace_(tenant_);
    scope->set_model("bench-model");
  }

  static void SetEmbedding(const std::vector<float>& vector, v1::Embedding* embedding) {
    embedding->set_identity(kIdentity);
    embedding->mutable_values()->Add(vector.begin(), vector.end());
  }

  grpc::Status Insert(Stub& stub, const std::vector<float>& vector, int64_t entry) {
    v1::InsertRequest request;
    SetScope(request.mutable_scope());
    request.set_query(TextOf(entry));
    SetEmbedding(vector, request.mutable_embedding());
    request.set_category(options_.category);
    request.mutable_response()->set_body(absl::StrCat(entry, " ", body_));
    grpc::ClientContext context;
    SetDeadline(&context, absl::Seconds(10));
    v1::InsertResponse response;
    grpc::Status status = stub.Insert(&context, request, &response);
    if (status.ok() && response.result() == v1::InsertResponse::RESULT_DECLINED) {
      return grpc::Status(grpc::FAILED_PRECONDITION, response.decline_reason());
    }
    return status;
  }

  // A lookup, counted by what it gave; the text of the near one is that of the entry, so that the
  // category's guards have two texts to compare.
  grpc::Status Lookup(Stub& stub, std::mt19937_64& random) {
    const auto entry = static_cast<int64_t>(random() % vectors_.size());
    v1::LookupRequest request;
    SetScope(request.mutable_scope());
    request.set_category(options_.category);
    request.set_no_store(true);
    switch (options_.workload) {
      case Workload::kExactHit:
        request.set_query(TextOf(entry));
        break;
      case Workload::kSemanticHit:
        // Other words, so that the exact path does not answer.
        request.set_query(absl::StrCat("please tell ", TextOf(entry)));
        SetEmbedding(NearTo(vectors_[static_cast<size_t>(entry)], random),
                     request.mutable_embedding());
        break;
      default:
        request.set_query("nothing like it");
        SetEmbedding(RandomUnit(random, options_.dimension), request.mutable_embedding());
    }
    grpc::ClientContext context;
    SetDeadline(&context, absl::Seconds(10));
    v1::LookupResponse response;
    const absl::Time before = absl::Now();
    grpc::Status status = stub.Lookup(&context, request, &response);
    last_micros_ = absl::ToDoubleMicroseconds(absl::Now() - before);
    if (!status.ok()) return status;
    if (response.outcome() == v1::OUTCOME_HIT_EXACT ||
        response.outcome() == v1::OUTCOME_HIT_SEMANTIC) {
      ++hits_;
      const bool right = options_.workload != Workload::kMiss &&
                         response.response().body().rfind(absl::StrCat(entry, " "), 0) == 0;
      if (!right) ++wrong_;
    }
    return status;
  }

  void Call(int caller, std::vector<double>* micros) {
    const std::unique_ptr<Stub> stub = v1::SemanticCache::NewStub(ConnectTo(options_.target));
    std::mt19937_64 random(options_.seed + 1000 + static_cast<uint64_t>(caller));
    const int64_t warm_up = options_.warm_up_calls / options_.callers;
    for (int64_t i = 0; i < warm_up; ++i) One(*stub, random);
    warm_.count_down();
    begin_.wait();
    while (sent_.fetch_add(1) < options_.calls) {
      One(*stub, random);
      micros->push_back(last_micros_);
      if (caller == 0) Tell(micros->size());
    }
    --sent_;
  }

  void One(Stub& stub, std::mt19937_64& random) {
    grpc::Status status;
    if (options_.workload == Workload::kInsert) {
      const std::vector<float> vector = RandomUnit(random, options_.dimension);
      const absl::Time before = absl::Now();
      status = Insert(stub, vector, static_cast<int64_t>(random() >> 2));
      last_micros_ = absl::ToDoubleMicroseconds(absl::Now() - before);
    } else {
      status = Lookup(stub, random);
    }
    if (!status.ok() && failed_.fetch_add(1) == 0) {
      std::cerr << "a call failed: " << status.error_message() << "\n";
    }
  }

  void Tell(size_t mine) {
    if (absl::Now() - told_ < kProgressInterval) return;
    told_ = absl::Now();
    std::cerr << "sent " << mine * static_cast<size_t>(options_.callers) << " of " << options_.calls
              << "\n";
  }

  const LoadOptions& options_;
  const std::string tenant_;
  std::vector<std::vector<float>> vectors_;
  std::string body_;

  // No call is counted before every caller has warmed up.
  std::latch warm_;
  std::latch begin_{1};

  std::atomic<int64_t> sent_{0};
  std::atomic<int64_t> failed_{0};
  std::atomic<int64_t> wrong_{0};
  std::atomic<int64_t> hits_{0};
  static thread_local double last_micros_;
  absl::Time told_ = absl::Now();  // of caller 0 alone

  absl::Time started_;
  absl::Duration took_;
  std::vector<double> micros_;
};

thread_local double LoadRun::last_micros_ = 0;

}  // namespace

int RunLoad(const LoadOptions& options) {
  std::cerr << "seed " << options.seed << "\n";
  LoadRun run(options);
  if (const grpc::Status status = run.Fill(); !status.ok()) {
    std::cerr << "cannot fill the cache at " << options.target << ": " << status.error_message()
              << "\n";
    return 2;
  }
  run.Run();
  if (options.json) {
    const nlohmann::json json = {{"calls", run.micros().size()},
                                 {"callers", options.callers},
                                 {"entries", options.entries},
                                 {"hits", run.hits()},
                                 {"failed", run.failed()},
                                 {"wrong", run.wrong()},
                                 {"calls_per_second", run.calls_per_second()},
                                 {"p50_us", run.Percentile(0.50)},
                                 {"p95_us", run.Percentile(0.95)},
                                 {"p99_us", run.Percentile(0.99)},
                                 {"p999_us", run.Percentile(0.999)},
                                 {"seed", options.seed}};
    std::cout << json.dump(2) << "\n";
  } else {
    Table table({"calls", "callers", "hits", "failed", "wrong", "calls/s", "p50 us", "p95 us",
                 "p99 us", "p99.9 us"});
    table.Add({absl::StrCat(run.micros().size()), absl::StrCat(options.callers),
               absl::StrCat(run.hits()), absl::StrCat(run.failed()), absl::StrCat(run.wrong()),
               absl::StrFormat("%.0f", run.calls_per_second()),
               absl::StrFormat("%.0f", run.Percentile(0.50)),
               absl::StrFormat("%.0f", run.Percentile(0.95)),
               absl::StrFormat("%.0f", run.Percentile(0.99)),
               absl::StrFormat("%.0f", run.Percentile(0.999))});
    table.Print(std::cout);
  }
  return run.failed() == 0 && run.wrong() == 0 ? 0 : 1;
}

}  // namespace semcached
