#include "eval/labelled_pairs.h"

#include <absl/strings/str_cat.h>

#include <utility>

#include "semcached/base/hash.h"
#include "semcached/base/status.h"
#include "semcached/base/tsv.h"

namespace semcached::eval {

bool IsIn(const LabelledPair& pair, Half half) {
  if (half == Half::kAll) return true;
  return (Crc32(pair.text_a) % 2 == 0) == (half == Half::kTuning);
}

absl::StatusOr<std::vector<LabelledPair>> ReadPairs(const std::string& file, Half half) {
  std::vector<LabelledPair> pairs;
  absl::Status wrong;
  bool head = true;
  RETURN_IF_ERROR(ReadTsv(file, 4, [&](const TsvFields& fields) {
    if (std::exchange(head, false)) return;
    if (fields[1] != "0" && fields[1] != "1") {
      wrong = absl::InvalidArgumentError(
          absl::StrCat(file, ": label \"", fields[1], "\"; should be 0 or 1"));
    }
    LabelledPair pair{fields[0], fields[1] == "1", fields[2], fields[3]};
    if (IsIn(pair, half)) pairs.push_back(std::move(pair));
  }));
  RETURN_IF_ERROR(wrong);
  return pairs;
}

absl::StatusOr<std::vector<NearOpposite>> ReadNearOpposites(const std::string& file) {
  std::vector<NearOpposite> groups;
  bool head = true;
  RETURN_IF_ERROR(ReadTsv(file, 5, [&](const TsvFields& fields) {
    if (std::exchange(head, false)) return;
    groups.push_back({fields[0], fields[1], fields[2], fields[3], fields[4]});
  }));
  return groups;
}

}  // namespace semcached::eval
