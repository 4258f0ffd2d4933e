#ifndef SEMCACHED_SRC_MAIN_TABLE_H_
#define SEMCACHED_SRC_MAIN_TABLE_H_

#include <ostream>
#include <string>
#include <vector>

namespace semcached {

// A plain table: names to the left, figures to the right, as wide as what is in it.
class Table {
 public:
  explicit Table(std::vector<std::string> header) { rows_.push_back(std::move(header)); }

  void Add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }

  // The first column is aligned to the left, the others to the right.
  void Print(std::ostream& out) const;

 private:
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace semcached

#endif  // SEMCACHED_SRC_MAIN_TABLE_H_
