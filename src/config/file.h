#ifndef SEMCACHED_CONFIG_FILE_H_
#define SEMCACHED_CONFIG_FILE_H_

#include <absl/status/statusor.h>

#include <string>
#include <vector>

namespace semcached {

// The first kMaxYamlBytes + 1 bytes: enough to see that a file is too large. NotFound, Internal:
// the system's word for it; also for what is not a regular file.
absl::StatusOr<std::string> ReadFile(const std::string& path);

// Whether a file of this name is one of configuration: *.yaml, not beginning with a dot.
bool IsYamlName(const std::string& name);

// The names of those of a directory, in order.
absl::StatusOr<std::vector<std::string>> ListYamlFiles(const std::string& directory);

}  // namespace semcached

#endif  // SEMCACHED_CONFIG_FILE_H_
