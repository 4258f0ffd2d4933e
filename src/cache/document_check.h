#ifndef SEMCACHED_SRC_CACHE_DOCUMENT_CHECK_H_
#define SEMCACHED_SRC_CACHE_DOCUMENT_CHECK_H_

#include <absl/types/span.h>

#include <optional>
#include <string>
#include <string_view>

#include "semcached/base/hash.h"
#include "semcached/base/types.h"
#include "semcached/config/category_policy.h"
#include "semcached/store/document_store.h"

namespace semcached {

// What a document must be to answer a request. All views outlive the check.
struct Expectation {
  EntryId id = 0;
  const Scope* scope = nullptr;
  std::string_view category;
  std::string_view query;  // trimmed; empty: only a vector came
};

struct Rejection {
  // scope, category, identity, id, query, similarity: the index or the store is damaged.
  // guard: the texts differ in what matters.
  std::string reason;
  std::string detail;  // in words, for explain; may hold parts of the texts: never logged
};

// The index proposes, the document decides: what no index, however damaged, can get wrong. Whether
// the entry is alive is asked elsewhere, of the clock.
//
// For an exact hit: the query equal byte for byte, or, where the document keeps no text, its keyed
// hash equal.
std::optional<Rejection> CheckExact(const Document& document, const Expectation& expected,
                                    const Hash128& exact_key);

// For a semantic hit: the similarity is computed anew from the stored vector into `*similarity` and
// must be finite and at least `threshold`; then the guards.
std::optional<Rejection> CheckSemantic(const Document& document, const Expectation& expected,
                                       std::string_view identity, absl::Span<const float> vector,
                                       float threshold, const CategoryPolicy& policy,
                                       float* similarity);

}  // namespace semcached

#endif  // SEMCACHED_SRC_CACHE_DOCUMENT_CHECK_H_
