#include "cache/exact_keys.h"

#include <absl/strings/ascii.h>

#include <algorithm>

namespace semcached {
namespace {

// The first byte says what follows, so that a namespace, a scope and a query never share a key.
enum KeyKind : char { kNamespace = 1, kScope = 2, kText = 3, kVector = 4 };

// With room for `more` bytes behind.
std::string ScopeBytes(KeyKind kind, const Scope& scope, size_t more = 0) {
  std::string bytes;
  bytes.reserve(1 + 3 * sizeof(uint64_t) + scope.namespace_name.size() + scope.model.size() +
                scope.context.size() + more);
  bytes.push_back(kind);
  AppendLengthPrefixed(scope.namespace_name, &bytes);
  AppendLengthPrefixed(scope.model, &bytes);
  AppendLengthPrefixed(scope.context, &bytes);
  return bytes;
}

}  // namespace

std::string_view TrimQuery(std::string_view query) {
  while (!query.empty() && absl::ascii_isspace(static_cast<unsigned char>(query.front()))) {
    query.remove_prefix(1);
  }
  while (!query.empty() && absl::ascii_isspace(static_cast<unsigned char>(query.back()))) {
    query.remove_suffix(1);
  }
  return query;
}

Hash128 NamespaceHash(const HashKey& key, std::string_view namespace_name) {
  std::string bytes(1, kNamespace);
  AppendLengthPrefixed(namespace_name, &bytes);
  return KeyedHash(key, bytes);
}

Hash128 ScopeHash(const HashKey& key, const Scope& scope) {
  return KeyedHash(key, ScopeBytes(kScope, scope));
}

Hash128 ExactKey(const HashKey& key, const Scope& scope, std::string_view trimmed_query,
                 const Embedding& embedding) {
  if (!trimmed_query.empty()) {
    std::string bytes = ScopeBytes(kText, scope, sizeof(uint64_t) + trimmed_query.size());
    AppendLengthPrefixed(trimmed_query, &bytes);
    return KeyedHash(key, bytes);
  }
  std::string bytes = ScopeBytes(kVector, scope);
  AppendLengthPrefixed(embedding.identity, &bytes);
  AppendLengthPrefixed({reinterpret_cast<const char*>(embedding.values.data()),
                        embedding.values.size() * sizeof(float)},
                       &bytes);
  return KeyedHash(key, bytes);
}

ExactKeys::FoundList ExactKeys::Find(const Hash128& key) const {
  const Shard& shard = ShardOf(key);
  ReaderLock lock(&shard.mutex);
  const FoundList* const found = shard.found.Find(key);
  return found == nullptr ? FoundList() : *found;
}

EntryId ExactKeys::Publish(const Hash128& key, std::string_view category, EntryId id,
                           MonotonicTime birth) {
  Shard& shard = ShardOf(key);
  WriterLock lock(&shard.mutex);
  FoundList& list = shard.found[key];
  const auto same = std::find_if(list.begin(), list.end(),
                                 [&](const Found& found) { return found.category == category; });
  EntryId older = 0;
  if (same != list.end()) {
    if (same->id == id) return 0;
    if (same->birth > birth) return id;
    older = same->id;
    list.erase(same);
  }
  list.push_back({std::string(category), id, birth});
  return older;
}

void ExactKeys::Retract(const Hash128& key, std::string_view category, EntryId id) {
  Shard& shard = ShardOf(key);
  WriterLock lock(&shard.mutex);
  FoundList* const found = shard.found.Find(key);
  if (found == nullptr) return;
  FoundList& list = *found;
  list.erase(std::remove_if(
                 list.begin(), list.end(),
                 [&](const Found& entry) { return entry.id == id && entry.category == category; }),
             list.end());
  if (list.empty()) shard.found.Erase(key);
}

size_t ExactKeys::MemoryBytes() const {
  size_t bytes = sizeof(*this);
  for (const Shard& shard : shards_) {
    ReaderLock lock(&shard.mutex);
    bytes += shard.found.MemoryBytes();
  }
  return bytes;
}

}  // namespace semcached
