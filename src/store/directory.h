// The directory that a store lives in.
#ifndef SEMCACHED_STORE_DIRECTORY_H_
#define SEMCACHED_STORE_DIRECTORY_H_

#include <absl/status/statusor.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace semcached {

// A directory that is this object's alone until it is destroyed: no other process, and no other
// object of this one, gets it meanwhile. The system lets go of it when the process dies.
class OwnedDirectory {
 public:
  // Makes `path` and its missing parents, mode 0700. FailedPrecondition: somebody else holds it, or
  // it is no directory. PermissionDenied, ResourceExhausted, Unavailable: as they say.
  static absl::StatusOr<std::unique_ptr<OwnedDirectory>> Acquire(const std::string& path);

  ~OwnedDirectory();
  OwnedDirectory(const OwnedDirectory&) = delete;
  OwnedDirectory& operator=(const OwnedDirectory&) = delete;

  const std::string& path() const { return path_; }

  // Bytes that its file system still has for us, and in all. Unavailable: it cannot be asked.
  struct Room {
    int64_t free = 0;
    int64_t all = 0;
  };
  absl::StatusOr<Room> Free() const;

  // The sum of the sizes of the files directly in it, all or those of one extension (".log").
  // Thread-safe.
  int64_t Bytes(std::string_view extension = "") const;

 private:
  OwnedDirectory(std::string path, int lock) : path_(std::move(path)), lock_(lock) {}

  const std::string path_;
  const int lock_;  // descriptor of the locked file
};

}  // namespace semcached

#endif  // SEMCACHED_STORE_DIRECTORY_H_
