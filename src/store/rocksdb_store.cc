#include <absl/strings/str_cat.h>
#include <rocksdb/cache.h>
#include <rocksdb/db.h>
#include <rocksdb/perf_level.h>
#include <rocksdb/version.h>
#include <rocksdb/write_batch.h>

#include <algorithm>
#include <chrono>
#include <thread>
#include <utility>

#include "semcached/base/log.h"
#include "semcached/base/mutex.h"
#include "semcached/base/periodic_task.h"
#include "semcached/base/status.h"
#include "semcached/store/document_store.h"
#include "store/aside.h"
#include "store/directory.h"
#include "store/disk_room.h"
#include "store/entry_codec.h"
#include "store/expiry_filter.h"
#include "store/rocksdb_database.h"
#include "store/rocksdb_options.h"
#include "store/skipping_iterator.h"

namespace semcached {
namespace {

// How soon a database that takes no more writes is opened again.
constexpr absl::Duration kHealInterval = absl::Seconds(1);
constexpr std::chrono::steady_clock::duration kShortestPause = std::chrono::seconds(2);
constexpr std::chrono::steady_clock::duration kLongestPause = std::chrono::minutes(1);
constexpr std::chrono::milliseconds kUntilUnused{1};

// RocksDB counts every comparison of keys in counters of the thread, which nobody reads here: a
// fifth of a read from memory. Each thread has to be told.
void CountNoComparisons() { rocksdb::SetPerfLevel(rocksdb::PerfLevel::kDisable); }

class RocksDbStore final : public DocumentStore {
 public:
  RocksDbStore(std::shared_ptr<const OwnedDirectory> directory, const StoreOptions& options)
      : options_(options),
        directory_(std::move(directory)),
        cache_(rocksdb::NewLRUCache(static_cast<size_t>(options.block_cache_bytes))),
        expiry_(std::make_shared<ExpiryFilterFactory>()),
        heal_("store-heal", kHealInterval, [this] { Heal(); }) {}

  ~RocksDbStore() override { heal_.Stop(); }

  // Once, before anything else.
  absl::Status Open() {
    ASSIGN_OR_RETURN(DatabasePtr opened, MakeOpen());
    hash_key_ = opened->hash_key;
    {
      MutexLock lock(&mutex_);
      database_ = std::move(opened);
    }
    heal_.Start();
    return absl::OkStatus();
  }

  absl::StatusOr<size_t> Put(const Document& document, Durability durability) override {
    RETURN_IF_ERROR(CheckRoom("putting an entry", 1));
    ASSIGN_OR_RETURN(const DatabasePtr database, Database());
    ASSIGN_OR_RETURN(const EncodedDocument encoded, EncodeDocument(document));
    const std::string key = EncodeKey(document.entry.id);
    rocksdb::WriteBatch batch(key.size() * 2 + encoded.entry.size() + encoded.response.size() + 64);
    RETURN_IF_ERROR(WriteStatus(batch.Put(database->families[kEntryFamily], key, encoded.entry),
                                "putting an entry"));
    RETURN_IF_ERROR(WriteStatus(
        batch.Put(database->families[kResponseFamily], key, encoded.response), "putting an entry"));
    CountNoComparisons();
    rocksdb::WriteOptions write;
    write.sync = durability == Durability::kDurable;
    // Lost if the process is killed; a flush in between, also the one of an orderly end, keeps it.
    write.disableWAL = durability == Durability::kMemory;
    RETURN_IF_ERROR(WriteStatus((*database)->Write(write, &batch), "putting an entry"));
    return encoded.entry.size() + encoded.response.size();
  }

  // One after the other: MultiGet() over two families takes twice as long. The halves say whether
  // they belong together.
  absl::StatusOr<Document> Get(EntryId id) const override {
    return ReadBoth(id, /*keep_blocks=*/true);
  }
  absl::StatusOr<Document> Peek(EntryId id) const override {
    return ReadBoth(id, /*keep_blocks=*/false);
  }

  absl::StatusOr<Document> GetAnswer(EntryId id) const override {
    ASSIGN_OR_RETURN(const DatabasePtr database, Database());
    CountNoComparisons();
    rocksdb::PinnableSlice answer;
    RETURN_IF_ERROR(
        Read(*database, kResponseFamily, EncodeKey(id), id, /*keep_blocks=*/true, &answer));
    return Named(id, DecodeAnswer(id, answer.ToStringView()));
  }

