// Keys: they decode to what they were made of, and no two things have the same.
//
// The input is two times namespace, model, context and query, a line each.
#include <string>
#include <utility>

#include "cache/blocked_pairs.h"
#include "cache/exact_keys.h"
#include "fuzz/fuzz.h"
#include "semcached/base/byte_io.h"
#include "store/entry_codec.h"

namespace semcached {
namespace {

const HashKey kHashKey = {7, 1};

struct Asked {
  Scope scope;
  std::string query;  // trimmed

  friend bool operator==(const Asked&, const Asked&) = default;
};

Asked TakeAsked(std::string_view* rest) {
  Asked asked;
  asked.scope.namespace_name = TakeUntil('\n', rest);
  asked.scope.model = TakeUntil('\n', rest);
  asked.scope.context = TakeUntil('\n', rest);
  asked.query = TrimQuery(TakeUntil('\n', rest));
  return asked;
}

// A query that is empty has a vector instead, which may be of the same bytes as another's query.
Hash128 KeyOf(const Asked& asked) {
  const Embedding embedding{"axes@1/2", {1, 0}};
  return ExactKey(kHashKey, asked.scope, asked.query, embedding);
}

void Compare(const Asked& a, const Asked& b) {
  Require((KeyOf(a) == KeyOf(b)) == (a == b), "an exact key is one query's of one scope");
  Require((ScopeHash(kHashKey, a.scope) == ScopeHash(kHashKey, b.scope)) == (a.scope == b.scope),
          "a scope's hash is its own");
  const auto note = [](const Asked& asked) {
    return EncodeNoteKey(asked.scope.namespace_name, asked.scope.model);
  };
  const bool same =
      a.scope.namespace_name == b.scope.namespace_name && a.scope.model == b.scope.model;
  Require((note(a) == note(b)) == same, "a note's key is one key's of one kind");
}

// The last byte of one part becomes the first of the next.
void Wander(std::string* from, std::string* to) {
  if (from->empty()) return;
  to->insert(to->begin(), from->back());
  from->pop_back();
}

void CompareIds(std::string_view bytes) {
  ByteReader in(bytes);
  const auto a = in.Number<EntryId>();
  const auto b = in.Number<EntryId>();
  Require(DecodeKey(EncodeKey(a)) == a, "an id is what its key decodes to");
  Require((EncodeKey(a) < EncodeKey(b)) == (a < b), "keys are in the order of their ids");
  const std::string_view raw = bytes.substr(0, sizeof(EntryId));
  const std::optional<EntryId> id = DecodeKey(raw);
  Require(id.has_value() == (raw.size() == sizeof(EntryId)), "eight bytes are a key");
  Require(!id || EncodeKey(*id) == raw, "a key is what its id encodes to");
  const std::optional<Hash128> pair = PairOf(bytes);
  Require(!pair || PairBytes(*pair) == bytes, "a pair's key is what it encodes to");
}

}  // namespace
}  // namespace semcached

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace semcached;
  std::string_view rest = AsText(data, size);
  CompareIds(rest);
  const Asked one = TakeAsked(&rest);
  Compare(one, TakeAsked(&rest));
  Asked other = one;
  Wander(&other.scope.namespace_name, &other.scope.model);
  Compare(one, other);
  other = one;
  Wander(&other.scope.model, &other.scope.context);
  Compare(one, other);
  other = one;
  Wander(&other.scope.context, &other.query);
  other.query = TrimQuery(std::string(other.query));
  Compare(one, other);
  Require(NamespaceHash(kHashKey, one.scope.namespace_name) != ScopeHash(kHashKey, one.scope),
          "a namespace and a scope never share a hash");
  return 0;
}
