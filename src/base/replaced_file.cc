#include "semcached/base/replaced_file.h"

#include <absl/strings/str_cat.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <system_error>
#include <utility>

#include "semcached/base/status.h"

namespace semcached {
namespace {

std::string Unfinished(const std::string& path) { return path + ".new"; }

}  // namespace

absl::Status SystemError(int error, std::string_view about) {
  const std::string message =
      std::string(about).append(": ").append(std::generic_category().message(error));
  if (error == ENOENT) return absl::NotFoundError(message);
  if (error == ENOSPC || error == EDQUOT) return absl::ResourceExhaustedError(message);
  return absl::UnavailableError(message);
}

absl::Status SyncDirectory(const std::string& path) {
  const Descriptor directory(open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!directory.IsOpen() || fsync(directory.get()) != 0) return SystemError(errno, path);
  return absl::OkStatus();
}

absl::StatusOr<ReplacedFile> ReplacedFile::Begin(const std::string& path) {
  const std::string unfinished = Unfinished(path);
  Descriptor file(open(unfinished.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  if (!file.IsOpen()) return SystemError(errno, unfinished);
  ReplacedFile begun(path, unfinished, std::move(file));
  // One of that name may have been left behind with another mode.
  if (fchmod(begun.file_.get(), 0600) != 0) return SystemError(errno, unfinished);
  return begun;
}

ReplacedFile::ReplacedFile(std::string path, std::string unfinished, Descriptor file)
    : path_(std::move(path)), unfinished_(std::move(unfinished)), file_(std::move(file)) {}

ReplacedFile::ReplacedFile(ReplacedFile&& other) noexcept
    : path_(std::move(other.path_)),
      unfinished_(std::exchange(other.unfinished_, "")),
      file_(std::move(other.file_)) {}

ReplacedFile::~ReplacedFile() {
  if (!unfinished_.empty()) unlink(unfinished_.c_str());
}

absl::Status ReplacedFile::Append(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = write(file_.get(), bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return SystemError(errno, unfinished_);
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  return absl::OkStatus();
}

absl::Status ReplacedFile::Sync() {
  if (fsync(file_.get()) != 0) return SystemError(errno, unfinished_);
  posix_fadvise(file_.get(), 0, 0, POSIX_FADV_DONTNEED);
  return absl::OkStatus();
}

absl::Status ReplacedFile::Commit() {
  RETURN_IF_ERROR(Sync());
  if (std::rename(unfinished_.c_str(), path_.c_str()) != 0) return SystemError(errno, path_);
  unfinished_.clear();
  return SyncDirectory(std::filesystem::path(path_).parent_path().string());
}

void ReplacedFile::RemoveUnfinished(const std::string& path) { unlink(Unfinished(path).c_str()); }

}  // namespace semcached
