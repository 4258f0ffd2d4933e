#include "store/aside.h"

#include <absl/strings/str_cat.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string_view>
#include <system_error>
#include <vector>

#include "semcached/base/replaced_file.h"
#include "semcached/base/status.h"

namespace semcached {
namespace {

namespace fs = std::filesystem;

absl::Status Failed(const std::error_code& error, const std::string& what) {
  const std::string message = absl::StrCat("cannot move ", what, " aside: ", error.message());
  if (error == std::errc::no_space_on_device) return absl::ResourceExhaustedError(message);
  return absl::UnavailableError(message);
}

constexpr char kMoving[] = "damaged.moving";

// By what RocksDB 7.8 calls its files (db/filename). Others in the directory are not its own.
bool IsDatabaseFile(const fs::path& path) {
  const std::string name = path.filename().string();
  for (const std::string_view extension : {".sst", ".log", ".blob", ".dbtmp", ".old"}) {
    if (path.extension() == extension) return true;
  }
  for (const std::string_view front : {"MANIFEST-", "OPTIONS-", "LOG", "CURRENT", "IDENTITY"}) {
    if (name.starts_with(front)) return true;
  }
  return false;
}

}  // namespace

int OpeningMark::Ended() const {
  std::ifstream in(file_);
  int ended = 0;
  in >> ended;
  return in.fail() ? 0 : ended;
}

absl::Status OpeningMark::Check() const {
  const int ended = Ended();
  if (ended < kMostEnded) return absl::OkStatus();
  return absl::DataLossError(
      absl::StrCat("the last ", ended, " openings of the store ended their process"));
}

void OpeningMark::Set() const {
  const int ended = Ended() + 1;
  std::ofstream(file_) << ended << "\n";  // a full disk only means that nothing is marked
}

void OpeningMark::Clear() const {
  std::error_code ignored;
  if (!fs::remove(file_, ignored)) return;
  // Else a loss of power brings the mark back, and a second one takes a whole store for damaged.
  SyncDirectory(fs::path(file_).parent_path().string()).IgnoreError();
}

bool IsHalfMoved(const std::string& directory) {
  std::error_code ignored;
  return fs::is_directory(fs::path(directory) / kMoving, ignored);
}

absl::Status MoveAside(const std::string& directory) {
  const fs::path aside = fs::path(directory) / "damaged";
  const fs::path moving = fs::path(directory) / kMoving;
  std::error_code error;
  fs::create_directory(moving, error);
  if (error) return Failed(error, directory);
  std::vector<fs::path> files;
  for (fs::directory_iterator it(directory, error); !error && it != fs::directory_iterator();
       it.increment(error)) {
    if (IsDatabaseFile(it->path())) files.push_back(it->path());
  }
  if (error) return Failed(error, directory);
  // CURRENT last: until then the directory is not taken for a new one.
  std::stable_partition(files.begin(), files.end(),
                        [](const fs::path& file) { return file.filename() != "CURRENT"; });
  for (const fs::path& file : files) {
    fs::rename(file, moving / file.filename(), error);
    if (error) return Failed(error, file.string());
  }
  fs::remove_all(aside, error);
  if (error) return Failed(error, aside.string());
  fs::rename(moving, aside, error);
  if (error) return Failed(error, moving.string());
  return absl::OkStatus();
}

}  // namespace semcached
