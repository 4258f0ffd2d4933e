#include "semcached/guard/guard.h"

#include <utility>

namespace semcached {

std::optional<GuardRefusal> CheckGuards(absl::Span<const GuardKind> guards, std::string_view query,
                                        std::string_view cached_query) {
  for (const GuardKind guard : guards) {
    std::optional<std::string> reason;
    switch (guard) {
      case GuardKind::kNumbers:
        reason = NumbersDiffer(query, cached_query);
        break;
      case GuardKind::kNegation:
        reason = NegationDiffers(query, cached_query);
        break;
      case GuardKind::kIdentifiers:
        reason = IdentifiersDiffer(query, cached_query);
        break;
    }
    if (reason.has_value()) return GuardRefusal{guard, *std::move(reason)};
  }
  return std::nullopt;
}

std::vector<GuardRefusal> CheckEachGuard(absl::Span<const GuardKind> guards, std::string_view query,
                                         std::string_view cached_query) {
  std::vector<GuardRefusal> refusals;
  for (const GuardKind guard : guards) {
    if (auto refusal = CheckGuards({&guard, 1}, query, cached_query)) {
      refusals.push_back(*std::move(refusal));
    }
  }
  return refusals;
}

absl::Span<const GuardKind> AllGuards() {
  static constexpr GuardKind kAll[] = {GuardKind::kNumbers, GuardKind::kNegation,
                                       GuardKind::kIdentifiers};
  return kAll;
}

}  // namespace semcached
