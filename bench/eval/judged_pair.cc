#include "eval/judged_pair.h"

#include <algorithm>

namespace semcached::eval {

GuardSet GuardsOf(const std::vector<std::string>& names) {
  GuardSet set = 0;
  for (const GuardKind guard : kAllGuards) {
    if (std::find(names.begin(), names.end(), Name(guard)) != names.end()) set |= Bit(guard);
  }
  return set;
}

}  // namespace semcached::eval
