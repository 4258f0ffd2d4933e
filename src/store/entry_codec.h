// The bytes that a document is kept as.
//
// A document is two values under one key: the entry, which a start scans, and the answer, which
// only a hit reads. Both say whose they are, so that an exact hit needs the answer alone:
//
//   version 1 | kind 1 | id 8 | category | insert time 8 | ttl 1 or 9 | namespace | model | context
//   | exact key 16 | rest by kind | CRC-32 4
//
// The rest of an answer begins with what is kept of the query: 0, 1 and its text, or 2 and what
// guards need of it (which an older program takes for another format). Then body, content type
// and metadata.
//
// Integers are little endian, a field is its length (4) and its bytes, an optional is 0, or 1 and
// its value, an instant is in nanoseconds since 1970. Every value has one encoding only: what
// decodes encodes to the same bytes again.
#ifndef SEMCACHED_STORE_ENTRY_CODEC_H_
#define SEMCACHED_STORE_ENTRY_CODEC_H_

#include <absl/status/statusor.h>
#include <absl/time/time.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "semcached/base/hash.h"
#include "semcached/base/types.h"
#include "semcached/store/document_store.h"

namespace semcached {

inline constexpr uint8_t kFormatVersion = kStoreFormatVersion;
inline constexpr size_t kMaxDimension = 4096;
inline constexpr size_t kMaxDocumentBytes = size_t{1} << 30;

// 8 bytes, big endian: in the order of the ids.
std::string EncodeKey(EntryId id);
std::optional<EntryId> DecodeKey(std::string_view key);

struct EncodedDocument {
  std::string entry;
  std::string response;
};

// InvalidArgument: larger than the constants above, or with both a query and a text for guards.
absl::StatusOr<EncodedDocument> EncodeDocument(const Document& document);

// The decoders read untrusted bytes: they check every bound and allocate in proportion to the
// input. `id` is what the key says. DataLoss: the checksum does not match. InvalidArgument: it
// does, but the content is not of this format, or of another entry.
absl::StatusOr<EntryRecord> DecodeEntry(EntryId id, std::string_view entry);
absl::StatusOr<Document> DecodeDocument(EntryId id, std::string_view entry,
                                        std::string_view response);
// From the response alone, as DocumentStore::GetAnswer().
absl::StatusOr<Document> DecodeAnswer(EntryId id, std::string_view response);

// What both values begin with: enough to decide whether the entry has expired.
struct EntryHeader {
  std::string_view category;  // points into the value
  absl::Time insert_time;
  std::optional<absl::Duration> ttl;
};
absl::StatusOr<EntryHeader> DecodeHeader(EntryId id, std::string_view value);

// A note's key: its kind with the length in front, then the key. Its value: the version, the value,
// the CRC-32.
std::string EncodeNoteKey(std::string_view kind, std::string_view key);
std::string EncodeNote(std::string_view value);
// nullopt: damaged, or of another version. Points into `bytes`.
std::optional<std::string_view> DecodeNote(std::string_view bytes);

// What a store says about itself. FailedPrecondition: of another format.
std::string EncodeMeta(const HashKey& hash_key);
absl::StatusOr<HashKey> DecodeMeta(std::string_view value);

}  // namespace semcached

#endif  // SEMCACHED_STORE_ENTRY_CODEC_H_
