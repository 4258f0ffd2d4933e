// How RocksDB is set up for this work, and what its answers mean.
#ifndef SEMCACHED_STORE_ROCKSDB_OPTIONS_H_
#define SEMCACHED_STORE_ROCKSDB_OPTIONS_H_

#include <absl/status/status.h>
#include <absl/strings/string_view.h>
#include <rocksdb/cache.h>
#include <rocksdb/db.h>
#include <rocksdb/options.h>

#include <memory>
#include <vector>

#include "semcached/store/document_store.h"

namespace semcached {

// In the order of ColumnFamilies(). The default one holds what the store says about itself.
enum ColumnFamily { kDefaultFamily, kEntryFamily, kResponseFamily, kFamilies };

rocksdb::DBOptions DatabaseOptions(const StoreOptions& options);

std::vector<rocksdb::ColumnFamilyDescriptor> ColumnFamilies(
    const StoreOptions& options, const std::shared_ptr<rocksdb::Cache>& cache,
    const std::shared_ptr<rocksdb::CompactionFilterFactory>& expiry);

// Every rocksdb::Status becomes an absl::Status here: an ignored one of theirs gives no warning, an
// ignored one of ours does. `doing` begins the message.
absl::Status ReadStatus(const rocksdb::Status& status, absl::string_view doing);
// A write that fails for whatever reason but a full disk: no writes at present.
absl::Status WriteStatus(const rocksdb::Status& status, absl::string_view doing);
absl::Status OpenStatus(const rocksdb::Status& status, absl::string_view doing);

}  // namespace semcached

#endif  // SEMCACHED_STORE_ROCKSDB_OPTIONS_H_
