// The input of the target `requests`: one byte of switches, then steps, each its kind (1 byte), its
// length (2) and a message of that length, of which only what is there counts.
#ifndef SEMCACHED_TESTS_FUZZ_STEPS_H_
#define SEMCACHED_TESTS_FUZZ_STEPS_H_

#include <cstdint>

namespace semcached {

enum class Step : uint8_t {
  kLookup,
  kInsert,
  kInvalidate,
  kDelete,
  kFeedback,
  kReportLoad,
  kImport,
  kRenewLease,
  kAbandonLease,
  kWait,     // a google.protobuf.Duration goes by
  kExport,   // no message
  kRestart,  // no message
};
inline constexpr uint8_t kStepKinds = 12;

// Of the switches.
inline constexpr uint8_t kRecordSwitch = 1;
inline constexpr uint8_t kAuditSwitch = 2;
inline constexpr uint8_t kOneOrderSwitch = 4;  // of the evictions

}  // namespace semcached

#endif  // SEMCACHED_TESTS_FUZZ_STEPS_H_
