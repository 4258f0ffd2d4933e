#include "semcached/cache/policy_source.h"

#include <absl/strings/str_cat.h>

namespace semcached {
namespace {

constexpr size_t kMostNamed = 30;

}  // namespace

absl::StatusOr<const CategoryInForce*> Policies::Get(std::string_view category) const {
  if (const CategoryInForce* found = Find(category); found != nullptr) return found;
  std::string message =
      absl::StrCat("category \"", std::string(category), "\" is not configured; allowed:");
  size_t named = 0;
  for (const auto& [name, policy] : categories) {
    if (named == kMostNamed) break;
    absl::StrAppend(&message, named++ == 0 ? " " : ", ", name);
  }
  if (categories.size() > named) {
    absl::StrAppend(&message, " and ", categories.size() - named, " more");
  }
  return absl::InvalidArgumentError(message);
}

}  // namespace semcached
