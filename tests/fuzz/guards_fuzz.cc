// The guards on two texts, as anybody may ask: they judge both ways alike, and never a text against
// itself. So they do on the texts without the writer's words.
//
// The input is two texts, a line each.
#include "fuzz/fuzz.h"
#include "semcached/base/utf8.h"
#include "semcached/guard/guard.h"
#include "semcached/guard/redaction.h"

namespace semcached {
namespace {

std::vector<GuardKind> Refusing(const GuardText& query, const GuardText& cached) {
  std::vector<GuardKind> kinds;
  for (const GuardRefusal& refusal : CheckEachGuard(kAllGuards, query, cached)) {
    Require(IsValidUtf8(refusal.reason), "a reason can be sent");
    kinds.push_back(refusal.guard);
  }
  return kinds;
}

void Judge(std::string_view query, std::string_view cached) {
  const GuardText one(query);
  const GuardText other(cached);
  const std::vector<GuardKind> refusing = Refusing(one, other);
  Require(refusing == Refusing(other, one), "guards are symmetric");
  Require(Refusing(one, GuardText(query)).empty(), "a text passes against itself");
  Require(Refusing(other, other).empty(), "a text passes against itself");
  const auto first = CheckGuards(kAllGuards, one, other);
  Require(first.has_value() == !refusing.empty(), "the first refusal is one of all");
  Require(!first || first->guard == refusing.front(), "the first refusal is the first of all");
}

}  // namespace
}  // namespace semcached

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace semcached;
  std::string_view cached = AsText(data, size);
  const std::string_view query = TakeUntil('\n', &cached);
  if (!IsValidUtf8(query) || !IsValidUtf8(cached)) return 0;
  Judge(query, cached);
  const HashKey key = {1, 2, 3};
  const std::string redacted = RedactForGuards(query, key);
  Require(IsValidUtf8(redacted), "a redacted text is a text");
  Judge(redacted, RedactForGuards(cached, key));
  return 0;
}
