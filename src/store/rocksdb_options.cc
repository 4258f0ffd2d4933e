#include "store/rocksdb_options.h"

#include <absl/strings/str_cat.h>
#include <rocksdb/convenience.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/table.h>

#include <algorithm>
#include <string>
#include <utility>

#include "semcached/base/open_files.h"

namespace semcached {
namespace {

// The first of `wanted` that this build of RocksDB can do.
rocksdb::CompressionType FirstSupported(std::initializer_list<rocksdb::CompressionType> wanted) {
  const std::vector<rocksdb::CompressionType> supported = rocksdb::GetSupportedCompressions();
  for (const rocksdb::CompressionType type : wanted) {
    if (std::find(supported.begin(), supported.end(), type) != supported.end()) return type;
  }
  return rocksdb::kNoCompression;
}

rocksdb::ColumnFamilyOptions FamilyOptions(
    const StoreOptions& options, const std::shared_ptr<rocksdb::Cache>& cache,
    const std::shared_ptr<rocksdb::CompactionFilterFactory>& expiry) {
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = cache;
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
  table.whole_key_filtering = true;
  // Indexes and filters count against the cache: memory has one bound, whatever the disk holds.
  table.cache_index_and_filter_blocks = true;
  table.cache_index_and_filter_blocks_with_high_priority = true;
  table.pin_l0_filter_and_index_blocks_in_cache = true;

  rocksdb::ColumnFamilyOptions family;
  family.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  family.write_buffer_size = static_cast<size_t>(options.write_buffer_bytes);
  family.level_compaction_dynamic_level_bytes = true;
  family.compression = rocksdb::kNoCompression;
  family.compaction_filter_factory = expiry;
  // What has expired leaves the disk within days even where nothing new is written.
  if (expiry != nullptr) family.periodic_compaction_seconds = uint64_t{2} * 24 * 60 * 60;
  return family;
}

std::string Message(const rocksdb::Status& status, absl::string_view doing) {
  return absl::StrCat(doing, ": ", status.ToString());
}

}  // namespace

rocksdb::DBOptions DatabaseOptions(const StoreOptions& options) {
  rocksdb::DBOptions database;
  database.create_if_missing = true;
  database.create_missing_column_families = true;
  // A damaged log costs what comes after the damage, not the start.
  database.wal_recovery_mode = rocksdb::WALRecoveryMode::kPointInTimeRecovery;
  // Both halves of an entry reach the files together, also of one that has no log (kMemory).
  database.atomic_flush = true;
  database.avoid_flush_during_shutdown = false;
  database.db_write_buffer_size = static_cast<size_t>(options.write_buffer_bytes);
  database.max_total_wal_size =
      static_cast<uint64_t>(std::max<int64_t>(2 * options.write_buffer_bytes, 16 << 20));
  database.max_background_jobs = 2;
  // Callers' connections may take half of what the process may open.
  database.max_open_files = std::min(512, OpenFilesLimit() / 4);
  database.bytes_per_sync = 1 << 20;  // spreads write-back; no promise rests on it
  database.info_log_level = rocksdb::WARN_LEVEL;
  database.keep_log_file_num = 2;
  database.max_log_file_size = 1 << 20;
  database.stats_dump_period_sec = 0;
  database.stats_persist_period_sec = 0;
  return database;
}

std::vector<rocksdb::ColumnFamilyDescriptor> ColumnFamilies(
    const StoreOptions& options, const std::shared_ptr<rocksdb::Cache>& cache,
    const std::shared_ptr<rocksdb::CompactionFilterFactory>& expiry) {
  const rocksdb::ColumnFamilyOptions own = FamilyOptions(options, cache, nullptr);
  // Vectors do not compress; texts do, the better the longer they stay.
  const rocksdb::ColumnFamilyOptions entries = FamilyOptions(options, cache, expiry);
  rocksdb::ColumnFamilyOptions responses = entries;
  responses.compression = FirstSupported({rocksdb::kLZ4Compression, rocksdb::kSnappyCompression});
  responses.bottommost_compression = FirstSupported({rocksdb::kZSTD, rocksdb::kLZ4Compression});
  return {{rocksdb::kDefaultColumnFamilyName, own}, {"entries", entries}, {"responses", responses}};
}

absl::Status ReadStatus(const rocksdb::Status& status, absl::string_view doing) {
  switch (status.code()) {
    case rocksdb::Status::kOk:
      return absl::OkStatus();
    case rocksdb::Status::kNotFound:
      return absl::NotFoundError(doing);
    case rocksdb::Status::kCorruption:
      return absl::DataLossError(Message(status, doing));
    case rocksdb::Status::kIOError:
      if (status.subcode() == rocksdb::Status::kNoSpace ||
          status.subcode() == rocksdb::Status::kSpaceLimit) {
        return absl::ResourceExhaustedError(Message(status, doing));
      }
      return absl::UnavailableError(Message(status, doing));
    case rocksdb::Status::kInvalidArgument:
    case rocksdb::Status::kNotSupported:
      return absl::InternalError(Message(status, doing));
    default:
      return absl::UnavailableError(Message(status, doing));
  }
}

absl::Status WriteStatus(const rocksdb::Status& status, absl::string_view doing) {
  absl::Status result = ReadStatus(status, doing);
  if (result.ok() || absl::IsResourceExhausted(result)) return result;
  return absl::UnavailableError(result.message());
}

absl::Status OpenStatus(const rocksdb::Status& status, absl::string_view doing) {
  // Families or options that this program does not know.
  if (status.IsInvalidArgument() || status.IsNotSupported()) {
    return absl::FailedPreconditionError(Message(status, doing));
  }
  // A file that others refer to is gone.
  if (status.IsPathNotFound()) return absl::DataLossError(Message(status, doing));
  return ReadStatus(status, doing);
}

}  // namespace semcached
