#ifndef SEMCACHED_TESTS_SUPPORT_FAKE_DOCUMENT_STORE_H_
#define SEMCACHED_TESTS_SUPPORT_FAKE_DOCUMENT_STORE_H_

#include <absl/strings/str_cat.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "semcached/base/mutex.h"
#include "semcached/base/status.h"
#include "semcached/store/document_store.h"

namespace semcached {

// A store in memory that keeps the contract, and fails when the test says so. Thread-safe.
class FakeDocumentStore final : public DocumentStore {
 public:
  // The next `count` calls of Get or GetAnswer, of Put and Erase, of Scan answer `error`.
  void FailReads(int count, absl::Status error) {
    MutexLock lock(&mutex_);
    reads_ = {count, std::move(error)};
  }
  void FailWrites(int count, absl::Status error) {
    MutexLock lock(&mutex_);
    writes_ = {count, std::move(error)};
  }
  void FailScans(int count, absl::Status error) {
    MutexLock lock(&mutex_);
    scans_ = {count, std::move(error)};
  }

  // What happens at the end of each scan, on its thread; null: nothing.
  void OnScanned(std::function<void()> scanned) {
    MutexLock lock(&mutex_);
    scanned_ = std::move(scanned);
  }

  // From now on Get waits, as for a slow disk, until the reads are let go.
  void HoldReads() {
    MutexLock lock(&mutex_);
    held_ = true;
  }
  void LetReadsGo() {
    MutexLock lock(&mutex_);
    held_ = false;
    changed_.SignalAll();
  }
  // Returns once a Get waits.
  void AwaitHeldRead() {
    MutexLock lock(&mutex_);
    while (waiting_ == 0) changed_.Wait(&mutex_);
  }

  // From now on Get of `id` answers DataLoss and Scan drops it, until it is erased or put again.
  void Damage(EntryId id) {
    MutexLock lock(&mutex_);
    damaged_.insert(id);
  }

  // A full disk refuses Erase as well, as RocksDB does.
  void FillDisk() { SetFull(true); }
  void FreeDisk() { SetFull(false); }

  size_t size() const {
    MutexLock lock(&mutex_);
    return documents_.size();
  }
  bool Contains(EntryId id) const {
    MutexLock lock(&mutex_);
    return documents_.count(id) > 0;
  }

  absl::StatusOr<size_t> Put(const Document& document, Durability /*durability*/) override {
    if (document.entry.embedding.values.size() > 4096) {
      return absl::InvalidArgumentError("embedding has too many components");
    }
    if (document.query && document.guard_text) {
      return absl::InvalidArgumentError("document has a query and a text for guards");
    }
    MutexLock lock(&mutex_);
    RETURN_IF_ERROR(Fails(writes_));
    if (full_) return Full();
    const EntryId id = document.entry.id;
    Document& kept = documents_[id] = document;
    kept.entry.disk_bytes = Bytes(document);
    damaged_.erase(id);
    return kept.entry.disk_bytes;
  }

  absl::StatusOr<Document> Get(EntryId id) const override {
    MutexLock lock(&mutex_);
    ++waiting_;
    changed_.SignalAll();
    while (held_) changed_.Wait(&mutex_);
    --waiting_;
    RETURN_IF_ERROR(Fails(reads_));
    const auto found = documents_.find(id);
    if (found == documents_.end()) return absl::NotFoundError(absl::StrCat("entry ", id));
    if (damaged_.count(id) > 0) return absl::DataLossError(absl::StrCat("entry ", id));
    return found->second;
  }

  absl::StatusOr<Document> Peek(EntryId id) const override { return Get(id); }

  absl::StatusOr<Document> GetAnswer(EntryId id) const override {
    ASSIGN_OR_RETURN(Document document, Get(id));
    document.entry.embedding = {};
    document.entry.tags.clear();
    document.entry.source.clear();
    document.entry.disk_bytes = 0;
    return document;
  }

  absl::Status Erase(absl::Span<const EntryId> ids) override {
    MutexLock lock(&mutex_);
    RETURN_IF_ERROR(Fails(writes_));
    if (full_) return Full();
    for (const EntryId id : ids) {
      documents_.erase(id);
      damaged_.erase(id);
    }
    return absl::OkStatus();
  }

  absl::StatusOr<ScanReport> Scan(
      const IdRange& range, const std::function<bool(EntryRecord record)>& visit) const override {
    ScanReport report;
    std::vector<EntryRecord> records;  // `visit` may call the store
    {
      MutexLock lock(&mutex_);
      RETURN_IF_ERROR(Fails(scans_));
      for (const auto& [id, document] : documents_) {
        if (id < range.first || id > range.last) continue;
        if (damaged_.count(id) == 0) {
          records.push_back(document.entry);
          continue;
        }
        ++report.dropped["crc"];
        report.damaged.push_back(id);
      }
    }
    for (EntryRecord& record : records) {
      ++report.entries;
      if (!visit(std::move(record))) break;
    }
    std::function<void()> scanned;
    {
      MutexLock lock(&mutex_);
      scanned = scanned_;
    }
    if (scanned) scanned();
    return report;
  }

