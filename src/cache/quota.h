#ifndef SEMCACHED_SRC_CACHE_QUOTA_H_
#define SEMCACHED_SRC_CACHE_QUOTA_H_

#include <absl/types/span.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "semcached/config/category_policy.h"

namespace semcached {

// What entries take, in bytes of memory and of disk.
struct Usage {
  int64_t entries = 0;
  int64_t memory = 0;
  int64_t disk = 0;

  Usage& operator+=(const Usage& other) {
    entries += other.entries;
    memory += other.memory;
    disk += other.disk;
    return *this;
  }
  friend Usage operator+(Usage a, const Usage& b) { return a += b; }
  Usage operator-() const { return {-entries, -memory, -disk}; }
};

// What all categories take together, kept up as they change, so that an insert need not ask each of
// thousands. Thread-safe; the three numbers are each right, if not of one moment.
class SharedUsage {
 public:
  void Add(const Usage& usage) {
    entries_.fetch_add(usage.entries, std::memory_order_relaxed);
    memory_.fetch_add(usage.memory, std::memory_order_relaxed);
    disk_.fetch_add(usage.disk, std::memory_order_relaxed);
  }
  Usage Get() const {
    return {entries_.load(std::memory_order_relaxed), memory_.load(std::memory_order_relaxed),
            disk_.load(std::memory_order_relaxed)};
  }

 private:
  std::atomic<int64_t> entries_{0};
  std::atomic<int64_t> memory_{0};
  std::atomic<int64_t> disk_{0};
};

// The memory that one more entry takes in the long run: vector, index, keys, bookkeeping. Counted
// from its shape, not measured, so that erasing an entry gives back what it was charged, at once.
// Unless the index is flat, a graph's links are charged too.
int64_t EntryMemoryCost(size_t dimension, const IndexPolicy& index);

// True if `usage` is more than the category's own quota allows.
bool ExceedsQuota(const Usage& usage, const QuotaPolicy& quota);

// The same for the part of it that one namespace may fill.
bool ExceedsNamespaceShare(const Usage& usage, const QuotaPolicy& quota);

// True if all categories together take more than the limits.
bool ExceedsLimits(const Usage& total, int64_t memory_limit, int64_t disk_limit);

struct CategoryUsage {
  Usage usage;
  double guaranteed_share = 0;
};

// Whose entries go when all together take more than the limits: the category that borrows most over
// its guaranteed share of the resource that is short; nullopt if nothing is. A category within its
// guarantee never gives way, since guarantees sum to at most 1.
std::optional<size_t> WhoGivesWay(absl::Span<const CategoryUsage> categories, int64_t memory_limit,
                                  int64_t disk_limit);

}  // namespace semcached

#endif  // SEMCACHED_SRC_CACHE_QUOTA_H_
