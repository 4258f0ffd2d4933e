#include "cache/document_check.h"

#include <absl/strings/str_cat.h>

#include "semcached/index/similarity.h"

namespace semcached {
namespace {

std::optional<Rejection> CheckPlace(const Document& document, const Expectation& expected) {
  if (document.entry.id != expected.id) return Rejection{"id", "the document is another entry's"};
  if (document.entry.scope != *expected.scope) {
    return Rejection{"scope", "the document is of another scope"};
  }
  if (document.entry.category != expected.category) {
    return Rejection{"category", "the document is of another category"};
  }
  return std::nullopt;
}

}  // namespace

std::optional<Rejection> CheckExact(const Document& document, const Expectation& expected,
                                    const Hash128& exact_key) {
  if (auto rejection = CheckPlace(document, expected)) return rejection;
  const bool same = document.query.has_value() ? *document.query == expected.query
                                               : document.entry.exact_key == exact_key;
  if (!same) return Rejection{"query", "the stored query is another one"};
  return std::nullopt;
}

std::optional<Rejection> CheckSemantic(const Document& document, const Expectation& expected,
                                       std::string_view identity, absl::Span<const float> vector,
                                       float least, float* similarity) {
  if (auto rejection = CheckPlace(document, expected)) return rejection;
  const Embedding& stored = document.entry.embedding;
  if (stored.identity != identity || stored.values.size() != vector.size()) {
    return Rejection{"identity", "the stored vector is of another embedding"};
  }
  *similarity = DotProduct(stored.values, vector);
  // Written so that a similarity that is not a number fails.
  if (!(*similarity >= least && *similarity <= 1.01F)) {
    return Rejection{"similarity", absl::StrCat("the similarity of the stored vector is ",
                                                *similarity, ", needed is ", least)};
  }
  return std::nullopt;
}

}  // namespace semcached
