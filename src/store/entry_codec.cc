#include "store/entry_codec.h"

#include <absl/strings/str_cat.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "semcached/base/byte_io.h"
#include "semcached/base/status.h"

namespace semcached {
namespace {

enum class Kind : uint8_t { kEntry = 'E', kResponse = 'R', kMeta = 'M' };
// What an answer keeps of its query.
enum class Kept : uint8_t { kNothing = 0, kQuery = 1, kGuardText = 2 };

constexpr size_t kCrcBytes = sizeof(uint32_t);
constexpr int64_t kForever = std::numeric_limits<int64_t>::max();
constexpr int64_t kNever = std::numeric_limits<int64_t>::min();

// Both ends of int64 stand for infinity, so that infinity survives the trip.
int64_t Nanoseconds(absl::Duration duration) { return absl::ToInt64Nanoseconds(duration); }
absl::Duration FromNanoseconds(int64_t nanoseconds) {
  if (nanoseconds == kForever) return absl::InfiniteDuration();
  if (nanoseconds == kNever) return -absl::InfiniteDuration();
  return absl::Nanoseconds(nanoseconds);
}

std::string Seal(ByteWriter writer) {
  writer.Number(Crc32(writer.bytes()));
  return std::move(writer).Take();
}

// The bytes between version and checksum.
absl::StatusOr<std::string_view> Unseal(std::string_view value) {
  if (value.size() < 1 + kCrcBytes) return absl::DataLossError("value is cut off");
  const std::string_view sealed = value.substr(0, value.size() - kCrcBytes);
  ByteReader crc(value.substr(sealed.size()));
  if (crc.Number<uint32_t>() != Crc32(sealed)) return absl::DataLossError("checksum differs");
  const auto version = static_cast<uint8_t>(sealed.front());
  if (version == kFormatVersion) return sealed.substr(1);
  return absl::FailedPreconditionError(
      absl::StrCat("is of format ", version, ", this program reads ", kFormatVersion,
                   "; export it with the program that wrote it and import it here, or name another "
                   "directory"));
}

// As Unseal; another format is just not this one to one who reads a single entry.
absl::StatusOr<std::string_view> UnsealEntry(std::string_view value) {
  absl::StatusOr<std::string_view> body = Unseal(value);
  if (absl::IsFailedPrecondition(body.status())) {
    return absl::InvalidArgumentError(body.status().message());
  }
  return body;
}

absl::Status NotThisFormat(EntryId id) {
  return absl::InvalidArgumentError(absl::StrCat("entry ", id, " is not laid out as it should be"));
}

void WriteHeader(Kind kind, const EntryRecord& entry, ByteWriter& out) {
  out.Number(kFormatVersion);
  out.Number(static_cast<uint8_t>(kind));
  out.Number(entry.id);
  out.Field(entry.category);
  out.Number(Nanoseconds(entry.insert_time - absl::UnixEpoch()));
  out.Number(static_cast<uint8_t>(entry.ttl.has_value()));
  if (entry.ttl) out.Number(Nanoseconds(*entry.ttl));
  out.Field(entry.scope.namespace_name);
  out.Field(entry.scope.model);
  out.Field(entry.scope.context);
  out.Number(entry.exact_key.high);
  out.Number(entry.exact_key.low);
}

EntryHeader ReadHeader(EntryId id, ByteReader& in) {
  EntryHeader header;
  if (in.Number<EntryId>() != id) in.Fail();
  header.category = in.Field();
  header.insert_time = absl::UnixEpoch() + FromNanoseconds(in.Number<int64_t>());
  if (in.Flag()) header.ttl = FromNanoseconds(in.Number<int64_t>());
  return header;
}

// What both halves begin with, as a record without the rest.
EntryRecord ReadRecord(EntryId id, ByteReader& in) {
  const EntryHeader header = ReadHeader(id, in);
  EntryRecord record;
  record.id = id;
  record.category = header.category;
  record.insert_time = header.insert_time;
  record.ttl = header.ttl;
  record.scope.namespace_name = in.Field();
  record.scope.model = in.Field();
  record.scope.context = in.Field();
  record.exact_key.high = in.Number<uint64_t>();
  record.exact_key.low = in.Number<uint64_t>();
  return record;
}

size_t ScopeBytes(const Scope& scope) {
  return scope.namespace_name.size() + scope.model.size() + scope.context.size();
}

// No less than what the encoders below write, lengths included.
size_t ResponseBound(const Document& document) {
  size_t bytes = 128 + document.entry.category.size() + ScopeBytes(document.entry.scope) +
                 (document.query ? document.query->size() : 0) +
                 (document.guard_text ? document.guard_text->size() : 0) +
                 document.response.body.size() + document.response.content_type.size();
  for (const auto& [name, text] : document.response.metadata) {
    bytes += 8 + name.size() + text.size();
  }
  return bytes;
}

size_t EntryBound(const EntryRecord& entry) {
  size_t bytes = 128 + entry.category.size() + ScopeBytes(entry.scope) +
                 entry.embedding.identity.size() + entry.embedding.values.size() * sizeof(float) +
                 entry.source.size();
  for (const std::string& tag : entry.tags) bytes += 4 + tag.size();
  return bytes;
}

std::string EncodeResponse(const Document& document) {
  ByteWriter out;
  out.Reserve(ResponseBound(document));
  WriteHeader(Kind::kResponse, document.entry, out);
  if (document.query) {
    out.Number(static_cast<uint8_t>(Kept::kQuery));
    out.Field(*document.query);
  } else if (document.guard_text) {
    out.Number(static_cast<uint8_t>(Kept::kGuardText));
    out.Field(*document.guard_text);
  } else {
    out.Number(static_cast<uint8_t>(Kept::kNothing));
  }
  out.Field(document.response.body);
  out.Field(document.response.content_type);
  out.Number(static_cast<uint32_t>(document.response.metadata.size()));
  for (const auto& [name, text] : document.response.metadata) {
    out.Field(name);
    out.Field(text);
  }
  return Seal(std::move(out));
}

std::string EncodeEntry(const EntryRecord& entry, size_t response_bytes) {
  ByteWriter out;
  out.Reserve(EntryBound(entry));
  WriteHeader(Kind::kEntry, entry, out);
  out.Number(static_cast<uint32_t>(response_bytes));
  out.Field(entry.embedding.identity);
  out.Floats(entry.embedding.values);
  out.Number(static_cast<uint32_t>(entry.tags.size()));
  for (const std::string& tag : entry.tags) out.Field(tag);
  out.Field(entry.source);
  return Seal(std::move(out));
}

// Whether both halves say the same of whose they are.
bool BelongTogether(const EntryRecord& a, const EntryRecord& b) {
  return a.category == b.category && a.insert_time == b.insert_time && a.ttl == b.ttl &&
         a.scope == b.scope && a.exact_key == b.exact_key;
}

}  // namespace

std::string EncodeKey(EntryId id) {
  std::string key;
  for (int shift = 56; shift >= 0; shift -= 8) key.push_back(static_cast<char>(id >> shift));
  return key;
}

std::optional<EntryId> DecodeKey(std::string_view key) {
  if (key.size() != sizeof(EntryId)) return std::nullopt;
  EntryId id = 0;
  for (const char byte : key) id = id << 8 | static_cast<uint8_t>(byte);
  return id;
}

absl::StatusOr<EncodedDocument> EncodeDocument(const Document& document) {
  if (const size_t dimension = document.entry.embedding.values.size(); dimension > kMaxDimension) {
    return absl::InvalidArgumentError(absl::StrCat(
        "embedding has ", dimension, " components; the store takes up to ", kMaxDimension));
  }
  if (const size_t bytes = EntryBound(document.entry) + ResponseBound(document);
      bytes > kMaxDocumentBytes) {
    return absl::InvalidArgumentError(absl::StrCat(
        "document has about ", bytes, " bytes; the store takes up to ", kMaxDocumentBytes));
  }
  if (document.query && document.guard_text) {
    return absl::InvalidArgumentError("document has a query and a text for guards; one is kept");
  }
  EncodedDocument encoded;
  encoded.response = EncodeResponse(document);
  encoded.entry = EncodeEntry(document.entry, encoded.response.size());
  return encoded;
}

absl::StatusOr<EntryRecord> DecodeEntry(EntryId id, std::string_view entry) {
  ASSIGN_OR_RETURN(const std::string_view body, UnsealEntry(entry));
  ByteReader in(body);
  if (in.Number<uint8_t>() != static_cast<uint8_t>(Kind::kEntry)) in.Fail();
  EntryRecord record = ReadRecord(id, in);
  record.disk_bytes = entry.size() + in.Number<uint32_t>();
  record.embedding.identity = in.Field();
  record.embedding.values = in.Floats(kMaxDimension);
  const auto tags = in.Number<uint32_t>();
  for (uint32_t i = 0; i < tags && in.ok(); ++i) record.tags.emplace_back(in.Field());
  record.source = in.Field();
  if (!in.Done()) return NotThisFormat(id);
  return record;
}

absl::StatusOr<Document> DecodeDocument(EntryId id, std::string_view entry,
                                        std::string_view response) {
  ASSIGN_OR_RETURN(EntryRecord record, DecodeEntry(id, entry));
  ASSIGN_OR_RETURN(Document document, DecodeAnswer(id, response));
  // Two halves that do not belong together are as bad as a damaged one.
  if (!BelongTogether(record, document.entry) ||
      record.disk_bytes != entry.size() + response.size()) {
    return NotThisFormat(id);
  }
  document.entry = std::move(record);
  return document;
}

absl::StatusOr<Document> DecodeAnswer(EntryId id, std::string_view response) {
  ASSIGN_OR_RETURN(const std::string_view body, UnsealEntry(response));
  ByteReader in(body);
  if (in.Number<uint8_t>() != static_cast<uint8_t>(Kind::kResponse)) in.Fail();
  Document document;
  document.entry = ReadRecord(id, in);
  switch (static_cast<Kept>(in.Number<uint8_t>())) {
    case Kept::kNothing:
      break;
    case Kept::kQuery:
      document.query = in.Field();
      break;
    case Kept::kGuardText:
      document.guard_text = in.Field();
      break;
    default:
      in.Fail();
  }
  document.response.body = in.Field();
  document.response.content_type = in.Field();
  auto& metadata = document.response.metadata;
  const auto pairs = in.Number<uint32_t>();
  for (uint32_t i = 0; i < pairs && in.ok(); ++i) {
    const std::string_view name = in.Field();
    if (!metadata.empty() && name <= metadata.rbegin()->first) in.Fail();  // one order only
    metadata.emplace_hint(metadata.end(), name, in.Field());
  }
  if (!in.Done()) return NotThisFormat(id);
  return document;
}

absl::StatusOr<EntryHeader> DecodeHeader(EntryId id, std::string_view value) {
  ASSIGN_OR_RETURN(const std::string_view body, UnsealEntry(value));
  ByteReader in(body);
  const auto kind = static_cast<Kind>(in.Number<uint8_t>());
  if (kind != Kind::kEntry && kind != Kind::kResponse) in.Fail();
  EntryHeader header = ReadHeader(id, in);
  if (!in.ok()) return NotThisFormat(id);
  return header;
}

std::string EncodeNoteKey(std::string_view kind, std::string_view key) {
  ByteWriter out;
  out.Field(kind);
  out.Raw(key);
  return std::move(out).Take();
}

std::string EncodeNote(std::string_view value) {
  ByteWriter out;
  out.Number(kFormatVersion);
  out.Raw(value);
  return Seal(std::move(out));
}

std::optional<std::string_view> DecodeNote(std::string_view bytes) {
  const absl::StatusOr<std::string_view> body = Unseal(bytes);
  if (!body.ok()) return std::nullopt;
  return *body;
}

std::string EncodeMeta(const HashKey& hash_key) {
  ByteWriter out;
  out.Number(kFormatVersion);
  out.Number(static_cast<uint8_t>(Kind::kMeta));
  out.Raw({reinterpret_cast<const char*>(hash_key.data()), hash_key.size()});
  return Seal(std::move(out));
}

absl::StatusOr<HashKey> DecodeMeta(std::string_view value) {
  ASSIGN_OR_RETURN(const std::string_view body, Unseal(value));
  ByteReader in(body);
  if (in.Number<uint8_t>() != static_cast<uint8_t>(Kind::kMeta)) in.Fail();
  HashKey key{};
  const std::string_view raw = in.Raw(key.size());
  if (!in.Done()) return absl::DataLossError("the store's own record is not of its format");
  std::copy(raw.begin(), raw.end(), key.begin());
  return key;
}

}  // namespace semcached
