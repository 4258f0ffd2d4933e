#include "net/live_connections.h"

#include <sys/stat.h>

namespace semcached {
namespace {

constexpr absl::Duration kBetweenLooks = absl::Milliseconds(5);

// Of what is open under this number; {0, 0}, which no file has, for nothing.
std::pair<dev_t, ino_t> IdentityOf(int fd) {
  struct stat status = {};
  if (fstat(fd, &status) != 0) return {0, 0};
  return {status.st_dev, status.st_ino};
}

}  // namespace

bool LiveConnections::HasRoom(MonotonicTime now) {
  if (files_.size() < most_) return true;
  if (now - looked_ < kBetweenLooks) return false;
  looked_ = now;
  // Its owner may close one meanwhile: then it counts as open, or is found gone.
  absl::erase_if(files_, [](const auto& file) { return IdentityOf(file.first) != file.second; });
  return files_.size() < most_;
}

void LiveConnections::Add(int fd) { files_[fd] = IdentityOf(fd); }

}  // namespace semcached
