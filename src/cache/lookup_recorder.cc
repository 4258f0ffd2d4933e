#include "cache/lookup_recorder.h"

#include <cmath>
#include <utility>

namespace semcached {

bool Happens(double share, Random* random) {
  if (!(share > 0)) return false;
  return std::ldexp(static_cast<double>(random->Next() >> 11), -53) < share;
}

LookupRecorder::LookupRecorder(double share, size_t keep, Random* random)
    : share_(keep == 0 ? 0 : share), keep_(keep), random_(random) {}

bool LookupRecorder::Samples() { return Happens(share_, random_); }

void LookupRecorder::Add(RecordedLookup lookup) {
  MutexLock lock(&mutex_);
  if (lookups_.size() >= keep_) lookups_.pop_front();
  lookups_.push_back(std::move(lookup));
}

std::vector<RecordedLookup> LookupRecorder::All() const {
  MutexLock lock(&mutex_);
  return {lookups_.begin(), lookups_.end()};
}

}  // namespace semcached
