// What a loss of power may undo. The store's log is one, so that only its end can be lost: of two
// writes, one acknowledged before the other was sent, the later one is not there without the
// earlier one.
#ifndef SEMCACHED_TESTS_FAULT_WRITE_ORDER_H_
#define SEMCACHED_TESTS_FAULT_WRITE_ORDER_H_

#include <cstdint>
#include <limits>
#include <vector>

namespace semcached {

// An insert or a delete. Moments are counted: each sending and each acknowledgement is the next.
struct Write {
  static constexpr int64_t kNever = std::numeric_limits<int64_t>::max();

  int64_t version = 0;  // inserted, or the last one that is deleted
  bool deletes = false;
  bool lasts = true;  // what is inserted does not expire
  int64_t sent = 0;   // 0: it was found after the last loss, so it is on the disk
  int64_t acknowledged = kNever;
};

// To one question, in their order: no two at a time.
using Writes = std::vector<Write>;

// When the latest of them was sent that must be on the disk, since its version was `found` (0: none
// was) or since acknowledged inserts are `synced`. 0: none.
int64_t LatestOnDisk(const Writes& writes, int64_t found, bool synced);

enum class Explained {
  kYes,
  kLost,      // an insert is not there that was acknowledged before what is on the disk
  kCameBack,  // as much of a delete
};

// Whether a loss of nothing acknowledged before `on_disk` explains what was found.
Explained Explain(const Writes& writes, int64_t found, int64_t on_disk);

// Whether the last of them was acknowledged and is not there.
bool IsUndone(const Writes& writes, int64_t found);

}  // namespace semcached

#endif  // SEMCACHED_TESTS_FAULT_WRITE_ORDER_H_
