// What the library that is loaded into the server does to its calls of the system.
#ifndef SEMCACHED_TESTS_FAULT_FAULTS_H_
#define SEMCACHED_TESTS_FAULT_FAULTS_H_

#include <atomic>
#include <cstdint>

#include "fault/ledger.h"

namespace semcached {

// The environment variable that names the file with a Faults in it.
inline constexpr char kFaultsVariable[] = "SEMCACHED_FAULTS";

// Where the process may be made to die.
enum class Point : int32_t {
  kNone,
  kBeforeWrite,
  kAfterWrite,
  kBeforeSync,
  kAfterSync,
  kBeforeRename,
  kAfterRename,
  kBeforeSend,  // of an answer, over a socket
  kAfterSend,
};
inline constexpr int kPoints = 8;  // but for kNone

// Shared by the driver and the server, as a mapped file; all zero is no fault.
struct Faults {
  std::atomic<int64_t> clock_offset_ns;  // added to the wall clock, never to the monotonic one
  std::atomic<int32_t> failing_syncs;    // so many of the next ones fail with EIO
  std::atomic<Point> point;              // the process dies there,
  std::atomic<int32_t> passes;           // but this many times it passes first
  std::atomic<int32_t> slow_ms;          // each write and sync of a file takes so much longer
  Ledger ledger;                         // of what has been synced
};
static_assert(std::atomic<int64_t>::is_always_lock_free);
static_assert(std::atomic<Point>::is_always_lock_free);

}  // namespace semcached

#endif  // SEMCACHED_TESTS_FAULT_FAULTS_H_
