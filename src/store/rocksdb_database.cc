#include "store/rocksdb_database.h"

#include <absl/strings/str_cat.h>
#include <rocksdb/listener.h>

#include <atomic>
#include <filesystem>

#include "semcached/base/random.h"
#include "semcached/base/status.h"
#include "store/entry_codec.h"
#include "store/rocksdb_options.h"

namespace semcached {

class OpenDatabase::WriteErrors final : public rocksdb::EventListener {
 public:
  void OnBackgroundError(rocksdb::BackgroundErrorReason /*reason*/,
                         rocksdb::Status* error) override {
    if (!error->IsNoSpace() && !error->IsCorruption()) ended_ = true;
  }
  bool ended() const { return ended_; }

 private:
  std::atomic<bool> ended_{false};
};

namespace {

constexpr char kMetaKey[] = "meta";

// RocksDB would take a directory that has lost its CURRENT file for a new one and drop the rest.
absl::Status CheckNotBeheaded(const std::string& path) {
  std::error_code error;
  if (std::filesystem::exists(path + "/CURRENT", error)) return absl::OkStatus();
  std::filesystem::directory_iterator files(path, error);
  for (; !error && files != std::filesystem::directory_iterator(); files.increment(error)) {
    if (files->path().extension() == ".sst") {
      return absl::DataLossError(absl::StrCat(path, " has tables but no CURRENT file"));
    }
  }
  return absl::OkStatus();
}

// Checks the format and takes the hash key; writes both into a new store.
absl::Status LoadMeta(const std::string& path, OpenDatabase* open) {
  rocksdb::DB& database = *open->database;
  const std::vector<rocksdb::ColumnFamilyHandle*>& families = open->families;
  std::string value;
  const rocksdb::Status found =
      database.Get(rocksdb::ReadOptions(), families[kDefaultFamily], kMetaKey, &value);
  if (!found.IsNotFound()) {
    RETURN_IF_ERROR(OpenStatus(found, "reading the store's own record"));
    absl::StatusOr<HashKey> key = DecodeMeta(value);
    if (!key.ok()) {
      return absl::Status(key.status().code(), absl::StrCat(path, ": ", key.status().message()));
    }
    open->hash_key = *key;
    return absl::OkStatus();
  }
  const std::unique_ptr<rocksdb::Iterator> entries(
      database.NewIterator(rocksdb::ReadOptions(), families[kEntryFamily]));
  entries->SeekToFirst();
  RETURN_IF_ERROR(OpenStatus(entries->status(), "reading entries"));
  if (entries->Valid()) {
    return absl::DataLossError(absl::StrCat(path, " holds entries but not their hash key"));
  }
  for (uint8_t& byte : open->hash_key) byte = static_cast<uint8_t>(SystemRandom().Next());
  rocksdb::WriteOptions write;
  write.sync = true;
  RETURN_IF_ERROR(OpenStatus(
      database.Put(write, families[kDefaultFamily], kMetaKey, EncodeMeta(open->hash_key)),
      "making the store's own record"));
  // Into a table: damage to the log then costs entries, never the key of those that remain.
  return OpenStatus(database.Flush(rocksdb::FlushOptions(), families), "flushing");
}

}  // namespace

OpenDatabase::OpenDatabase() : errors(std::make_shared<WriteErrors>()) {}

OpenDatabase::~OpenDatabase() {
  if (database == nullptr) return;
  // Nobody is left to tell; what was acknowledged as more than kMemory is in the log already.
  for (rocksdb::ColumnFamilyHandle* family : families) {
    database->DestroyColumnFamilyHandle(family).PermitUncheckedError();
  }
  database->Close().PermitUncheckedError();
}

bool OpenDatabase::WritesHaveEnded() const { return errors->ended(); }

absl::StatusOr<DatabasePtr> OpenDatabase::At(const std::string& path, const StoreOptions& options,
                                             const std::shared_ptr<rocksdb::Cache>& cache,
                                             const std::shared_ptr<ExpiryFilterFactory>& expiry) {
  RETURN_IF_ERROR(CheckNotBeheaded(path));
  auto opened = std::make_shared<OpenDatabase>();
  rocksdb::DBOptions database_options = DatabaseOptions(options);
  database_options.listeners.push_back(opened->errors);
  rocksdb::DB* database = nullptr;
  RETURN_IF_ERROR(
      OpenStatus(rocksdb::DB::Open(database_options, path, ColumnFamilies(options, cache, expiry),
                                   &opened->families, &database),
                 absl::StrCat("cannot open ", path)));
  opened->database.reset(database);
  RETURN_IF_ERROR(LoadMeta(path, opened.get()));
  return opened;
}

}  // namespace semcached
