// Callers that miss, and what becomes of them.
#ifndef SEMCACHED_TESTS_CACHE_SINGLE_FLIGHT_FIXTURE_H_
#define SEMCACHED_TESTS_CACHE_SINGLE_FLIGHT_FIXTURE_H_

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cache/cache_fixture.h"

namespace semcached {

// What a lookup with OnMiss::kLease has come to so far.
struct Asker {
  bool cancelled = false;
  std::optional<absl::StatusOr<LookupResult>> result;

  // "waits", "lease", "exact:BODY", "semantic:BODY", "go on" or the code of an error.
  std::string State() const {
    if (!result.has_value()) return "waits";
    if (!result->ok()) return absl::StatusCodeToString(result->status().code());
    const LookupResult& found = **result;
    if (found.outcome == Outcome::kHitExact) return "exact:" + found.response.body;
    if (found.outcome == Outcome::kHitSemantic) return "semantic:" + found.response.body;
    return found.lease.empty() ? "go on" : "lease";
  }
  std::string lease() const { return (*result)->lease; }
  std::string lookup_id() const { return (*result)->lookup_id; }
};

class SingleFlightTest : public CacheTest {
 protected:
  using AskerPtr = std::shared_ptr<Asker>;

  SingleFlightTest() {
    Policy("code").guards = {GuardKind::kNumbers};
    Reload();
  }

  AskerPtr Send(LookupRequest request, absl::Duration max_wait = absl::Seconds(30)) {
    request.on_miss = OnMiss::kLease;
    auto asker = std::make_shared<Asker>();
    absl::StatusOr<LookupResult> result = cache_->Lookup(request, Call(clock_));
    if (result.ok() && result->awaits != nullptr) {
      cache_->Await(
          result->awaits, clock_.Monotonic() + max_wait, [asker] { return asker->cancelled; },
          [asker](absl::StatusOr<LookupResult> answer) {
            EXPECT_FALSE(asker->result.has_value()) << "answered twice";
            asker->result = std::move(answer);
          });
    } else {
      asker->result = std::move(result);
    }
    return asker;
  }
  AskerPtr Send(const std::string& query, const std::vector<float>& vector,
                const std::string& tenant = "acme") {
    return Send(Ask(query, vector, tenant));
  }
  InsertResult InsertFor(const AskerPtr& holder, const std::string& answer) {
    InsertRequest request;
    request.lookup_id = holder->lookup_id();
    request.response.body = answer;
    InsertResult result = Insert(request);
    resumes_.RunAll();
    return result;
  }
  void Wait(absl::Duration time) {
    Advance(time);
    cache_->TickLeases();
    resumes_.RunAll();
  }
};

}  // namespace semcached

#endif  // SEMCACHED_TESTS_CACHE_SINGLE_FLIGHT_FIXTURE_H_
