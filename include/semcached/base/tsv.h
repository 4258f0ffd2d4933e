// Tables in files: UTF-8, a row a line, columns parted by tabs.
#ifndef SEMCACHED_BASE_TSV_H_
#define SEMCACHED_BASE_TSV_H_

#include <absl/status/status.h>

#include <functional>
#include <string>
#include <vector>

namespace semcached {

using TsvFields = std::vector<std::string>;

// Calls `take` with every line but empty ones and those that begin with #. NotFound: the file
// cannot be read. InvalidArgument: a line has another number of columns; names it.
absl::Status ReadTsv(const std::string& file, size_t columns,
                     const std::function<void(const TsvFields&)>& take);

}  // namespace semcached

#endif  // SEMCACHED_BASE_TSV_H_
