#include "fault/power_loss.h"

#include <absl/strings/str_cat.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>

namespace semcached {
namespace {

namespace fs = std::filesystem;

using Names = std::map<std::string, ino_t>;

constexpr int64_t kPage = 4096;

// What of the unsynced end of a file the disk has written.
enum class Tail { kNone, kItsBeginning, kSomePages };

Names NamesIn(const std::string& list) {
  Names names;
  std::ifstream in(list);
  ino_t inode = 0;
  for (std::string name; in >> inode >> name;) names[name] = inode;
  return names;
}

ino_t InodeOf(const fs::path& file) {
  struct stat status;
  if (stat(file.c_str(), &status) != 0) std::abort();
  return status.st_ino;
}

Names NamesNow(const fs::path& directory) {
  Names names;
  for (const auto& file : fs::directory_iterator(directory)) {
    if (file.is_regular_file()) names[file.path().filename()] = InodeOf(file.path());
  }
  return names;
}

// Cuts off what was not synced. Answers how many bytes are gone.
int64_t Cut(const fs::path& file, int64_t synced, Tail tail, std::mt19937_64* random) {
  const auto size = static_cast<int64_t>(fs::file_size(file));
  if (size <= synced) return 0;
  const auto upto = [random](int64_t most) {
    return std::uniform_int_distribution<int64_t>(0, most)(*random);
  };
  const int64_t end = tail == Tail::kNone ? synced : synced + upto(size - synced);
  fs::resize_file(file, static_cast<uintmax_t>(end));
  int64_t gone = size - end;
  if (tail != Tail::kSomePages) return gone;
  std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
  for (int64_t page = synced / kPage * kPage; page < end; page += kPage) {
    if (upto(3) != 0) continue;
    const int64_t from = std::max(page, synced);
    const std::string zeros(static_cast<size_t>(std::min(page + kPage, end) - from), '\0');
    stream.seekp(from).write(zeros.data(), static_cast<std::streamsize>(zeros.size()));
    gone += static_cast<int64_t>(zeros.size());
  }
  return gone;
}

}  // namespace

void BeginLedger(const std::string& directory, Ledger* ledger) {
  if (directory.size() >= sizeof(ledger->directory)) std::abort();
  std::strcpy(ledger->directory, directory.c_str());
  fs::create_directory(directory);
  fs::permissions(directory, fs::perms::owner_all);
  fs::remove_all(ledger->HeldIn());
  fs::create_directory(ledger->HeldIn());
  for (Ledger::File& file : ledger->files) file.inode = 0;
  ledger->lists_begun = 1;
  ledger->list_on_disk = 1;
  std::ofstream list(ledger->NamesIn(1));
  size_t files = 0;
  for (const auto& [name, inode] : NamesNow(directory)) {
    const fs::path file = fs::path(directory) / name;
    fs::create_hard_link(file, ledger->Held(inode));
    list << inode << " " << name << "\n";
    ledger->files[files].bytes = static_cast<int64_t>(fs::file_size(file));
    ledger->files[files].inode = inode;
    ++files;
  }
}

std::string LosePower(Ledger* ledger, std::mt19937_64* random) {
  const fs::path directory = ledger->directory;
  const Names now = NamesNow(directory);
  const bool names_are_lost = (*random)() % 2 == 0;
  const Names names = names_are_lost ? NamesIn(ledger->NamesIn(ledger->list_on_disk)) : now;
  const auto tail = static_cast<Tail>((*random)() % 3);
  // One that was never synced, nor its name, has no other place.
  std::map<ino_t, fs::path> files;
  for (const auto& [name, inode] : now) files[inode] = directory / name;
  const fs::path after = directory.string() + ".after";
  fs::create_directory(after);
  int64_t gone = 0;
  for (const auto& [name, inode] : names) {
    const fs::path held = ledger->Held(inode);
    fs::create_hard_link(fs::exists(held) ? held : files.at(inode), after / name);
    gone += Cut(after / name, ledger->BytesOnDisk(inode), tail, random);
  }
  for (const auto& other : fs::directory_iterator(directory)) {
    if (other.is_directory()) fs::rename(other, after / other.path().filename());
  }
  fs::remove_all(directory);
  fs::rename(after, directory);
  BeginLedger(directory, ledger);
  static constexpr const char* kTails[] = {"nothing", "the beginning", "some pages"};
  return absl::StrCat("names as ", names_are_lost ? "last synced" : "they were", ", ",
                      kTails[static_cast<int>(tail)], " of what was not synced, ", gone,
                      " bytes gone");
}

}  // namespace semcached
