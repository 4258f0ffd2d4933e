#include "main/table.h"

#include <algorithm>
#include <iomanip>

namespace semcached {

void Table::Print(std::ostream& out) const {
  std::vector<size_t> widths(rows_.front().size(), 0);
  for (const auto& row : rows_) {
    for (size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  for (const auto& row : rows_) {
    for (size_t i = 0; i < row.size(); ++i) {
      const auto width = static_cast<int>(widths[i]);
      if (i == 0) {
        out << std::left << std::setw(width) << row[i];
      } else {
        out << "  " << std::right << std::setw(width) << row[i];
      }
    }
    out << "\n";
  }
}

}  // namespace semcached
