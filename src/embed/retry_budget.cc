#include "embed/retry_budget.h"

#include <algorithm>

namespace semcached {

void RetryBudget::CountRequest() {
  MutexLock lock(&mutex_);
  tenths_ = std::min(tenths_ + 1, kMost);
}

bool RetryBudget::TakeRetry() {
  MutexLock lock(&mutex_);
  if (tenths_ < kRetry) return false;
  tenths_ -= kRetry;
  return true;
}

}  // namespace semcached
