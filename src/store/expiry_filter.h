// Drops expired entries while RocksDB rewrites its files.
#ifndef SEMCACHED_STORE_EXPIRY_FILTER_H_
#define SEMCACHED_STORE_EXPIRY_FILTER_H_

#include <rocksdb/compaction_filter.h>

#include <memory>

#include "semcached/base/mutex.h"
#include "semcached/store/document_store.h"

namespace semcached {

// Thread-safe. A compaction uses the rule that held when it began.
class ExpiryFilterFactory final : public rocksdb::CompactionFilterFactory {
 public:
  void SetRule(ExpiryRule rule);

  std::unique_ptr<rocksdb::CompactionFilter> CreateCompactionFilter(
      const rocksdb::CompactionFilter::Context& context) override;
  const char* Name() const override { return "semcached.ExpiryFilterFactory"; }

 private:
  SharedMutex mutex_;
  std::shared_ptr<const ExpiryRule> rule_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace semcached

#endif  // SEMCACHED_STORE_EXPIRY_FILTER_H_
