#ifndef SEMCACHED_SRC_CACHE_DOCUMENT_CHECK_H_
#define SEMCACHED_SRC_CACHE_DOCUMENT_CHECK_H_

#include <absl/types/span.h>

#include <optional>
#include <string>
#include <string_view>

#include "semcached/base/hash.h"
#include "semcached/base/types.h"
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
  std::string reason;  // scope, category, identity, id, query or similarity
  std::string detail;  // in words, for explain
};

// The index proposes, the document decides: what no index, however damaged, can get wrong. A
// rejection says that the index or the store is damaged. Whether the entry is alive is asked of the
// clock, and whether it may answer of the policy (acceptance.h), elsewhere.
//
// For an exact hit: the query equal byte for byte, or, where the document keeps no text, its keyed
// hash equal.
std::optional<Rejection> CheckExact(const Document& document, const Expectation& expected,
                                    const Hash128& exact_key);

// For a semantic hit: the similarity is computed anew from the stored vector into `*similarity` and
// must be finite and at least `least`, what the index says but for its error.
std::optional<Rejection> CheckSemantic(const Document& document, const Expectation& expected,
                                       std::string_view identity, absl::Span<const float> vector,
                                       float least, float* similarity);

}  // namespace semcached

#endif  // SEMCACHED_SRC_CACHE_DOCUMENT_CHECK_H_
