#include "fault/write_order.h"

#include <algorithm>
#include <cstddef>

namespace semcached {

int64_t LatestOnDisk(const Writes& writes, int64_t found, bool synced) {
  int64_t latest = 0;
  for (const Write& write : writes) {
    if (write.deletes) continue;
    const bool there = write.version == found || (synced && write.acknowledged != Write::kNever);
    if (there) latest = std::max(latest, write.sent);
  }
  return latest;
}

Explained Explain(const Writes& writes, int64_t found, int64_t on_disk) {
  const Write* kept = nullptr;  // the last that is promised
  bool taken_away = false;
  for (const Write& write : writes) {
    if (write.acknowledged <= on_disk) {
      kept = &write;
      continue;
    }
    // It may be on the disk or not. One that failed may even have been done later than others.
    if (!write.deletes && write.version == found) return Explained::kYes;
    taken_away |= write.deletes || !write.lasts;
  }
  if (kept == nullptr) return Explained::kYes;
  if (kept->deletes) return found == 0 ? Explained::kYes : Explained::kCameBack;
  if (found == kept->version) return Explained::kYes;
  // Deleted, expired, or replaced by what has expired. What a start erases is not synced either.
  const bool gone = found == 0 || kept->sent == 0;
  return gone && (taken_away || !kept->lasts) ? Explained::kYes : Explained::kLost;
}

bool IsUndone(const Writes& writes, int64_t found) {
  if (writes.empty() || writes.back().acknowledged == Write::kNever) return false;
  const Write& last = writes.back();
  if (last.deletes) return found != 0;
  return found != last.version && last.lasts;
}

}  // namespace semcached