  absl::Status Erase(absl::Span<const EntryId> ids) override {
    RETURN_IF_ERROR(CheckRoom("erasing entries", kToFree));
    ASSIGN_OR_RETURN(const DatabasePtr database, Database());
    rocksdb::WriteBatch batch;
    for (const EntryId id : ids) {
      const std::string key = EncodeKey(id);
      RETURN_IF_ERROR(
          WriteStatus(batch.Delete(database->families[kEntryFamily], key), "erasing entries"));
      RETURN_IF_ERROR(
          WriteStatus(batch.Delete(database->families[kResponseFamily], key), "erasing entries"));
    }
    return WriteStatus((*database)->Write(rocksdb::WriteOptions(), &batch), "erasing entries");
  }

  absl::StatusOr<ScanReport> Scan(
      const IdRange& range, const std::function<bool(EntryRecord record)>& visit) const override {
    ASSIGN_OR_RETURN(const DatabasePtr database, Database());
    rocksdb::ReadOptions read;
    read.fill_cache = false;  // read once; what lookups need stays
    ScanReport report;
    SkippingIterator it(range, [&] {
      return std::unique_ptr<rocksdb::Iterator>(
          (*database)->NewIterator(read, database->families[kEntryFamily]));
    });
    for (; it.Valid(); it.Next()) {
      // Else nobody could read before this ends.
      if (database->WritesHaveEnded()) {
        return absl::UnavailableError("the store takes no more writes and is being opened again");
      }
      const std::optional<EntryId> id = DecodeKey(it.key());
      if (!id) {
        ++report.dropped["format"];
        continue;
      }
      absl::StatusOr<EntryRecord> record = DecodeEntry(*id, it.value());
      if (!record.ok()) {
        ++report.dropped[absl::IsDataLoss(record.status()) ? "crc" : "format"];
        report.damaged.push_back(*id);
        continue;
      }
      ++report.entries;
      if (!visit(*std::move(record))) break;
    }
    RETURN_IF_ERROR(it.status());
    if (it.skipped_blocks() > 0) report.dropped["block"] = it.skipped_blocks();
    return report;
  }

  absl::Status PutNote(std::string_view kind, std::string_view key,
                       std::string_view value) override {
    RETURN_IF_ERROR(CheckRoom("putting a note", kToFree));
    ASSIGN_OR_RETURN(const DatabasePtr database, Database());
    return WriteStatus((*database)->Put(rocksdb::WriteOptions(), database->families[kDefaultFamily],
                                        EncodeNoteKey(kind, key), EncodeNote(value)),
                       "putting a note");
  }

  absl::Status EraseNote(std::string_view kind, std::string_view key) override {
    RETURN_IF_ERROR(CheckRoom("erasing a note", kToFree));
    ASSIGN_OR_RETURN(const DatabasePtr database, Database());
    return WriteStatus(
        (*database)->Delete(rocksdb::WriteOptions(), database->families[kDefaultFamily],
                            EncodeNoteKey(kind, key)),
        "erasing a note");
  }

  absl::Status ForEachNote(std::string_view kind,
                           const std::function<void(std::string_view key, std::string_view value)>&
                               visit) const override {
    ASSIGN_OR_RETURN(const DatabasePtr database, Database());
    const std::string prefix = EncodeNoteKey(kind, "");
    const std::unique_ptr<rocksdb::Iterator> it(
        (*database)->NewIterator(rocksdb::ReadOptions(), database->families[kDefaultFamily]));
    for (it->Seek(prefix); it->Valid() && it->key().starts_with(prefix); it->Next()) {
      const std::optional<std::string_view> value = DecodeNote(it->value().ToStringView());
      if (value) visit(it->key().ToStringView().substr(prefix.size()), *value);
    }
    return ReadStatus(it->status(), "reading notes");
  }

  const HashKey& hash_key() const override { return hash_key_; }

  void SetExpiryRule(ExpiryRule rule) override { expiry_->SetRule(std::move(rule)); }

  int64_t DiskBytes() const override { return directory_->Bytes(); }

