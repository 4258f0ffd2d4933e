#include "cache/quota.h"

#include "semcached/index/vector_index.h"

namespace semcached {
namespace {

// Keys and orders of one entry beside the index: hash slots at their usual load, list and tree
// nodes.
constexpr int64_t kBookkeepingBytes = 430;

std::optional<size_t> MostBorrowed(absl::Span<const CategoryUsage> categories,
                                   int64_t Usage::*resource, int64_t limit) {
  std::optional<size_t> most;
  double most_borrowed = 0;
  for (size_t i = 0; i < categories.size(); ++i) {
    const double borrowed = static_cast<double>(categories[i].usage.*resource) -
                            categories[i].guaranteed_share * static_cast<double>(limit);
    if (borrowed > most_borrowed) {
      most = i;
      most_borrowed = borrowed;
    }
  }
  return most;
}

}  // namespace

int64_t EntryMemoryCost(size_t dimension, const IndexPolicy& index) {
  IndexOptions options;
  options.type = index.type;
  options.dimension = dimension;
  options.m = index.m;
  return static_cast<int64_t>(IndexBytesPerEntry(options)) + kBookkeepingBytes;
}

bool ExceedsQuota(const Usage& usage, const QuotaPolicy& quota) {
  return usage.entries > quota.max_entries || usage.memory > quota.max_memory_bytes ||
         usage.disk > quota.max_disk_bytes;
}

bool ExceedsNamespaceShare(const Usage& usage, const QuotaPolicy& quota) {
  const double share = quota.max_namespace_share;
  const auto over = [share](int64_t used, int64_t all) {
    return static_cast<double>(used) > share * static_cast<double>(all);
  };
  return over(usage.entries, quota.max_entries) || over(usage.memory, quota.max_memory_bytes) ||
         over(usage.disk, quota.max_disk_bytes);
}

bool ExceedsLimits(const Usage& total, int64_t memory_limit, int64_t disk_limit) {
  return total.memory > memory_limit || total.disk > disk_limit;
}

std::optional<size_t> WhoGivesWay(absl::Span<const CategoryUsage> categories, int64_t memory_limit,
                                  int64_t disk_limit) {
  Usage total;
  for (const CategoryUsage& category : categories) total += category.usage;
  if (total.memory > memory_limit) {
    return MostBorrowed(categories, &Usage::memory, memory_limit);
  }
  if (total.disk > disk_limit) return MostBorrowed(categories, &Usage::disk, disk_limit);
  return std::nullopt;
}

}  // namespace semcached
