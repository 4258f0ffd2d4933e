#include "store/directory.h"

#include <absl/strings/str_cat.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

#include "semcached/base/log.h"
#include "semcached/base/status.h"

namespace semcached {
namespace {

absl::Status SystemError(int error, const std::string& what) {
  const std::string message = absl::StrCat(what, ": ", std::generic_category().message(error));
  switch (error) {
    case EACCES:
    case EPERM:
    case EROFS:
      return absl::PermissionDeniedError(message);
    case ENOSPC:
    case EDQUOT:
      return absl::ResourceExhaustedError(message);
    case ENOTDIR:
      return absl::FailedPreconditionError(message);
    default:
      return absl::UnavailableError(message);
  }
}

absl::Status MakePrivate(const std::string& path) {
  std::filesystem::path made;
  for (const auto& part : std::filesystem::path(path)) {
    made /= part;
    if (mkdir(made.c_str(), 0700) == 0 || errno == EEXIST) continue;
    const int error = errno;
    // A parent that may not be written to, or lies on a read-only file system, may well exist.
    if (std::error_code ignored; std::filesystem::is_directory(made, ignored)) continue;
    return SystemError(error, absl::StrCat("cannot make directory ", made.string()));
  }
  struct stat status {};
  if (stat(path.c_str(), &status) != 0) return SystemError(errno, path);
  if (!S_ISDIR(status.st_mode)) return SystemError(ENOTDIR, path);
  // The files in it are made with the process's umask: the directory is what keeps others out. One
  // that was there before keeps its mode: it may be a mounted volume, or hold more than this store.
  if ((status.st_mode & 077) != 0) {
    LogWarning("store directory is open to other users", {{"path", path}});
  }
  if (access(path.c_str(), R_OK | W_OK | X_OK) != 0) return SystemError(errno, path);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::unique_ptr<OwnedDirectory>> OwnedDirectory::Acquire(const std::string& path) {
  RETURN_IF_ERROR(MakePrivate(path));
  const std::string file = path + "/semcached.lock";
  const int lock = open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (lock < 0) return SystemError(errno, file);
  if (flock(lock, LOCK_EX | LOCK_NB) != 0) {
    const int error = errno;
    close(lock);
    if (error == EWOULDBLOCK) {
      return absl::FailedPreconditionError(
          absl::StrCat(path, " is in use by another process; give each its own directory"));
    }
    return SystemError(error, file);
  }
  return std::unique_ptr<OwnedDirectory>(new OwnedDirectory(path, lock));
}

OwnedDirectory::~OwnedDirectory() { close(lock_); }

absl::StatusOr<OwnedDirectory::Room> OwnedDirectory::Free() const {
  struct statvfs status {};
  if (statvfs(path_.c_str(), &status) != 0) return SystemError(errno, path_);
  const auto block = static_cast<int64_t>(status.f_frsize);
  return Room{static_cast<int64_t>(status.f_bavail) * block,
              static_cast<int64_t>(status.f_blocks) * block};
}

int64_t OwnedDirectory::Bytes(std::string_view extension) const {
  int64_t bytes = 0;
  std::error_code error;
  std::filesystem::directory_iterator files(path_, error);
  for (; !error && files != std::filesystem::directory_iterator(); files.increment(error)) {
    if (!extension.empty() && files->path().extension() != extension) continue;
    std::error_code gone;  // files come and go meanwhile
    const uintmax_t size = files->file_size(gone);
    if (!gone) bytes += static_cast<int64_t>(size);
  }
  return bytes;
}

}  // namespace semcached
