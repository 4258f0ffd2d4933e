#include "semcached/base/tsv.h"

#include <absl/strings/str_cat.h>
#include <absl/strings/str_split.h>

#include <fstream>

namespace semcached {

absl::Status ReadTsv(const std::string& file, size_t columns,
                     const std::function<void(const TsvFields&)>& take) {
  std::ifstream input(file);
  if (!input) return absl::NotFoundError(absl::StrCat(file, ": cannot be read"));
  std::string line;
  for (size_t number = 1; std::getline(input, line); ++number) {
    if (line.empty() || line.front() == '#') continue;
    const TsvFields fields = absl::StrSplit(line, '\t');
    if (fields.size() != columns) {
      return absl::InvalidArgumentError(absl::StrCat(file, ":", number, ": has ", fields.size(),
                                                     " columns; should have ", columns));
    }
    take(fields);
  }
  return absl::OkStatus();
}

}  // namespace semcached
