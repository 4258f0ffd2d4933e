#include "semcached/guard/guard.h"

#include <utility>

#include "guard/guards.h"
#include "guard/prepared.h"

namespace semcached {
namespace {

std::optional<std::string> Check(GuardKind guard, const guard::TextPair& pair) {
  switch (guard) {
    case GuardKind::kNumbers:
      return guard::NumbersDiffer(pair);
    case GuardKind::kNegation:
      return guard::NegationDiffers(pair);
    case GuardKind::kIdentifiers:
      return guard::IdentifiersDiffer(pair);
    case GuardKind::kEntities:
      return guard::EntitiesDiffer(pair);
    case GuardKind::kFocus:
      return guard::FocusDiffers(pair);
    case GuardKind::kRoles:
      return guard::RolesDiffer(pair);
  }
  return std::nullopt;
}

}  // namespace

GuardText::GuardText(std::string_view text)
    : prepared_(std::make_unique<const guard::Prepared>(text)) {}

GuardText::~GuardText() = default;

std::optional<GuardRefusal> CheckGuards(absl::Span<const GuardKind> guards, const GuardText& query,
                                        const GuardText& cached_query) {
  const guard::TextPair pair{query.prepared(), cached_query.prepared()};
  for (const GuardKind guard : guards) {
    std::optional<std::string> reason = Check(guard, pair);
    if (reason.has_value()) return GuardRefusal{guard, *std::move(reason)};
  }
  return std::nullopt;
}

std::optional<GuardRefusal> CheckGuards(absl::Span<const GuardKind> guards, std::string_view query,
                                        std::string_view cached_query) {
  if (guards.empty() || query == cached_query) return std::nullopt;
  return CheckGuards(guards, GuardText(query), GuardText(cached_query));
}

std::vector<GuardRefusal> CheckEachGuard(absl::Span<const GuardKind> guards, const GuardText& query,
                                         const GuardText& cached_query) {
  const guard::TextPair pair{query.prepared(), cached_query.prepared()};
  std::vector<GuardRefusal> refusals;
  for (const GuardKind guard : guards) {
    std::optional<std::string> reason = Check(guard, pair);
    if (reason.has_value()) refusals.push_back({guard, *std::move(reason)});
  }
  return refusals;
}

}  // namespace semcached
