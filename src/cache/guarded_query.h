#ifndef SEMCACHED_SRC_CACHE_GUARDED_QUERY_H_
#define SEMCACHED_SRC_CACHE_GUARDED_QUERY_H_

#include <absl/types/span.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "semcached/base/hash.h"
#include "semcached/config/category_policy.h"
#include "semcached/guard/guard.h"

namespace semcached {

// What is stored of a query for guards to compare. At most one is set.
struct StoredText {
  std::optional<std::string_view> query;
  std::optional<std::string_view> guard_text;  // Document::guard_text

  bool any() const { return query.has_value() || guard_text.has_value(); }
};

// What a document of this policy keeps of `query` for its guards: nothing where it keeps the query
// itself, has no guards, or has no query.
std::optional<std::string> GuardTextFor(const CategoryPolicy& policy, std::string_view query,
                                        const HashKey& key);

// The query of a lookup as guards compare it: each form is made when the first candidate needs it.
// Of one thread.
class GuardedQuery {
 public:
  // Both outlive this.
  GuardedQuery(std::string_view query, const HashKey& key) : query_(query), key_(key) {}
  // Of a document in the place of a lookup. `stored` holds one of both.
  GuardedQuery(const StoredText& stored, const HashKey& key) : query_(stored.query), key_(key) {
    if (stored.guard_text.has_value()) redacted_ = *stored.guard_text;
  }

  // The first refusal of the guards, or all of them with `every_guard`; in words that show no
  // pseudonym. Without the text of either, both are compared without. `stored` holds one of both.
  std::vector<GuardRefusal> Ask(absl::Span<const GuardKind> guards, bool every_guard,
                                const StoredText& stored);

 private:
  const GuardText& Text();
  const GuardText& Redacted();

  const std::optional<std::string_view> query_;
  const HashKey& key_;
  std::string redacted_;
  std::optional<GuardText> text_;
  std::optional<GuardText> redacted_text_;
};

}  // namespace semcached

#endif  // SEMCACHED_SRC_CACHE_GUARDED_QUERY_H_
