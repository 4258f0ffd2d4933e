#include "semcached/embed/recent_embeddings.h"

#include <string>

namespace semcached {
namespace {

// One list node, one slot of the table at its usual load, and the vector with its control block.
size_t BytesOf(const std::vector<float>& vector) {
  constexpr size_t kListNode = 2 * sizeof(void*) + sizeof(Hash128) + sizeof(std::shared_ptr<void>);
  constexpr size_t kTableSlot = 2 * (sizeof(Hash128) + sizeof(void*) + 1);
  constexpr size_t kControlBlock = 2 * sizeof(void*);
  return kListNode + kTableSlot + kControlBlock + sizeof(std::vector<float>) +
         vector.capacity() * sizeof(float);
}

}  // namespace

std::shared_ptr<const std::vector<float>> RecentEmbeddings::Find(std::string_view tenant,
                                                                 std::string_view identity,
                                                                 std::string_view text) {
  if (capacity_ == 0) return nullptr;
  const Hash128 key = KeyOf(tenant, identity, text);
  MutexLock lock(&mutex_);
  const auto found = by_key_.find(key);
  if (found == by_key_.end()) return nullptr;
  newest_first_.splice(newest_first_.begin(), newest_first_, found->second);
  return found->second->second;
}

void RecentEmbeddings::Remember(std::string_view tenant, std::string_view identity,
                                std::string_view text,
                                std::shared_ptr<const std::vector<float>> vector) {
  if (capacity_ == 0 || vector == nullptr) return;
  const Hash128 key = KeyOf(tenant, identity, text);
  MutexLock lock(&mutex_);
  memory_bytes_ += BytesOf(*vector);
  if (const auto found = by_key_.find(key); found != by_key_.end()) {
    memory_bytes_ -= BytesOf(*found->second->second);
    found->second->second = std::move(vector);
    newest_first_.splice(newest_first_.begin(), newest_first_, found->second);
    return;
  }
  newest_first_.emplace_front(key, std::move(vector));
  by_key_.emplace(key, newest_first_.begin());
  if (newest_first_.size() > most_) ForgetOldest();
}

void RecentEmbeddings::ForgetOldest() {
  memory_bytes_ -= BytesOf(*newest_first_.back().second);
  by_key_.erase(newest_first_.back().first);
  newest_first_.pop_back();
}

void RecentEmbeddings::SetShare(double share) {
  MutexLock lock(&mutex_);
  most_ = static_cast<size_t>(share * static_cast<double>(capacity_));
  while (newest_first_.size() > most_) ForgetOldest();
}

size_t RecentEmbeddings::MemoryBytes() const {
  MutexLock lock(&mutex_);
  return memory_bytes_;
}

Hash128 RecentEmbeddings::KeyOf(std::string_view tenant, std::string_view identity,
                                std::string_view text) const {
  std::string bytes;
  bytes.reserve(3 * sizeof(uint64_t) + tenant.size() + identity.size() + text.size());
  AppendLengthPrefixed(tenant, &bytes);
  AppendLengthPrefixed(identity, &bytes);
  AppendLengthPrefixed(text, &bytes);
  return KeyedHash(key_, bytes);
}

}  // namespace semcached
