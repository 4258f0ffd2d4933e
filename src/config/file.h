#ifndef SEMCACHED_CONFIG_FILE_H_
#define SEMCACHED_CONFIG_FILE_H_

#include <absl/status/statusor.h>

#include <string>
#include <vector>

namespace semcached {

// The first kMaxYamlBytes + 1 bytes: enough to see that a file is too large. NotFound, Internal:
// the system's word for it; also for what is not a regular file.
absl::StatusOr<std::string> ReadFile(const std::string& path);

// The names of the *.yaml files of a directory that do not begin with a dot, in order.
absl::StatusOr<std::vector<std::string>> ListYamlFiles(const std::string& directory);

}  // namespace semcached

#endif  // SEMCACHED_CONFIG_FILE_H_
