// Puts a new file in the place of an old one, so that whatever happens one of them is there, whole.
#ifndef SEMCACHED_BASE_REPLACED_FILE_H_
#define SEMCACHED_BASE_REPLACED_FILE_H_

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <string>
#include <string_view>

#include "semcached/base/descriptor.h"

namespace semcached {

// A file that is being written under another name, mode 0600, and gone with the object unless it
// was put in place. One writer a path at a time.
//
// NotFound: its directory is not there. ResourceExhausted: the disk or a quota is full.
// Unavailable: what else the system says.
class ReplacedFile {
 public:
  static absl::StatusOr<ReplacedFile> Begin(const std::string& path);
  ~ReplacedFile();
  ReplacedFile(ReplacedFile&& other) noexcept;
  ReplacedFile& operator=(ReplacedFile&&) = delete;

  absl::Status Append(std::string_view bytes);
  // What was appended is on the disk, and is read back from there, as far as the system follows a
  // hint.
  absl::Status Sync();
  // The file's name until Commit().
  const std::string& unfinished() const { return unfinished_; }
  // Puts it in place, synced. An error of its directory's sync comes after that.
  absl::Status Commit();

  // Removes what a process that died has left of a file at `path`.
  static void RemoveUnfinished(const std::string& path);

 private:
  ReplacedFile(std::string path, std::string unfinished, Descriptor file);

  std::string path_;
  std::string unfinished_;  // empty: it is in place, or this was moved from
  Descriptor file_;
};

// What was done in a directory, files made, renamed or removed, is on the disk.
absl::Status SyncDirectory(const std::string& path);

// An error of the system, told with what it is about: as above, and NotFound for ENOENT.
absl::Status SystemError(int error, std::string_view about);

}  // namespace semcached

#endif  // SEMCACHED_BASE_REPLACED_FILE_H_
