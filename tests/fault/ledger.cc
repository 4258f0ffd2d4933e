#include "fault/ledger.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace semcached {
namespace {

std::string PathOf(const std::string& descriptor) {
  char path[4096];
  const ssize_t length = readlink(descriptor.c_str(), path, sizeof(path));
  return length < 0 ? "" : std::string(path, static_cast<size_t>(length));
}

std::string Descriptor(int file) { return "/proc/self/fd/" + std::to_string(file); }

// Does nothing for one that is held already, or that was removed meanwhile.
void Hold(int file, ino_t inode, const Ledger& ledger) {
  linkat(AT_FDCWD, Descriptor(file).c_str(), AT_FDCWD, ledger.Held(inode).c_str(),
         AT_SYMLINK_FOLLOW);
}

void WriteNames(int32_t list, const Ledger& ledger) {
  DIR* const entries = opendir(ledger.directory);
  FILE* const names = fopen(ledger.NamesIn(list).c_str(), "we");
  if (entries == nullptr || names == nullptr) std::abort();
  while (const dirent* const entry = readdir(entries)) {
    // To close a descriptor that can read would give up the process's locks of the file.
    const int file = openat(dirfd(entries), entry->d_name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
    struct stat status;
    if (file >= 0 && fstat(file, &status) == 0 && S_ISREG(status.st_mode)) {
      Hold(file, status.st_ino, ledger);
      std::fprintf(names, "%ju %s\n", static_cast<uintmax_t>(status.st_ino), entry->d_name);
    }
    close(file);
  }
  std::fclose(names);
  closedir(entries);
}

// The place of a file in the ledger, a new one where it has none.
Ledger::File& PlaceOf(ino_t inode, Ledger* ledger) {
  for (Ledger::File& file : ledger->files) {
    ino_t known = 0;
    if (file.inode.compare_exchange_strong(known, inode) || known == inode) return file;
  }
  std::abort();  // more files than anybody thought of
}

// Syncs may overtake each other.
template <typename Number>
void Raise(Number to, std::atomic<Number>* number) {
  Number before = *number;
  while (before < to && !number->compare_exchange_weak(before, to)) {
  }
}

}  // namespace

Syncing::Syncing(Ledger* ledger, int file) : ledger_(*ledger) {
  const std::string_view directory = ledger_.directory;
  if (directory.empty()) return;
  const std::string path = PathOf(Descriptor(file));
  struct stat status;
  if (!std::string_view(path).starts_with(directory) || fstat(file, &status) != 0) return;
  if (path == directory) {
    list_ = ++ledger_.lists_begun;
    WriteNames(list_, ledger_);
  } else if (path[directory.size()] == '/' && S_ISREG(status.st_mode)) {
    inode_ = status.st_ino;
    bytes_ = status.st_size;
    Hold(file, inode_, ledger_);
  }
}

void Syncing::Succeeded() {
  if (list_ != 0) Raise(list_, &ledger_.list_on_disk);
  if (inode_ != 0) Raise(bytes_, &PlaceOf(inode_, &ledger_).bytes);
}

}  // namespace semcached