  std::map<std::string, int64_t> DiskBytesByPart() const override {
    std::map<std::string, int64_t> parts = {{"log", directory_->Bytes(".log")}};
    const absl::StatusOr<DatabasePtr> database = Database();
    for (const auto& [part, family] :
         {std::pair{"entries", kEntryFamily}, {"responses", kResponseFamily}}) {
      uint64_t bytes = 0;
      if (database.ok()) {
        (**database)
            ->GetIntProperty((*database)->families[family],
                             rocksdb::DB::Properties::kLiveSstFilesSize, &bytes);
      }
      parts[part] = static_cast<int64_t>(bytes);
    }
    int64_t rest = directory_->Bytes();
    for (const auto& [part, bytes] : parts) rest -= bytes;
    parts["other"] = std::max<int64_t>(0, rest);  // files come and go meanwhile
    return parts;
  }

  void SetCacheShare(double share) override {
    cache_->SetCapacity(
        static_cast<size_t>(share * static_cast<double>(options_.block_cache_bytes)));
  }

  int64_t MemoryBytes() const override {
    auto bytes = static_cast<int64_t>(cache_->GetUsage());
    const absl::StatusOr<DatabasePtr> database = Database();
    if (!database.ok()) return bytes;
    for (const std::string& property : {rocksdb::DB::Properties::kCurSizeAllMemTables,
                                        rocksdb::DB::Properties::kEstimateTableReadersMem}) {
      uint64_t value = 0;
      if ((**database)->GetAggregatedIntProperty(property, &value)) {
        bytes += static_cast<int64_t>(value);
      }
    }
    return bytes;
  }

  absl::Status Flush() override {
    RETURN_IF_ERROR(CheckRoom("flushing", kToFree));
    ASSIGN_OR_RETURN(const DatabasePtr database, Database());
    return WriteStatus((*database)->Flush(rocksdb::FlushOptions(), database->families), "flushing");
  }

  int64_t EstimatedEntries() const override {
    uint64_t count = 0;
    const absl::StatusOr<DatabasePtr> database = Database();
    if (!database.ok() ||
        !(**database)
             ->GetIntProperty((*database)->families[kEntryFamily],
                              rocksdb::DB::Properties::kEstimateNumKeys, &count)) {
      return 0;
    }
    return static_cast<int64_t>(count);
  }

  absl::Status Compact() override {
    RETURN_IF_ERROR(Flush());
    ASSIGN_OR_RETURN(const DatabasePtr database, Database());
    rocksdb::CompactRangeOptions compact;
    compact.exclusive_manual_compaction = false;
    compact.bottommost_level_compaction = rocksdb::BottommostLevelCompaction::kForceOptimized;
    for (const ColumnFamily family : {kEntryFamily, kResponseFamily}) {
      RETURN_IF_ERROR(WriteStatus(
          (*database)->CompactRange(compact, database->families[family], nullptr, nullptr),
          "compacting"));
    }
    return absl::OkStatus();
  }

 private:
  absl::Status CheckRoom(const char* doing, double part) const {
    return semcached::CheckRoom(*directory_, options_.write_buffer_bytes, doing, part);
  }

  static absl::Status Read(const OpenDatabase& database, ColumnFamily family,
                           const std::string& key, EntryId id, bool keep_blocks,
                           rocksdb::PinnableSlice* value) {
    rocksdb::ReadOptions options;
    options.fill_cache = keep_blocks;
    const rocksdb::Status status = database->Get(options, database.families[family], key, value);
    return status.ok() ? absl::OkStatus() : ReadStatus(status, absl::StrCat("entry ", id));
  }

  absl::StatusOr<Document> ReadBoth(EntryId id, bool keep_blocks) const {
    ASSIGN_OR_RETURN(const DatabasePtr database, Database());
    CountNoComparisons();
    const std::string key = EncodeKey(id);
    rocksdb::PinnableSlice entry;
    rocksdb::PinnableSlice answer;
    RETURN_IF_ERROR(Read(*database, kEntryFamily, key, id, keep_blocks, &entry));
    RETURN_IF_ERROR(Read(*database, kResponseFamily, key, id, keep_blocks, &answer));
    return Named(id, DecodeDocument(id, entry.ToStringView(), answer.ToStringView()));
  }

  // To one who reads it, an entry of another format is as good as a damaged one.
  static absl::StatusOr<Document> Named(EntryId id, absl::StatusOr<Document> document) {
    if (document.ok()) return document;
    return absl::DataLossError(absl::StrCat("entry ", id, ": ", document.status().message()));
  }