  absl::Status PutNote(std::string_view kind, std::string_view key,
                       std::string_view value) override {
    MutexLock lock(&mutex_);
    RETURN_IF_ERROR(Fails(writes_));
    if (full_) return Full();
    notes_[std::string(kind)][std::string(key)] = std::string(value);
    return absl::OkStatus();
  }

  absl::Status EraseNote(std::string_view kind, std::string_view key) override {
    MutexLock lock(&mutex_);
    RETURN_IF_ERROR(Fails(writes_));
    if (full_) return Full();
    notes_[std::string(kind)].erase(std::string(key));
    return absl::OkStatus();
  }

  absl::Status ForEachNote(std::string_view kind,
                           const std::function<void(std::string_view key, std::string_view value)>&
                               visit) const override {
    MutexLock lock(&mutex_);
    RETURN_IF_ERROR(Fails(scans_));
    const auto found = notes_.find(std::string(kind));
    if (found == notes_.end()) return absl::OkStatus();
    for (const auto& [key, value] : found->second) visit(key, value);
    return absl::OkStatus();
  }

  const HashKey& hash_key() const override { return hash_key_; }

  void SetExpiryRule(ExpiryRule rule) override {
    MutexLock lock(&mutex_);
    rule_ = std::move(rule);
  }

  int64_t DiskBytes() const override {
    MutexLock lock(&mutex_);
    int64_t bytes = 0;
    for (const auto& [id, document] : documents_) {
      bytes += static_cast<int64_t>(document.entry.disk_bytes);
    }
    return bytes;
  }
  std::map<std::string, int64_t> DiskBytesByPart() const override {
    return {{"entries", DiskBytes()}};
  }
  int64_t MemoryBytes() const override { return DiskBytes(); }

  void SetCacheShare(double share) override { cache_share_ = share; }
  double cache_share() const { return cache_share_; }

  absl::Status Flush() override {
    MutexLock lock(&mutex_);
    return full_ ? Full() : absl::OkStatus();
  }

  int64_t EstimatedEntries() const override {
    MutexLock lock(&mutex_);
    return static_cast<int64_t>(documents_.size());
  }

  absl::Status Compact() override {
    MutexLock lock(&mutex_);
    if (full_) return Full();
    if (rule_ == nullptr) return absl::OkStatus();
    std::erase_if(documents_, [this](const auto& pair) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
      const EntryRecord& entry = pair.second.entry;
      return damaged_.count(pair.first) == 0 && rule_(entry.category, entry.insert_time, entry.ttl);
    });
    return absl::OkStatus();
  }

 private:
  struct Failures {
    int left = 0;
    absl::Status error;
  };

  void SetFull(bool full) {
    MutexLock lock(&mutex_);
    full_ = full;
  }

  static absl::Status Fails(Failures& which) {
    if (which.left == 0) return absl::OkStatus();
    --which.left;
    return which.error;
  }
  static absl::Status Full() { return absl::ResourceExhaustedError("disk is full"); }

  // Near enough to what the codec writes.
  static size_t Bytes(const Document& document) {
    const EntryRecord& entry = document.entry;
    size_t bytes = 128 + 2 * entry.category.size() + entry.scope.namespace_name.size() +
                   entry.scope.model.size() + entry.scope.context.size() +
                   entry.embedding.identity.size() + entry.embedding.values.size() * sizeof(float) +
                   entry.source.size() + document.query.value_or("").size() +
                   document.guard_text.value_or("").size() + document.response.body.size() +
                   document.response.content_type.size();
    for (const std::string& tag : entry.tags) bytes += 4 + tag.size();
    for (const auto& [name, text] : document.response.metadata) {
      bytes += 8 + name.size() + text.size();
    }
    return bytes;
  }

  const HashKey hash_key_ = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
  std::atomic<double> cache_share_{1};
  mutable Mutex mutex_;
  mutable CondVar changed_;
  std::function<void()> scanned_ ABSL_GUARDED_BY(mutex_);
  bool held_ ABSL_GUARDED_BY(mutex_) = false;
  mutable int waiting_ ABSL_GUARDED_BY(mutex_) = 0;
  std::map<EntryId, Document> documents_ ABSL_GUARDED_BY(mutex_);
  std::set<EntryId> damaged_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, std::map<std::string, std::string>> notes_ ABSL_GUARDED_BY(mutex_);
  ExpiryRule rule_ ABSL_GUARDED_BY(mutex_);
  bool full_ ABSL_GUARDED_BY(mutex_) = false;
  mutable Failures reads_ ABSL_GUARDED_BY(mutex_);
  mutable Failures writes_ ABSL_GUARDED_BY(mutex_);
  mutable Failures scans_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace semcached

#endif  // SEMCACHED_TESTS_SUPPORT_FAKE_DOCUMENT_STORE_H_
