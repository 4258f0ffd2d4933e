#include "cache/leases.h"

#include <algorithm>
#include <utility>

namespace semcached {
namespace {

// Leases taken beside the comparison make it begin anew; where they keep coming, the caller goes on
// with what it has seen.
constexpr int kMostComparisons = 4;

size_t BytesOf(const MissedQuery& query) {
  return sizeof(query) + query.category.size() + query.scope.namespace_name.size() +
         query.scope.model.size() + query.scope.context.size() + query.query.size() +
         query.guard_text.value_or("").size() + query.embedding.values.size() * sizeof(float);
}

bool IsSameQuery(const MissedQuery& one, const MissedQuery& other) {
  return one.exact_key == other.exact_key && one.scope == other.scope && one.query == other.query;
}

}  // namespace

const char* Name(WaitEnd value) {
  switch (value) {
    case WaitEnd::kAnswered:
      return "answered";
    case WaitEnd::kExpired:
      return "expired";
    case WaitEnd::kAbandoned:
      return "abandoned";
    case WaitEnd::kDeclined:
      return "declined";
    case WaitEnd::kTimedOut:
      return "timed_out";
    case WaitEnd::kCancelled:
      return "cancelled";
    case WaitEnd::kClosed:
      return "closed";
  }
  return "";
}

bool MayWaitOn(WaitEnd end) {
  return end == WaitEnd::kAnswered || end == WaitEnd::kExpired || end == WaitEnd::kAbandoned;
}

std::atomic<uint64_t>& LeaseTable::Answers(const Hash128& scope_hash) {
  return answers_[scope_hash.low % kBuckets];
}

uint64_t LeaseTable::AnswersSoFar(const Hash128& scope_hash) const {
  return answers_[scope_hash.low % kBuckets];
}

LeaseTable::Claim LeaseTable::TakeOrFind(const std::string& lease,
                                         const std::shared_ptr<const MissedQuery>& query,
                                         uint64_t answers_before,
                                         absl::FunctionRef<bool(const MissedQuery&)> answers,
                                         MonotonicTime now) {
  const GroupName name{query->scope_hash, query->category};
  uint64_t compared = 0;  // leases up to this number would not do
  for (int comparisons = 0;; ++comparisons) {
    std::vector<std::shared_ptr<const Lease>> held;
    {
      MutexLock lock(&mutex_);
      // Counted before the answers are read, and an insert does the two the other way round: one of
      // them sees the other.
      lease_count_ = leases_.size() + 1;
      Claim claim;
      bool compares = false;
      if (AnswersSoFar(query->scope_hash) != answers_before) {
        claim.kind = Claim::Kind::kLookAgain;
      } else {
        held = TakenSince(name, compared);
        compares = !held.empty() && comparisons < kMostComparisons;
        if (!compares) claim = Take(lease, query, now);
      }
      lease_count_ = leases_.size();
      if (!compares) return claim;
      compared = held.back()->number;
    }
    for (const auto& one : held) {
      const MissedQuery& other = *one->query;
      if (other.scope != query->scope) continue;
      if (IsSameQuery(other, *query) || answers(other)) return {Claim::Kind::kHeld, one->name};
    }
  }
}

std::vector<std::shared_ptr<const LeaseTable::Lease>> LeaseTable::TakenSince(
    const GroupName& name, uint64_t number) const {
  const auto group = groups_.find(name);
  if (group == groups_.end()) return {};
  const auto first = std::upper_bound(
      group->second.begin(), group->second.end(), number,
      [](uint64_t than, const std::shared_ptr<Lease>& one) { return than < one->number; });
  return {first, group->second.end()};
}

LeaseTable::Claim LeaseTable::Take(std::string name,
                                   const std::shared_ptr<const MissedQuery>& query,
                                   MonotonicTime now) {
  if (!HasRoomFor(BytesOf(*query)) || leases_.size() >= options_.max_leases) return {};
  bytes_ += BytesOf(*query);
  const auto lease = std::make_shared<Lease>(name, query, ++last_number_, now + options_.ttl);
  groups_[GroupName{query->scope_hash, query->category}].push_back(lease);
  leases_[name] = lease;
  if (on_lease_) on_lease_(query->scope.model, 1);
  return {Claim::Kind::kTaken, std::move(name)};
}

bool LeaseTable::Wait(const std::string& lease, Waiter& waiter) {
  MutexLock lock(&mutex_);
  if (!HasRoomFor(waiter.bytes) || waiting_ >= options_.max_waiters) return false;
  ++waiting_;
  bytes_ += waiter.bytes;
  const auto held = leases_.find(lease);
  if (held == leases_.end()) {
    Wake(std::move(waiter), WaitEnd::kAnswered);
  } else {
    held->second->waiters.push_back(std::move(waiter));
  }
  return true;
}

void LeaseTable::EndAnswered(const Hash128& scope_hash, std::string_view category,
                             const Hash128& exact_key) {
  ++Answers(scope_hash);
  if (lease_count_ == 0) return;  // as most inserts find it; see TakeOrFind()
  MutexLock lock(&mutex_);
  const auto group = groups_.find(GroupName{scope_hash, std::string(category)});
  if (group == groups_.end()) return;
  std::vector<std::string> ended;
  for (const auto& one : group->second) {
    if (one->query->exact_key == exact_key) ended.push_back(one->name);
  }
  for (const std::string& one : ended) EndLocked(one, WaitEnd::kAnswered);
}

absl::Status LeaseTable::End(const std::string& lease, std::string_view principal, WaitEnd end) {
  MutexLock lock(&mutex_);
  const auto held = leases_.find(lease);
  if (held == leases_.end() || held->second->query->principal != principal) {
    return absl::NotFoundError("there is no such lease any more");
  }
  EndLocked(lease, end);
  return absl::OkStatus();
}

absl::StatusOr<absl::Duration> LeaseTable::Renew(const std::string& lease,
                                                 std::string_view principal, MonotonicTime now) {
  MutexLock lock(&mutex_);
  const auto held = leases_.find(lease);
  if (held == leases_.end() || held->second->query->principal != principal) {
    return absl::NotFoundError("there is no such lease any more; somebody else may have it");
  }
  held->second->expires_at = now + options_.ttl;
  return options_.ttl;
}

void LeaseTable::Tick(MonotonicTime now) {
  if (lease_count_ == 0) return;  // nobody waits without one
  MutexLock lock(&mutex_);
  std::vector<std::string> expired;
  for (auto& [name, lease] : leases_) {
    if (lease->expires_at <= now) {
      expired.push_back(name);
      continue;
    }
    const auto over = std::stable_partition(
        lease->waiters.begin(), lease->waiters.end(), [now](const Waiter& waiter) {
          return waiter.until > now && !(waiter.cancelled && waiter.cancelled());
        });
    for (auto waiter = over; waiter != lease->waiters.end(); ++waiter) {
      const WaitEnd end = waiter->until <= now ? WaitEnd::kTimedOut : WaitEnd::kCancelled;
      Wake(std::move(*waiter), end);
    }
    lease->waiters.erase(over, lease->waiters.end());
  }
  for (const std::string& one : expired) EndLocked(one, WaitEnd::kExpired);
}

void LeaseTable::Close() {
  MutexLock lock(&mutex_);
  closed_ = true;
  while (!leases_.empty()) EndLocked(leases_.begin()->second->name, WaitEnd::kClosed);
}

std::vector<LeaseTable::Woken> LeaseTable::TakeWoken(size_t most) {
  std::vector<Woken> taken;
  MutexLock lock(&mutex_);
  while (!woken_.empty() && taken.size() < most) {
    bytes_ -= woken_.front().waiter.bytes;
    --waiting_;
    taken.push_back(std::move(woken_.front()));
    woken_.pop_front();
  }
  woken_count_ = woken_.size();
  return taken;
}

LeaseTable::Counts LeaseTable::Count() const {
  MutexLock lock(&mutex_);
  return {leases_.size(), waiting_, bytes_, ended_};
}

bool LeaseTable::HasRoomFor(size_t bytes) const {
  return !closed_ && bytes_ + bytes <= options_.max_bytes;
}

void LeaseTable::Wake(Waiter waiter, WaitEnd end) {
  woken_.push_back({std::move(waiter), end});
  woken_count_ = woken_.size();
}

void LeaseTable::EndLocked(const std::string& lease, WaitEnd end) {
  const auto held = leases_.find(lease);
  const std::shared_ptr<Lease> ended = held->second;
  leases_.erase(held);
  ++ended_[static_cast<size_t>(end)];
  if (on_lease_) on_lease_(ended->query->scope.model, -1);
  for (Waiter& waiter : ended->waiters) Wake(std::move(waiter), end);
  ended->waiters.clear();
  bytes_ -= BytesOf(*ended->query);
  const auto group = groups_.find(GroupName{ended->query->scope_hash, ended->query->category});
  std::erase(group->second, ended);
  if (group->second.empty()) groups_.erase(group);
  lease_count_ = leases_.size();
}

}  // namespace semcached