  absl::StatusOr<DatabasePtr> MakeOpen() const {
    RETURN_IF_ERROR(CheckRoom("opening the store", kToFree));
    return OpenDatabase::At(directory_->path(), options_, cache_, expiry_);
  }

  // Unavailable: it is being opened again.
  absl::StatusOr<DatabasePtr> Database() const {
    MutexLock lock(&mutex_);
    if (database_ != nullptr) return database_;
    return absl::UnavailableError("the store is being opened again after a failed write");
  }

  // Where writes have ended, closes the database, once nobody reads from it any more, and opens it
  // again, which gives back all that the log holds. Tried each time until it succeeds.
  void Heal() {
    DatabasePtr former;
    {
      MutexLock lock(&mutex_);
      if (database_ != nullptr && !database_->WritesHaveEnded()) return;
      // One that ends again and again is opened less and less often.
      const auto now = std::chrono::steady_clock::now();
      if (now < next_heal_) return;
      pause_ =
          now - next_heal_ > kLongestPause ? kShortestPause : std::min(2 * pause_, kLongestPause);
      next_heal_ = now + pause_;
      former = std::exchange(database_, nullptr);
    }
    if (former != nullptr) {
      LogError("the store takes no writes after an error: opening it again",
               {{"path", directory_->path()}});
      // Its readers take microseconds, and a scan gives up once writes have ended: too short to
      // have every read signal its end.
      while (former.use_count() > 1) std::this_thread::sleep_for(kUntilUnused);
      former.reset();
    }
    absl::StatusOr<DatabasePtr> opened = MakeOpen();
    if (opened.ok() && (*opened)->hash_key != hash_key_) {
      opened = absl::DataLossError("it is another store now");
    }
    if (!opened.ok()) {
      LogError("the store cannot be opened again, will be tried once more",
               {{"error", opened.status().message()}});
      return;
    }
    MutexLock lock(&mutex_);
    database_ = *std::move(opened);
  }

  const StoreOptions options_;
  // Destroyed last: RocksDB is closed before the directory is let go.
  const std::shared_ptr<const OwnedDirectory> directory_;
  const std::shared_ptr<rocksdb::Cache> cache_;
  const std::shared_ptr<ExpiryFilterFactory> expiry_;
  HashKey hash_key_{};  // constant after Open()
  mutable Mutex mutex_;
  DatabasePtr database_ ABSL_GUARDED_BY(mutex_);  // null: being opened
  std::chrono::steady_clock::time_point next_heal_ ABSL_GUARDED_BY(mutex_);
  std::chrono::steady_clock::duration pause_ ABSL_GUARDED_BY(mutex_) = kShortestPause;
  PeriodicTask heal_;
};

absl::StatusOr<std::unique_ptr<DocumentStore>> TryOpen(
    const std::shared_ptr<const OwnedDirectory>& directory, const OpeningMark& mark,
    const StoreOptions& options) {
  // Who wants no store moved aside wants it tried again.
  if (options.move_damaged_aside) RETURN_IF_ERROR(mark.Check());
  auto store = std::make_unique<RocksDbStore>(directory, options);
  mark.Set();
  const absl::Status status = store->Open();
  mark.Clear();
  RETURN_IF_ERROR(status);
  return store;
}

}  // namespace

std::string StoreEngineVersion() {
  // Of the library that runs, not of the headers that were there at the build.
  return rocksdb::GetRocksVersionAsString(/*with_patch=*/true);
}

absl::StatusOr<std::unique_ptr<DocumentStore>> OpenRocksDbStore(const StoreOptions& options) {
  ASSIGN_OR_RETURN(const std::shared_ptr<const OwnedDirectory> directory,
                   OwnedDirectory::Acquire(options.path));
  const OpeningMark mark(options.path);
  if (IsHalfMoved(options.path)) {
    RETURN_IF_ERROR(MoveAside(options.path));
    mark.Clear();
    if (options.on_moved_aside) {
      options.on_moved_aside(absl::DataLossError("an earlier start was moving it aside"));
    }
  }
  auto opened = TryOpen(directory, mark, options);
  if (!options.move_damaged_aside || !absl::IsDataLoss(opened.status())) return opened;
  RETURN_IF_ERROR(MoveAside(options.path));
  mark.Clear();
  if (options.on_moved_aside) options.on_moved_aside(opened.status());
  return TryOpen(directory, mark, options);
}

}  // namespace semcached
