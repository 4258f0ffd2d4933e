#ifndef SEMCACHED_SRC_STORE_ROCKSDB_DATABASE_H_
#define SEMCACHED_SRC_STORE_ROCKSDB_DATABASE_H_

#include <absl/status/statusor.h>
#include <rocksdb/cache.h>
#include <rocksdb/db.h>

#include <memory>
#include <string>
#include <vector>

#include "semcached/base/hash.h"
#include "semcached/store/document_store.h"
#include "store/expiry_filter.h"

namespace semcached {

// RocksDB while it is open, and the store's own record in it. Closes it. Thread-safe.
struct OpenDatabase {
  // Makes one that is not there. DataLoss: it is damaged, or the record of one that holds entries
  // is gone. FailedPrecondition: another format. Else as RocksDB says.
  static absl::StatusOr<std::shared_ptr<const OpenDatabase>> At(
      const std::string& path, const StoreOptions& options,
      const std::shared_ptr<rocksdb::Cache>& cache,
      const std::shared_ptr<ExpiryFilterFactory>& expiry);

  OpenDatabase();
  ~OpenDatabase();
  OpenDatabase(const OpenDatabase&) = delete;
  OpenDatabase& operator=(const OpenDatabase&) = delete;

  rocksdb::DB* operator->() const { return database.get(); }

  // For good: a log or manifest that could not be written or synced is in a state that nobody
  // knows, and RocksDB takes no more writes. Of a full disk it recovers by itself, and a damaged
  // table is the same after an opening.
  bool WritesHaveEnded() const;

  class WriteErrors;
  const std::shared_ptr<WriteErrors> errors;
  std::unique_ptr<rocksdb::DB> database;
  std::vector<rocksdb::ColumnFamilyHandle*> families;  // by ColumnFamily
  HashKey hash_key{};
};
using DatabasePtr = std::shared_ptr<const OpenDatabase>;

}  // namespace semcached

#endif  // SEMCACHED_SRC_STORE_ROCKSDB_DATABASE_H_
