// Documents to store, from plain to random.
#ifndef SEMCACHED_TESTS_STORE_DOCUMENTS_H_
#define SEMCACHED_TESTS_STORE_DOCUMENTS_H_

#include <cstdint>
#include <limits>
#include <map>
#include <random>
#include <string>
#include <utility>

#include "semcached/store/document_store.h"
#include "support/vectors.h"

namespace semcached {

// Every text of it names its id, so that a wrong answer is seen.
inline Document MakeDocument(EntryId id, size_t body_bytes = 100, size_t dimension = 8) {
  std::mt19937_64 random(id);
  Document document;
  document.entry.id = id;
  document.entry.category = "code";
  document.entry.scope = {"tenant", "model-1", "context"};
  document.entry.embedding = {"test@1/" + std::to_string(dimension), RandomUnit(random, dimension)};
  document.entry.exact_key = {random(), random()};
  document.entry.insert_time = absl::FromUnixNanos(1'700'000'000'123'456'789);
  document.query = "query of " + std::to_string(id);
  document.response.body = "body of " + std::to_string(id) + " ";
  while (document.response.body.size() < body_bytes) {
    document.response.body.push_back(static_cast<char>('a' + random() % 26));
  }
  document.response.content_type = "text/plain";
  return document;
}

inline std::string RandomBytes(std::mt19937_64& random, size_t most) {
  std::string bytes(random() % (most + 1), '\0');
  for (char& byte : bytes) byte = static_cast<char>(random());
  return bytes;
}

inline std::optional<absl::Duration> RandomTtl(std::mt19937_64& random) {
  switch (random() % 4) {
    case 0:
      return std::nullopt;
    case 1:
      return absl::InfiniteDuration();
    case 2:
      return absl::ZeroDuration();
    default:
      return absl::Nanoseconds(static_cast<int64_t>(random()) / 2);
  }
}

inline Document RandomDocument(std::mt19937_64& random) {
  Document document;
  EntryRecord& entry = document.entry;
  entry.id = random();
  entry.category = RandomBytes(random, 12);
  entry.scope = {RandomBytes(random, 12), RandomBytes(random, 12), RandomBytes(random, 40)};
  entry.embedding.identity = RandomBytes(random, 20);
  entry.embedding.values = RandomUnit(random, random() % 17);
  entry.exact_key = {random(), random()};
  entry.insert_time = random() % 8 == 0 ? absl::InfiniteFuture()
                                        : absl::FromUnixNanos(static_cast<int64_t>(random()) / 2);
  entry.ttl = RandomTtl(random);
  for (size_t i = random() % 4; i > 0; --i) entry.tags.push_back(RandomBytes(random, 8));
  entry.source = RandomBytes(random, 8);
  switch (random() % 4) {
    case 0:
      break;
    case 1:
      document.guard_text = RandomBytes(random, 60);
      break;
    default:
      document.query = RandomBytes(random, 60);
  }
  document.response.body = RandomBytes(random, 200);
  document.response.content_type = RandomBytes(random, 10);
  for (size_t i = random() % 4; i > 0; --i) {
    document.response.metadata[RandomBytes(random, 8)] = RandomBytes(random, 8);
  }
  return document;
}

// All but disk_bytes, which the store sets.
inline bool SameEntry(const EntryRecord& a, const EntryRecord& b) {
  return a.id == b.id && a.category == b.category && a.scope == b.scope &&
         a.embedding.identity == b.embedding.identity && a.embedding.values == b.embedding.values &&
         a.exact_key == b.exact_key && a.insert_time == b.insert_time && a.ttl == b.ttl &&
         a.tags == b.tags && a.source == b.source;
}

inline bool SameDocument(const Document& a, const Document& b) {
  return SameEntry(a.entry, b.entry) && a.query == b.query && a.guard_text == b.guard_text &&
         a.response.body == b.response.body && a.response.content_type == b.response.content_type &&
         a.response.metadata == b.response.metadata;
}

// What a scan gives, by id.
inline std::pair<std::map<EntryId, EntryRecord>, absl::StatusOr<ScanReport>> ScanAll(
    const DocumentStore& store) {
  std::map<EntryId, EntryRecord> found;
  absl::StatusOr<ScanReport> report = store.Scan(IdRange(), [&found](EntryRecord record) {
    const EntryId id = record.id;
    found.insert_or_assign(id, std::move(record));
    return true;
  });
  return {std::move(found), std::move(report)};
}

}  // namespace semcached

#endif  // SEMCACHED_TESTS_STORE_DOCUMENTS_H_
