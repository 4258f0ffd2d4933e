#include "cache/guarded_query.h"

#include <utility>

#include "semcached/guard/redaction.h"

namespace semcached {

std::optional<std::string> GuardTextFor(const CategoryPolicy& policy, std::string_view query,
                                        const HashKey& key) {
  if (policy.store_query || policy.guards.empty() || query.empty()) return std::nullopt;
  return RedactForGuards(query, key);
}

const GuardText& GuardedQuery::Text() {
  return text_.has_value() ? *text_ : text_.emplace(*query_);
}

const GuardText& GuardedQuery::Redacted() {
  if (redacted_text_.has_value()) return *redacted_text_;
  if (query_.has_value()) redacted_ = RedactForGuards(*query_, key_);
  return redacted_text_.emplace(redacted_);
}

std::vector<GuardRefusal> GuardedQuery::Ask(absl::Span<const GuardKind> guards, bool every_guard,
                                            const StoredText& stored) {
  const bool by_text = query_.has_value() && stored.query.has_value();
  std::string redacted;  // of a stored query
  if (!by_text && stored.query.has_value()) redacted = RedactForGuards(*stored.query, key_);
  const GuardText& mine = by_text ? Text() : Redacted();
  const GuardText cached(by_text ? *stored.query : stored.guard_text.value_or(redacted));
  std::vector<GuardRefusal> refusals;
  if (every_guard) {
    refusals = CheckEachGuard(guards, mine, cached);
  } else if (auto refusal = CheckGuards(guards, mine, cached)) {
    refusals.push_back(*std::move(refusal));
  }
  if (by_text) return refusals;
  for (GuardRefusal& refusal : refusals) HidePseudonyms(&refusal);
  return refusals;
}

}  // namespace semcached
