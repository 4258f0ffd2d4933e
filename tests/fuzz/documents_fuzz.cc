// The values of the store: decoded or refused, and what decodes encodes to the same bytes again.
//
// The input is what stands between a value's version and its checksum.
#include <string>

#include "fuzz/fuzz.h"
#include "semcached/base/byte_io.h"
#include "store/entry_codec.h"

namespace semcached {
namespace {

constexpr size_t kMostPadding = 1 << 16;

EntryId IdIn(std::string_view body) {
  ByteReader in(body);
  in.Number<uint8_t>();  // the kind
  return in.Number<EntryId>();
}

void TryEntry(EntryId id, const std::string& value) {
  const absl::StatusOr<EntryRecord> record = DecodeEntry(id, value);
  if (!record.ok()) return;
  Require(DecodeHeader(id, value).ok(), "what decodes has a header");
  Document document;
  document.entry = *record;
  const size_t least = EncodeDocument(document)->response.size();
  const size_t told = record->disk_bytes - value.size();
  if (told < least || told - least > kMostPadding) return;
  // An answer of the size that the entry tells.
  document.response.body.resize(told - least);
  const EncodedDocument encoded = *EncodeDocument(document);
  Require(encoded.entry == value, "an entry encodes to what it was decoded from");
  const absl::StatusOr<Document> whole = DecodeDocument(id, encoded.entry, encoded.response);
  Require(whole.ok(), "both halves make a document");
  const EncodedDocument again = *EncodeDocument(*whole);
  Require(again.entry == value && again.response == encoded.response, "a document stays the same");
}

void TryAnswer(EntryId id, const std::string& value) {
  const absl::StatusOr<Document> answer = DecodeAnswer(id, value);
  if (!answer.ok()) return;
  Require(DecodeHeader(id, value).ok(), "what decodes has a header");
  Require(EncodeDocument(*answer)->response == value,
          "an answer encodes to what it was decoded from");
}

}  // namespace
}  // namespace semcached

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace semcached;
  const std::string body(AsText(data, size));
  const EntryId id = IdIn(body);
  // As it lies, which the checksum keeps out.
  DecodeEntry(id, body).IgnoreError();
  DecodeDocument(id, body, body).IgnoreError();
  DecodeHeader(id, body).IgnoreError();

  const std::string value = Sealed(static_cast<char>(kFormatVersion) + body);
  TryEntry(id, value);
  TryAnswer(id, value);
  const absl::StatusOr<HashKey> key = DecodeMeta(value);
  Require(!key.ok() || EncodeMeta(*key) == value, "the store's record stays the same");
  const std::optional<std::string_view> note = DecodeNote(value);
  Require(note == body && EncodeNote(*note) == value, "a note holds any bytes");
  return 0;
}
