#include "eval/judged_pair.h"

#include <algorithm>
#include <string_view>

namespace semcached::eval {

std::vector<GuardKind> EveryGuard() {
  std::vector<GuardKind> guards;
  // Values follow one another; what has no name is no guard.
  for (int value = 0; std::string_view(Name(static_cast<GuardKind>(value))) != "unknown"; ++value) {
    guards.push_back(static_cast<GuardKind>(value));
  }
  return guards;
}

GuardSet GuardsOf(const std::vector<std::string>& names) {
  GuardSet set = 0;
  for (const GuardKind guard : EveryGuard()) {
    if (std::find(names.begin(), names.end(), Name(guard)) != names.end()) set |= Bit(guard);
  }
  return set;
}

}  // namespace semcached::eval
