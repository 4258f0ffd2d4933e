// What is left free on the disk of a store.
#ifndef SEMCACHED_STORE_DISK_ROOM_H_
#define SEMCACHED_STORE_DISK_ROOM_H_

#include <absl/status/status.h>

#include <cstdint>

#include "store/directory.h"

namespace semcached {

// Of what is left free, the part that must be there for what frees room, or is small.
inline constexpr double kToFree = 0.25;

// ResourceExhausted: less is free than `part` of what is to be left, and `doing` is not to be
// begun. A write that meets a full disk may end the process, in an assertion of RocksDB 7.8; so
// none is begun close to it. What is left lets buffers of so many bytes be flushed, and what frees
// room go on. A file system that cannot be asked is as good as one with room.
absl::Status CheckRoom(const OwnedDirectory& directory, int64_t write_buffer_bytes,
                       const char* doing, double part);

}  // namespace semcached

#endif  // SEMCACHED_STORE_DISK_ROOM_H_
