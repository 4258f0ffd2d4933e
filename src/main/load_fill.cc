#include "main/load_fill.h"

#include <absl/strings/str_format.h>
#include <absl/time/time.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <iostream>
#include <memory>
#include <thread>
#include <vector>

#include "main/client.h"
#include "semcached/base/status.h"
#include "semcached/v1/semantic_cache.grpc.pb.h"

namespace semcached {
namespace {

constexpr std::chrono::seconds kProgressInterval(5);
constexpr int kRetries = 10;
constexpr absl::Duration kPatience = absl::Seconds(10);

using Clock = std::chrono::steady_clock;
using Stub = v1::SemanticCache::Stub;

// How many entries one call may bring.
absl::StatusOr<int64_t> BatchFor(Stub& stub, const LoadOptions& options) {
  // Of what is not vector or response.
  constexpr int64_t kRestBytes = 512;
  // Embedding takes milliseconds a text, and a batch must meet the server's deadline.
  constexpr int64_t kMostEmbedded = 8;
  grpc::ClientContext context;
  SetDeadline(&context, kPatience);
  v1::GetServerInfoResponse info;
  if (const grpc::Status status = stub.GetServerInfo(&context, {}, &info); !status.ok()) {
    return absl::UnavailableError(status.error_message());
  }
  const int64_t entry_bytes = kRestBytes + options.response_bytes +
                              int64_t{sizeof(float)} * static_cast<int64_t>(options.dimension);
  int64_t most = std::min<int64_t>(info.limits().max_batch_count(),
                                   info.limits().max_message_bytes() / entry_bytes);
  if (options.workload.embed) most = std::min(most, kMostEmbedded);
  return std::max<int64_t>(1, most);
}

// Inserts all entries, by several callers.
class Filling {
 public:
  Filling(const LoadOptions& options, const std::string& name, const std::string& address,
          const LoadRequests& requests)
      : options_(options), name_(name), address_(address), requests_(requests) {}

  // The seconds it took.
  absl::StatusOr<double> Run() {
    const std::unique_ptr<Stub> stub = v1::SemanticCache::NewStub(ConnectTo(address_));
    ASSIGN_OR_RETURN(batch_, BatchFor(*stub, options_));
    std::vector<std::thread> callers;
    std::vector<absl::Status> ends(static_cast<size_t>(options_.fill_callers));
    for (size_t i = 0; i < ends.size(); ++i) {
      callers.emplace_back([this, i, &ends] {
        ends[i] = Call(i == 0);
        if (!ends[i].ok()) next_ = requests_.entries();  // the others need not go on
      });
    }
    for (std::thread& caller : callers) caller.join();
    for (const absl::Status& end : ends) RETURN_IF_ERROR(end);
    return Seconds();
  }

 private:
  double Seconds() const { return std::chrono::duration<double>(Clock::now() - begun_).count(); }

  absl::Status Call(bool tells) {
    const std::unique_ptr<Stub> stub = v1::SemanticCache::NewStub(ConnectTo(address_));
    Clock::time_point told = begun_;
    while (true) {
      const int64_t first = next_.fetch_add(batch_);
      if (first >= requests_.entries()) return absl::OkStatus();
      absl::Status inserted = InsertFrom(*stub, first);
      // A store that compacts may hold writers up for seconds. What went in of the batch is
      // replaced by itself.
      for (int again = 0; again < kRetries && absl::IsDeadlineExceeded(inserted); ++again) {
        inserted = InsertFrom(*stub, first);
      }
      RETURN_IF_ERROR(inserted);
      if (!tells || Clock::now() - told < kProgressInterval) continue;
      told = Clock::now();
      Tell(first);
    }
  }

  absl::Status InsertFrom(Stub& stub, int64_t first) {
    v1::BatchInsertRequest request;
    const int64_t end = std::min(first + batch_, requests_.entries());
    for (int64_t entry = first; entry < end; ++entry) {
      requests_.MakeEntry(entry, request.add_requests());
    }
    grpc::ClientContext context;
    SetDeadline(&context, kPatience);
    v1::BatchInsertResponse response;
    if (const grpc::Status status = stub.BatchInsert(&context, request, &response); !status.ok()) {
      return {static_cast<absl::StatusCode>(status.error_code()), status.error_message()};
    }
    for (const v1::InsertResult& result : response.results()) {
      if (result.code() != 0) {
        return {static_cast<absl::StatusCode>(result.code()), result.message()};
      }
      if (result.response().result() == v1::InsertResponse::RESULT_DECLINED) {
        return absl::FailedPreconditionError(result.response().decline_reason());
      }
    }
    return absl::OkStatus();
  }

  void Tell(int64_t filled) const {
    const double rate = static_cast<double>(filled) / Seconds();
    const double left = static_cast<double>(requests_.entries() - filled) / std::max(rate, 1.0);
    std::cerr << absl::StrFormat("%s: filled %d of %d, %.0f/s, %.0f s left\n", name_, filled,
                                 requests_.entries(), rate, left);
  }

  const LoadOptions& options_;
  const std::string& name_;
  const std::string& address_;
  const LoadRequests& requests_;
  const Clock::time_point begun_ = Clock::now();
  int64_t batch_ = 1;  // constant while callers are at work
  std::atomic<int64_t> next_{0};
};

}  // namespace

absl::StatusOr<double> FillCache(const LoadOptions& options, const std::string& name,
                                 const std::string& address, const LoadRequests& requests) {
  return Filling(options, name, address, requests).Run();
}

}  // namespace semcached
