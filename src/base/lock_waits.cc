#include "semcached/base/lock_waits.h"

#include <utility>

namespace semcached {

LockWaits::Wait::Wait() : counts_(std::exchange(of_this_thread_, nullptr)) {
  if (counts_ != nullptr) begin_ = counts_->clock_->Monotonic();
}

LockWaits::Wait::~Wait() {
  if (counts_ == nullptr) return;
  counts_->waits_.push_back(counts_->clock_->Monotonic() - begin_);
  of_this_thread_ = counts_;
}

}  // namespace semcached
