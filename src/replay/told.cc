#include "semcached/replay/told.h"

#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_split.h>

#include <vector>

namespace semcached {

std::string BodyOf(const Told& told) { return absl::StrCat(told.intent, " ", told.fact); }

absl::StatusOr<Told> ToldBy(const std::string& body) {
  const std::vector<std::string> parts = absl::StrSplit(body, ' ');
  Told told;
  if (parts.size() != 2 || !absl::SimpleAtoi(parts[0], &told.intent) ||
      !absl::SimpleAtoi(parts[1], &told.fact)) {
    return absl::InternalError(absl::StrCat("a hit gave \"", body, "\", which was never stored"));
  }
  return told;
}

}  // namespace semcached
