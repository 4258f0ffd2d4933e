#include "config/file.h"

#include <absl/cleanup/cleanup.h>
#include <absl/strings/match.h>
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "config/yaml_document.h"

namespace semcached {
namespace {

absl::Status SystemError() { return absl::ErrnoToStatus(errno, "cannot be read"); }

}  // namespace

absl::StatusOr<std::string> ReadFile(const std::string& path) {
  // Without O_NONBLOCK, a named pipe would keep the reader waiting.
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (file < 0) return SystemError();
  const absl::Cleanup close_file = [file] { close(file); };
  struct stat status;
  if (fstat(file, &status) != 0) return SystemError();
  if (!S_ISREG(status.st_mode)) return absl::FailedPreconditionError("is not a regular file");
  std::string content(kMaxYamlBytes + 1, '\0');
  size_t size = 0;
  while (size < content.size()) {
    const ssize_t count = read(file, content.data() + size, content.size() - size);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return SystemError();
    if (count == 0) break;
    size += static_cast<size_t>(count);
  }
  content.resize(size);
  return content;
}

bool IsYamlName(const std::string& name) {
  return absl::EndsWith(name, ".yaml") && name.front() != '.';
}

absl::StatusOr<std::vector<std::string>> ListYamlFiles(const std::string& directory) {
  DIR* const stream = opendir(directory.c_str());
  if (stream == nullptr) return SystemError();
  const absl::Cleanup close_stream = [stream] { closedir(stream); };
  std::vector<std::string> names;
  errno = 0;
  while (const dirent* entry = readdir(stream)) {
    const std::string name = entry->d_name;
    if (IsYamlName(name)) names.push_back(name);
    errno = 0;
  }
  if (errno != 0) return SystemError();
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace semcached
