#include "store/disk_room.h"

#include <absl/strings/str_cat.h>

#include <algorithm>

namespace semcached {
namespace {

// Of a large disk, what is left free at the most.
constexpr int64_t kMostKept = 256 << 20;

}  // namespace

absl::Status CheckRoom(const OwnedDirectory& directory, int64_t write_buffer_bytes,
                       const char* doing, double part) {
  const absl::StatusOr<OwnedDirectory::Room> room = directory.Free();
  if (!room.ok()) return absl::OkStatus();
  const int64_t kept =
      std::min({std::max(room->all / 20, 2 * write_buffer_bytes), kMostKept, room->all / 4});
  const auto least = static_cast<int64_t>(part * static_cast<double>(kept));
  if (room->free >= least) return absl::OkStatus();
  return absl::ResourceExhaustedError(absl::StrCat(doing, ": ", room->free,
                                                   " bytes are free on the disk of ",
                                                   directory.path(), "; it needs ", least));
}

}  // namespace semcached
