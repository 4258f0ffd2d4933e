// What a loss of power would leave of a directory: what syncs have promised, and no more.
#ifndef SEMCACHED_TESTS_FAULT_LEDGER_H_
#define SEMCACHED_TESTS_FAULT_LEDGER_H_

#include <sys/types.h>

#include <atomic>
#include <cstdint>
#include <string>

namespace semcached {

// Kept by the library that is loaded into the server, read by the driver after the server's death:
// a part of Faults, all zero is a ledger of nothing.
//
// Files are known by their inode, since they are renamed, and whatever was synced is linked into
// HeldIn(): so no inode is given away twice, and what was removed can come back. Names are on the
// disk once their directory has been synced; each such sync writes a list of them.
struct Ledger {
  static constexpr int kFiles = 4096;

  struct File {
    std::atomic<ino_t> inode;  // 0: nothing from here on
    std::atomic<int64_t>
        bytes;  // that were there when its last sync began, of those that succeeded
  };

  char directory[256];                // whose files; empty: no ledger is kept
  std::atomic<int32_t> lists_begun;   // their names are NamesIn(1) and so on
  std::atomic<int32_t> list_on_disk;  // the newest whose sync succeeded; 0: no name was ever synced
  File files[kFiles];

  // Beside the directory, on the same file system.
  std::string HeldIn() const { return std::string(directory) + ".held"; }
  std::string Held(ino_t inode) const { return HeldIn() + "/" + std::to_string(inode); }
  // A line "INODE NAME" for each file.
  std::string NamesIn(int32_t list) const { return HeldIn() + "/names." + std::to_string(list); }

  int64_t BytesOnDisk(ino_t inode) const {
    for (const File& file : files) {
      if (file.inode == inode) return file.bytes;
      if (file.inode == 0) break;
    }
    return 0;
  }
};
static_assert(std::atomic<ino_t>::is_always_lock_free);

// One sync, from before its call until after it.
class Syncing {
 public:
  // Takes down what there is: what is written while the sync runs is not promised by it.
  Syncing(Ledger* ledger, int file);
  void Succeeded();

 private:
  Ledger& ledger_;
  ino_t inode_ = 0;    // 0: no file of the ledger's
  int64_t bytes_ = 0;  // of it
  int32_t list_ = 0;   // of names; 0: not the ledger's directory
};

}  // namespace semcached

#endif  // SEMCACHED_TESTS_FAULT_LEDGER_H_
