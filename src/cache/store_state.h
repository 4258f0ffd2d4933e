#ifndef SEMCACHED_SRC_CACHE_STORE_STATE_H_
#define SEMCACHED_SRC_CACHE_STORE_STATE_H_

#include <absl/status/status.h>

namespace semcached {

// Whether the store takes writes.
enum class StoreState { kOk, kDiskFull, kFailing };

// The name as metrics write it.
constexpr const char* Name(StoreState state) {
  switch (state) {
    case StoreState::kOk:
      return "ok";
    case StoreState::kDiskFull:
      return "disk_full";
    case StoreState::kFailing:
      return "failing";
  }
  return "unknown";
}

// `over_limit`: the files have reached disk_limit. `last_write`: what came of the latest write.
constexpr StoreState StoreStateOf(bool over_limit, absl::StatusCode last_write) {
  if (over_limit || last_write == absl::StatusCode::kResourceExhausted) {
    return StoreState::kDiskFull;
  }
  return last_write == absl::StatusCode::kOk ? StoreState::kOk : StoreState::kFailing;
}

}  // namespace semcached

#endif  // SEMCACHED_SRC_CACHE_STORE_STATE_H_
