#include "semcached/base/checked_file.h"

#include <absl/functional/function_ref.h>
#include <absl/strings/str_cat.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <filesystem>
#include <system_error>

#include "semcached/base/byte_io.h"
#include "semcached/base/descriptor.h"
#include "semcached/base/hash.h"
#include "semcached/base/replaced_file.h"
#include "semcached/base/status.h"

namespace semcached {
namespace {

constexpr size_t kPiece = 1 << 20;
constexpr int64_t kMostLeftFree = 256 << 20;

absl::Status CheckRoomFor(size_t bytes, const std::string& path) {
  std::error_code error;
  const auto room = std::filesystem::space(std::filesystem::path(path).parent_path(), error);
  if (error) return absl::OkStatus();  // the write will tell
  const auto all = static_cast<int64_t>(room.capacity);
  const auto least = static_cast<int64_t>(bytes) + std::min(all / 20, kMostLeftFree);
  const auto left = static_cast<int64_t>(room.available);
  if (left >= least) return absl::OkStatus();
  return absl::ResourceExhaustedError(
      absl::StrCat(path, ": ", left, " bytes are free on its disk; it needs ", least));
}

absl::Status Damaged(const std::string& path, const std::string& why) {
  return absl::DataLossError(absl::StrCat(path, " is damaged: ", why));
}

// Of an open file, from its begin. A length in it is believed up to a piece's.
class PieceReader {
 public:
  explicit PieceReader(const std::string& path)
      : path_(path), file_(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {}

  absl::Status Read(std::string_view magic, absl::FunctionRef<void(std::string_view)> visit) {
    if (!file_.IsOpen()) return SystemError(errno, path_);
    struct stat status {};
    if (fstat(file_.get(), &status) != 0) return SystemError(errno, path_);
    if (!S_ISREG(status.st_mode)) return Damaged(path_, "it is no file");  // a pipe may never end
    RETURN_IF_ERROR(Next(magic.size()));
    if (bytes_ != magic) return absl::FailedPreconditionError(path_ + " is none of this format");
    ByteWriter checksums;
    for (int64_t number = 0;; ++number) {
      RETURN_IF_ERROR(Next(sizeof(uint32_t)));
      const auto length = ByteReader(bytes_).Number<uint32_t>();
      RETURN_IF_ERROR(Next(sizeof(uint32_t)));
      const auto crc = ByteReader(bytes_).Number<uint32_t>();
      if (length == 0) return Finish(checksums.bytes(), crc);
      if (length > kPiece) return Damaged(path_, absl::StrCat("the length of piece ", number));
      RETURN_IF_ERROR(Next(length));
      if (Crc32(bytes_) != crc) return Damaged(path_, absl::StrCat("the bytes of piece ", number));
      checksums.Number(crc);
      visit(bytes_);
    }
  }

 private:
  absl::Status Next(size_t size) {
    bytes_.resize(size);
    size_t got = 0;
    while (got < size) {
      const ssize_t more = read(file_.get(), bytes_.data() + got, size - got);
      if (more < 0 && errno == EINTR) continue;
      if (more < 0) return SystemError(errno, path_);
      if (more == 0) return Damaged(path_, "it ends too early");
      got += static_cast<size_t>(more);
    }
    return absl::OkStatus();
  }
  absl::Status Finish(std::string_view checksums, uint32_t crc) {
    if (Crc32(checksums) != crc) return Damaged(path_, "its pieces");
    if (Next(1).ok()) return Damaged(path_, "it does not end");
    return absl::OkStatus();
  }

  const std::string& path_;
  const Descriptor file_;
  std::string bytes_;
};

std::string PieceHead(uint32_t length, uint32_t crc) {
  ByteWriter head;
  head.Number(length);
  head.Number(crc);
  return std::move(head).Take();
}

}  // namespace

absl::Status WriteCheckedFile(const std::string& path, std::string_view magic,
                              std::string_view content) {
  RETURN_IF_ERROR(CheckRoomFor(content.size(), path));
  ASSIGN_OR_RETURN(ReplacedFile file, ReplacedFile::Begin(path));
  RETURN_IF_ERROR(file.Append(magic));
  ByteWriter checksums;
  for (; !content.empty(); content.remove_prefix(std::min(kPiece, content.size()))) {
    const std::string_view piece = content.substr(0, kPiece);
    const uint32_t crc = Crc32(piece);
    checksums.Number(crc);
    RETURN_IF_ERROR(file.Append(PieceHead(static_cast<uint32_t>(piece.size()), crc)));
    RETURN_IF_ERROR(file.Append(piece));
  }
  RETURN_IF_ERROR(file.Append(PieceHead(0, Crc32(checksums.bytes()))));
  RETURN_IF_ERROR(file.Sync());
  RETURN_IF_ERROR(PieceReader(file.unfinished()).Read(magic, [](std::string_view) {}));
  return file.Commit();
}

absl::StatusOr<std::string> ReadCheckedFile(const std::string& path, std::string_view magic) {
  std::string content;
  RETURN_IF_ERROR(
      PieceReader(path).Read(magic, [&](std::string_view piece) { content.append(piece); }));
  return content;
}

}  // namespace semcached
