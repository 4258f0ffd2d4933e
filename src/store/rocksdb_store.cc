#include <absl/strings/str_cat.h>
#include <rocksdb/cache.h>
#include <rocksdb/db.h>
#include <rocksdb/perf_level.h>
#include <rocksdb/version.h>
#include <rocksdb/write_batch.h>

#include <algorithm>
#include <filesystem>
#include <utility>

#include "semcached/base/random.h"
#include "semcached/base/status.h"
#include "semcached/store/document_store.h"
#include "store/aside.h"
#include "store/directory.h"
#include "store/entry_codec.h"
#include "store/expiry_filter.h"
#include "store/rocksdb_options.h"
#include "store/skipping_iterator.h"

namespace semcached {
namespace {

constexpr char kMetaKey[] = "meta";
// Of a large disk, what is left free at the most.
constexpr int64_t kMostKept = 256 << 20;
// Of what is left free, the part that must be there for what frees room, or is small.
constexpr double kToFree = 0.25;

// RocksDB counts every comparison of keys in counters of the thread, which nobody reads here: a
// fifth of a read from memory. Each thread has to be told.
void CountNoComparisons() { rocksdb::SetPerfLevel(rocksdb::PerfLevel::kDisable); }

class RocksDbStore final : public DocumentStore {
 public:
  RocksDbStore(std::shared_ptr<const OwnedDirectory> directory, const StoreOptions& options)
      : directory_(std::move(directory)),
        write_buffer_bytes_(options.write_buffer_bytes),
        cache_(rocksdb::NewLRUCache(static_cast<size_t>(options.block_cache_bytes))),
        expiry_(std::make_shared<ExpiryFilterFactory>()) {}

  ~RocksDbStore() override {
    if (database_ == nullptr) return;
    // Nobody is left to tell; what was acknowledged as more than kMemory is in the log already.
    for (rocksdb::ColumnFamilyHandle* family : families_) {
      database_->DestroyColumnFamilyHandle(family).PermitUncheckedError();
    }
    database_->Close().PermitUncheckedError();
  }

  // Once, before anything else.
  absl::Status Open(const StoreOptions& options) {
    RETURN_IF_ERROR(CheckRoom("opening the store", kToFree));
    RETURN_IF_ERROR(CheckNotBeheaded());
    rocksdb::DB* database = nullptr;
    RETURN_IF_ERROR(OpenStatus(
        rocksdb::DB::Open(DatabaseOptions(options), directory_->path(),
                          ColumnFamilies(options, cache_, expiry_), &families_, &database),
        absl::StrCat("cannot open ", directory_->path())));
    database_.reset(database);
    return LoadMeta();
  }

  absl::StatusOr<size_t> Put(const Document& document, Durability durability) override {
    RETURN_IF_ERROR(CheckRoom("putting an entry", 1));
    ASSIGN_OR_RETURN(const EncodedDocument encoded, EncodeDocument(document));
    const std::string key = EncodeKey(document.entry.id);
    rocksdb::WriteBatch batch(key.size() * 2 + encoded.entry.size() + encoded.response.size() + 64);
    RETURN_IF_ERROR(
        WriteStatus(batch.Put(families_[kEntryFamily], key, encoded.entry), "putting an entry"));
    RETURN_IF_ERROR(WriteStatus(batch.Put(families_[kResponseFamily], key, encoded.response),
                                "putting an entry"));
    CountNoComparisons();
    rocksdb::WriteOptions write;
    write.sync = durability == Durability::kDurable;
    // Lost if the process is killed; a flush in between, also the one of an orderly end, keeps it.
    write.disableWAL = durability == Durability::kMemory;
    RETURN_IF_ERROR(WriteStatus(database_->Write(write, &batch), "putting an entry"));
    return encoded.entry.size() + encoded.response.size();
  }

  // One after the other: MultiGet() over two families takes twice as long. The halves say whether
  // they belong together.
  absl::StatusOr<Document> Get(EntryId id) const override {
    CountNoComparisons();
    const std::string key = EncodeKey(id);
    rocksdb::PinnableSlice entry;
    rocksdb::PinnableSlice answer;
    RETURN_IF_ERROR(Read(kEntryFamily, key, id, &entry));
    RETURN_IF_ERROR(Read(kResponseFamily, key, id, &answer));
    return Named(id, DecodeDocument(id, entry.ToStringView(), answer.ToStringView()));
  }

  absl::StatusOr<Document> GetAnswer(EntryId id) const override {
    CountNoComparisons();
    rocksdb::PinnableSlice answer;
    RETURN_IF_ERROR(Read(kResponseFamily, EncodeKey(id), id, &answer));
    return Named(id, DecodeAnswer(id, answer.ToStringView()));
  }

