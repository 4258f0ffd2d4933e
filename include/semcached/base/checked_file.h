// A file that is whole, or is not read: for what can be made again and must not be believed if it
// is damaged.
#ifndef SEMCACHED_BASE_CHECKED_FILE_H_
#define SEMCACHED_BASE_CHECKED_FILE_H_

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <string>
#include <string_view>

namespace semcached {

// Puts `content` in place of the file at `path` (see ReplacedFile), once it has been read back from
// the disk and its checksums hold.
//
// `magic` (up to 64 bytes) says what the file is, and in which version of its format. Behind it
// come pieces of a mebibyte, each with its length and CRC-32, and one CRC-32 over those of all.
//
// ResourceExhausted: the disk has less room than it takes and a twentieth (256 MiB at most), or is
// full. DataLoss: it was not read back as it was written. Else as ReplacedFile.
absl::Status WriteCheckedFile(const std::string& path, std::string_view magic,
                              std::string_view content);

// What was written there. NotFound: no such file. DataLoss: it is damaged. FailedPrecondition: it
// begins with another magic. Unavailable: it cannot be read.
absl::StatusOr<std::string> ReadCheckedFile(const std::string& path, std::string_view magic);

}  // namespace semcached

#endif  // SEMCACHED_BASE_CHECKED_FILE_H_
