#include "cache/lookup_tickets.h"

#include <absl/strings/str_format.h>

#include <utility>

namespace semcached {
namespace {

// What has passed its age leaves a few at a time, as new ones come: after a pause all may have, and
// lookups wait meanwhile.
constexpr size_t kDropsAtOnce = 16;

size_t BytesOf(const LookupTicket& ticket) {
  return sizeof(ticket) + ticket.principal.size() + ticket.scope.namespace_name.size() +
         ticket.scope.model.size() + ticket.scope.context.size() + ticket.query.size() +
         ticket.embedding.values.size() * sizeof(float) + ticket.category.size() + 128;
}

}  // namespace

std::string LookupTickets::NewId() {
  return absl::StrFormat("%016x%016x", random_->Next(), random_->Next());
}

std::string LookupTickets::Issue(LookupTicket ticket) {
  std::string lookup_id = NewId();
  Issue(lookup_id, std::move(ticket));
  return lookup_id;
}

void LookupTickets::Issue(const std::string& lookup_id, LookupTicket ticket) {
  const MonotonicTime now = clock_->Monotonic();
  ticket.asked_at = now;
  std::vector<std::shared_ptr<const LookupTicket>> dropped;  // outlives the lock
  MutexLock lock(&mutex_);
  dropped = DropOld(now);
  bytes_ += BytesOf(ticket);
  issued_[lookup_id] = {std::make_shared<const LookupTicket>(std::move(ticket))};
  oldest_first_.push_back(lookup_id);
}

std::shared_ptr<const LookupTicket> LookupTickets::Find(const std::string& lookup_id,
                                                        std::optional<std::string_view> principal) {
  const MonotonicTime now = clock_->Monotonic();
  MutexLock lock(&mutex_);
  const Issued* const found = issued_.Find(lookup_id);
  if (found == nullptr) return nullptr;
  const LookupTicket& ticket = *found->ticket;
  if ((principal && ticket.principal != *principal) || now - ticket.asked_at >= ttl_)
    return nullptr;
  return found->ticket;
}

bool LookupTickets::ClaimVerdict(const std::string& lookup_id) {
  return Claim(lookup_id, &Issued::judged);
}

bool LookupTickets::ClaimAudit(const std::string& lookup_id) {
  return Claim(lookup_id, &Issued::audited);
}

bool LookupTickets::Claim(const std::string& lookup_id, bool Issued::*mark) {
  MutexLock lock(&mutex_);
  Issued* const found = issued_.Find(lookup_id);
  return found != nullptr && !std::exchange(found->*mark, true);
}

void LookupTickets::SetEntry(const std::string& lookup_id, EntryId id) {
  MutexLock lock(&mutex_);
  Issued* const found = issued_.Find(lookup_id);
  if (found != nullptr) found->entry = id;
}

EntryId LookupTickets::EntryOf(const std::string& lookup_id,
                               std::optional<std::string_view> principal) {
  MutexLock lock(&mutex_);
  const Issued* const found = issued_.Find(lookup_id);
  if (found == nullptr || (principal && found->ticket->principal != *principal)) return 0;
  return found->entry;
}

size_t LookupTickets::MemoryBytes() const {
  MutexLock lock(&mutex_);
  return bytes_;
}

std::vector<std::shared_ptr<const LookupTicket>> LookupTickets::DropOld(MonotonicTime now) {
  std::vector<std::shared_ptr<const LookupTicket>> dropped;
  while (!oldest_first_.empty()) {
    const std::shared_ptr<const LookupTicket>& oldest = issued_.Find(oldest_first_.front())->ticket;
    const bool full = issued_.size() >= max_count_ || bytes_ >= max_bytes_;
    if (!full && (now - oldest->asked_at < ttl_ || dropped.size() >= kDropsAtOnce)) break;
    bytes_ -= BytesOf(*oldest);
    dropped.push_back(oldest);
    issued_.Erase(oldest_first_.front());
    oldest_first_.pop_front();
  }
  return dropped;
}

}  // namespace semcached
