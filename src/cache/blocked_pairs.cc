#include "cache/blocked_pairs.h"

#include <cstring>
#include <tuple>

namespace semcached {

Hash128 BlockedPairs::NameOf(const Hash128& one, const Hash128& other) {
  const bool ordered = std::tie(one.high, one.low) <= std::tie(other.high, other.low);
  const Hash128& first = ordered ? one : other;
  const Hash128& second = ordered ? other : one;
  // Both are keyed hashes: nobody can search for two pairs of one name.
  return KeyedHash(HashKey{}, PairBytes(first) + PairBytes(second));
}

std::optional<Hash128> BlockedPairs::Add(const Hash128& pair) {
  WriterLock lock(&mutex_);
  if (!pairs_.insert(pair).second) return std::nullopt;
  oldest_first_.push_back(pair);
  std::optional<Hash128> left;
  if (pairs_.size() > kMost) {
    left = oldest_first_.front();
    oldest_first_.pop_front();
    pairs_.erase(*left);
  }
  size_ = pairs_.size();
  return left;
}

bool BlockedPairs::Contains(const Hash128& one, const Hash128& other) const {
  if (size_ == 0) return false;
  const Hash128 pair = NameOf(one, other);
  ReaderLock lock(&mutex_);
  return pairs_.contains(pair);
}

std::string PairBytes(const Hash128& pair) {
  std::string bytes(sizeof(pair), '\0');
  std::memcpy(bytes.data(), &pair.high, sizeof(pair.high));
  std::memcpy(bytes.data() + sizeof(pair.high), &pair.low, sizeof(pair.low));
  return bytes;
}

std::optional<Hash128> PairOf(std::string_view bytes) {
  Hash128 pair;
  if (bytes.size() != sizeof(pair)) return std::nullopt;
  std::memcpy(&pair.high, bytes.data(), sizeof(pair.high));
  std::memcpy(&pair.low, bytes.data() + sizeof(pair.high), sizeof(pair.low));
  return pair;
}

}  // namespace semcached
