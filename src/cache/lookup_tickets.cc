#include "cache/lookup_tickets.h"

#include <absl/strings/str_format.h>

#include <utility>

namespace semcached {
namespace {

size_t BytesOf(const LookupTicket& ticket) {
  return sizeof(ticket) + ticket.principal.size() + ticket.scope.namespace_name.size() +
         ticket.scope.model.size() + ticket.scope.context.size() + ticket.query.size() +
         ticket.embedding.values.size() * sizeof(float) + ticket.category.size() + 128;
}

}  // namespace

std::string LookupTickets::Issue(LookupTicket ticket) {
  const MonotonicTime now = clock_->Monotonic();
  ticket.asked_at = now;
  std::string lookup_id = absl::StrFormat("%016x%016x", random_->Next(), random_->Next());
  MutexLock lock(&mutex_);
  DropOld(now);
  bytes_ += BytesOf(ticket);
  issued_[lookup_id] = {std::make_shared<const LookupTicket>(std::move(ticket))};
  oldest_first_.push_back(lookup_id);
  return lookup_id;
}

std::shared_ptr<const LookupTicket> LookupTickets::Find(const std::string& lookup_id,
                                                        std::string_view principal) {
  const MonotonicTime now = clock_->Monotonic();
  MutexLock lock(&mutex_);
  const auto found = issued_.find(lookup_id);
  if (found == issued_.end()) return nullptr;
  const LookupTicket& ticket = *found->second.ticket;
  if (ticket.principal != principal || now - ticket.asked_at >= ttl_) return nullptr;
  return found->second.ticket;
}

bool LookupTickets::ClaimVerdict(const std::string& lookup_id) {
  return Claim(lookup_id, &Issued::judged);
}

bool LookupTickets::ClaimAudit(const std::string& lookup_id) {
  return Claim(lookup_id, &Issued::audited);
}

bool LookupTickets::Claim(const std::string& lookup_id, bool Issued::*mark) {
  MutexLock lock(&mutex_);
  const auto found = issued_.find(lookup_id);
  return found != issued_.end() && !std::exchange(found->second.*mark, true);
}

void LookupTickets::SetEntry(const std::string& lookup_id, EntryId id) {
  MutexLock lock(&mutex_);
  const auto found = issued_.find(lookup_id);
  if (found != issued_.end()) found->second.entry = id;
}

EntryId LookupTickets::EntryOf(const std::string& lookup_id, std::string_view principal) {
  MutexLock lock(&mutex_);
  const auto found = issued_.find(lookup_id);
  if (found == issued_.end() || found->second.ticket->principal != principal) return 0;
  return found->second.entry;
}

size_t LookupTickets::MemoryBytes() const {
  MutexLock lock(&mutex_);
  return bytes_;
}

void LookupTickets::DropOld(MonotonicTime now) {
  while (!oldest_first_.empty()) {
    const auto oldest = issued_.find(oldest_first_.front());
    const LookupTicket& ticket = *oldest->second.ticket;
    const bool full = issued_.size() >= max_count_ || bytes_ >= max_bytes_;
    if (!full && now - ticket.asked_at < ttl_) return;
    bytes_ -= BytesOf(ticket);
    issued_.erase(oldest);
    oldest_first_.pop_front();
  }
}

}  // namespace semcached