  absl::Status Erase(absl::Span<const EntryId> ids) override {
    RETURN_IF_ERROR(CheckRoom("erasing entries", kToFree));
    rocksdb::WriteBatch batch;
    for (const EntryId id : ids) {
      const std::string key = EncodeKey(id);
      RETURN_IF_ERROR(WriteStatus(batch.Delete(families_[kEntryFamily], key), "erasing entries"));
      RETURN_IF_ERROR(
          WriteStatus(batch.Delete(families_[kResponseFamily], key), "erasing entries"));
    }
    return WriteStatus(database_->Write(rocksdb::WriteOptions(), &batch), "erasing entries");
  }

  absl::StatusOr<ScanReport> Scan(
      const IdRange& range, const std::function<bool(EntryRecord record)>& visit) const override {
    rocksdb::ReadOptions read;
    read.fill_cache = false;  // read once; what lookups need stays
    ScanReport report;
    SkippingIterator it(range, [&] {
      return std::unique_ptr<rocksdb::Iterator>(
          database_->NewIterator(read, families_[kEntryFamily]));
    });
    for (; it.Valid(); it.Next()) {
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
    return WriteStatus(database_->Put(rocksdb::WriteOptions(), families_[kDefaultFamily],
                                      EncodeNoteKey(kind, key), EncodeNote(value)),
                       "putting a note");
  }

  absl::Status EraseNote(std::string_view kind, std::string_view key) override {
    RETURN_IF_ERROR(CheckRoom("erasing a note", kToFree));
    return WriteStatus(database_->Delete(rocksdb::WriteOptions(), families_[kDefaultFamily],
                                         EncodeNoteKey(kind, key)),
                       "erasing a note");
  }

  absl::Status ForEachNote(std::string_view kind,
                           const std::function<void(std::string_view key, std::string_view value)>&
                               visit) const override {
    const std::string prefix = EncodeNoteKey(kind, "");
    const std::unique_ptr<rocksdb::Iterator> it(
        database_->NewIterator(rocksdb::ReadOptions(), families_[kDefaultFamily]));
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
    for (const auto& [part, family] :
         {std::pair{"entries", kEntryFamily}, {"responses", kResponseFamily}}) {
      uint64_t bytes = 0;
      database_->GetIntProperty(families_[family], rocksdb::DB::Properties::kLiveSstFilesSize,
                                &bytes);
      parts[part] = static_cast<int64_t>(bytes);
    }
    int64_t rest = directory_->Bytes();
    for (const auto& [part, bytes] : parts) rest -= bytes;
    parts["other"] = std::max<int64_t>(0, rest);  // files come and go meanwhile
    return parts;
  }

  int64_t MemoryBytes() const override {
    auto bytes = static_cast<int64_t>(cache_->GetUsage());
    for (const std::string& property : {rocksdb::DB::Properties::kCurSizeAllMemTables,
                                        rocksdb::DB::Properties::kEstimateTableReadersMem}) {
      uint64_t value = 0;
      if (database_->GetAggregatedIntProperty(property, &value)) {
        bytes += static_cast<int64_t>(value);
      }
    }
    return bytes;
  }

  absl::Status Flush() override {
    RETURN_IF_ERROR(CheckRoom("flushing", kToFree));
    return WriteStatus(database_->Flush(rocksdb::FlushOptions(), families_), "flushing");
  }

  int64_t EstimatedEntries() const override {
    uint64_t count = 0;
    if (!database_->GetIntProperty(families_[kEntryFamily],
                                   rocksdb::DB::Properties::kEstimateNumKeys, &count)) {
      return 0;
    }
    return static_cast<int64_t>(count);
  }

  absl::Status Compact() override {
    RETURN_IF_ERROR(Flush());
    rocksdb::CompactRangeOptions compact;
    compact.exclusive_manual_compaction = false;
    compact.bottommost_level_compaction = rocksdb::BottommostLevelCompaction::kForceOptimized;
    for (const ColumnFamily family : {kEntryFamily, kResponseFamily}) {
      RETURN_IF_ERROR(WriteStatus(
          database_->CompactRange(compact, families_[family], nullptr, nullptr), "compacting"));
    }
    return absl::OkStatus();
  }

 private:
  // A write that meets a full disk may end the process, in an assertion of RocksDB 7.8; so none is
  // begun close to it. What is left lets the buffers be flushed, and what frees room go on: it
  // needs only a `part` of that. A file system that cannot be asked is as good as one with room.
  absl::Status CheckRoom(const char* doing, double part) const {
    const absl::StatusOr<OwnedDirectory::Room> room = directory_->Free();
    if (!room.ok()) return absl::OkStatus();
    const int64_t kept =
        std::min({std::max(room->all / 20, 2 * write_buffer_bytes_), kMostKept, room->all / 4});
    const auto least = static_cast<int64_t>(part * static_cast<double>(kept));
    if (room->free >= least) return absl::OkStatus();
    return absl::ResourceExhaustedError(absl::StrCat(doing, ": ", room->free,
                                                     " bytes are free on the disk of ",
                                                     directory_->path(), "; it needs ", least));
  }

  absl::Status Read(ColumnFamily family, const std::string& key, EntryId id,
                    rocksdb::PinnableSlice* value) const {
    const rocksdb::Status status =
        database_->Get(rocksdb::ReadOptions(), families_[family], key, value);
    return status.ok() ? absl::OkStatus() : ReadStatus(status, absl::StrCat("entry ", id));
  }

  // To one who reads it, an entry of another format is as good as a damaged one.
  static absl::StatusOr<Document> Named(EntryId id, absl::StatusOr<Document> document) {
    if (document.ok()) return document;
    return absl::DataLossError(absl::StrCat("entry ", id, ": ", document.status().message()));
  }

  // RocksDB would take a directory that has lost its CURRENT file for a new one and drop the rest.
  absl::Status CheckNotBeheaded() const {
    std::error_code error;
    if (std::filesystem::exists(directory_->path() + "/CURRENT", error)) return absl::OkStatus();
    std::filesystem::directory_iterator files(directory_->path(), error);
    for (; !error && files != std::filesystem::directory_iterator(); files.increment(error)) {
      if (files->path().extension() == ".sst") {
        return absl::DataLossError(
            absl::StrCat(directory_->path(), " has tables but no CURRENT file"));
      }
    }
    return absl::OkStatus();
  }

  // Checks the format and takes the hash key; writes both into a new store.
  absl::Status LoadMeta() {
    std::string value;
    const rocksdb::Status found =
        database_->Get(rocksdb::ReadOptions(), families_[kDefaultFamily], kMetaKey, &value);
    if (!found.IsNotFound()) {
      RETURN_IF_ERROR(OpenStatus(found, "reading the store's own record"));
      absl::StatusOr<HashKey> key = DecodeMeta(value);
      if (!key.ok()) {
        return absl::Status(key.status().code(),
                            absl::StrCat(directory_->path(), ": ", key.status().message()));
      }
      hash_key_ = *key;
      return absl::OkStatus();
    }
    const std::unique_ptr<rocksdb::Iterator> entries(
        database_->NewIterator(rocksdb::ReadOptions(), families_[kEntryFamily]));
    entries->SeekToFirst();
    RETURN_IF_ERROR(OpenStatus(entries->status(), "reading entries"));
    if (entries->Valid()) {
      return absl::DataLossError(
          absl::StrCat(directory_->path(), " holds entries but not their hash key"));
    }
    for (uint8_t& byte : hash_key_) byte = static_cast<uint8_t>(SystemRandom().Next());
    rocksdb::WriteOptions write;
    write.sync = true;
    RETURN_IF_ERROR(OpenStatus(
        database_->Put(write, families_[kDefaultFamily], kMetaKey, EncodeMeta(hash_key_)),
        "making the store's own record"));
    // Into a table: damage to the log then costs entries, never the key of those that remain.
    return OpenStatus(database_->Flush(rocksdb::FlushOptions(), families_), "flushing");
  }

  // Destroyed last: RocksDB is closed before the directory is let go.
  const std::shared_ptr<const OwnedDirectory> directory_;
  const int64_t write_buffer_bytes_;
  const std::shared_ptr<rocksdb::Cache> cache_;
  const std::shared_ptr<ExpiryFilterFactory> expiry_;
  // Constant after Open().
  std::unique_ptr<rocksdb::DB> database_;
  std::vector<rocksdb::ColumnFamilyHandle*> families_;
  HashKey hash_key_{};
};

absl::StatusOr<std::unique_ptr<DocumentStore>> TryOpen(
    const std::shared_ptr<const OwnedDirectory>& directory, const OpeningMark& mark,
    const StoreOptions& options) {
  // Who wants no store moved aside wants it tried again.
  if (options.move_damaged_aside) RETURN_IF_ERROR(mark.Check());
  auto store = std::make_unique<RocksDbStore>(directory, options);
  mark.Set();
  const absl::Status status = store->Open(options);
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
