// Keeps documents: what an entry is made of, and the only truth about it.
#ifndef SEMCACHED_STORE_DOCUMENT_STORE_H_
#define SEMCACHED_STORE_DOCUMENT_STORE_H_

#include <absl/status/statusor.h>
#include <absl/time/time.h>
#include <absl/types/span.h>

#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "semcached/base/hash.h"
#include "semcached/base/types.h"

namespace semcached {

// What a gateway cached. Opaque to us.
struct Response {
  std::string body;
  std::string content_type;
  std::map<std::string, std::string> metadata;  // e.g. token counts, cost, finish reason
};

// What a start must read of every entry: who may be given it, where it lies, how long it lives.
struct EntryRecord {
  EntryId id = 0;
  std::string category;
  Scope scope;
  Embedding embedding;  // identity may be empty: found by the exact path only
  Hash128 exact_key;    // of scope and query, by the store's hash key
  absl::Time insert_time;
  std::optional<absl::Duration> ttl;  // the caller's, if any; never an expiry
  std::vector<std::string> tags;
  std::string source;
  size_t disk_bytes = 0;  // set by the store when it is read or put
};

struct Document {
  EntryRecord entry;
  std::optional<std::string> query;  // absent with store_query: false, or if only a vector came
  // With store_query: false, what guards need of the query: the text of RedactForGuards(). Not set
  // beside `query`, and never the query itself.
  std::optional<std::string> guard_text;
  Response response;
};

// Of what is on disk. A program reads its own only.
inline constexpr int kStoreFormatVersion = 2;

// Ids from `first` to `last`, both included.
struct IdRange {
  EntryId first = 0;
  EntryId last = std::numeric_limits<EntryId>::max();
};

// Ranges that hold every id once, each as many of them; `count` is at least 1. Ids are random, so
// entries fall into them alike.
std::vector<IdRange> SplitIds(size_t count);

struct ScanReport {
  int64_t entries = 0;
  std::map<std::string, int64_t> dropped;  // by reason: crc, format, block
  std::vector<EntryId> damaged;  // the dropped ones whose id can still be told; the caller erases
};

// True if an entry may be dropped from disk for good.
//
// Called on compaction threads: thread-safe, quick.
using ExpiryRule = std::function<bool(std::string_view category, absl::Time insert_time,
                                      std::optional<absl::Duration> ttl)>;

// Thread-safe.
class DocumentStore {
 public:
  virtual ~DocumentStore() = default;

  // Stores the document whole or not at all; returns the bytes it takes. `durability` is what has
  // been reached on return. An error may still leave the document stored, whole. Ids are put once:
  // a Get beside a second Put of one may find halves of both, and answers DataLoss.
  //
  // InvalidArgument: a vector of more than 4096 components, more than 1 GiB in all, or a query
  // beside a text for guards.
  // ResourceExhausted: the disk is full. Unavailable: the store takes no writes at present.
  virtual absl::StatusOr<size_t> Put(const Document& document, Durability durability) = 0;

  // The document as it was put, times to the nanosecond. NotFound: there is none, or compaction has
  // begun to drop it. DataLoss: its bytes fail their check; the caller erases it. Unavailable: it
  // cannot be read.
  virtual absl::StatusOr<Document> Get(EntryId id) const = 0;

  // As Get, and leaves the block cache as it is: for who looks at everything.
  virtual absl::StatusOr<Document> Peek(EntryId id) const = 0;

  // As Get, in about half the time, but without embedding, tags, source and disk_bytes: what an
  // exact hit is checked by and answers with. Also where the half that holds those is lost.
  virtual absl::StatusOr<Document> GetAnswer(EntryId id) const = 0;

  // Removes documents, all or none; unknown ids are no error. Errors as of Put.
  virtual absl::Status Erase(absl::Span<const EntryId> ids) = 0;

  // Calls `visit` with every entry record of `range`, in no order, until it returns false. Damaged
  // entries and blocks are skipped and counted; a block on the edge of two ranges counts in both.
  // Entries put meanwhile may or may not be seen. DataLoss: so many blocks are damaged that the
  // scan was given up. Unavailable: as of Get.
  virtual absl::StatusOr<ScanReport> Scan(
      const IdRange& range, const std::function<bool(EntryRecord record)>& visit) const = 0;

  // Small facts that must outlive a restart and are no documents: each of a `kind` ("blocked",
  // ...), under a key of any bytes, of class kProcess. Putting one again replaces it. Errors as of
  // Put.
  virtual absl::Status PutNote(std::string_view kind, std::string_view key,
                               std::string_view value) = 0;
  // An unknown one is no error.
  virtual absl::Status EraseNote(std::string_view kind, std::string_view key) = 0;
  // Visits every note of `kind`, by key; damaged ones are left out. `visit` does not call the
  // store.
  virtual absl::Status ForEachNote(
      std::string_view kind,
      const std::function<void(std::string_view key, std::string_view value)>& visit) const = 0;

  // The secret of KeyedHash() for exact keys and scopes: made once, kept with the data.
  virtual const HashKey& hash_key() const = 0;

  // From now on compaction drops what `rule` says is expired.
  virtual void SetExpiryRule(ExpiryRule rule) = 0;

  // How many entries there are, roughly: for showing how far a scan has come.
  virtual int64_t EstimatedEntries() const = 0;

  // Bytes on disk, log files included.
  virtual int64_t DiskBytes() const = 0;
  // The same by part, in the names that metrics write: "entries" and "responses" (the two halves of
  // documents), "log" (what a start replays), "other". Of live files: what a reader still holds
  // back counts as other.
  virtual std::map<std::string, int64_t> DiskBytesByPart() const = 0;
  // Bytes of memory: block cache, memtables, table readers.
  virtual int64_t MemoryBytes() const = 0;

  // From now on the caches take this share of what they may, in (0,1]; what is more goes at once.
  virtual void SetCacheShare(double share) = 0;

  // Writes what is only in memory of the process or the operating system down to the disk.
  virtual absl::Status Flush() = 0;

  // Rewrites the files, so that what was erased or has expired is gone from them. Takes as long as
  // reading and writing all of them does; other calls go on meanwhile.
  virtual absl::Status Compact() = 0;
};

struct StoreOptions {
  std::string path;  // directory, made if missing, mode 0700
  int64_t block_cache_bytes = 64 << 20;
  int64_t write_buffer_bytes = 32 << 20;
  // A database that is damaged, or whose opening has ended the process twice in a row, is moved
  // into the subdirectory `damaged`, in place of an earlier one, and an empty one is opened.
  bool move_damaged_aside = false;
  // Told why, if that was done. May be empty.
  std::function<void(const absl::Status& why)> on_moved_aside = {};
};

// RocksDB. After an error that ends its writes it is opened again by itself; until that has
// succeeded all is Unavailable. FailedPrecondition: another process holds the directory, or its
// format is not the one of this program. DataLoss: the files cannot be opened. ResourceExhausted:
// the disk has too little room. PermissionDenied, Unavailable: as they say.
absl::StatusOr<std::unique_ptr<DocumentStore>> OpenRocksDbStore(const StoreOptions& options);

// The version of the RocksDB that is linked, e.g. "7.8.3".
std::string StoreEngineVersion();

}  // namespace semcached

#endif  // SEMCACHED_STORE_DOCUMENT_STORE_H_
