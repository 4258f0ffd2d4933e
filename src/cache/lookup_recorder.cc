#include "cache/lookup_recorder.h"

#include <cmath>
#include <utility>

namespace semcached {

bool Happens(double share, Random* random) {
  if (!(share > 0)) return false;
  return std::ldexp(static_cast<double>(random->Next() >> 11), -53) < share;
}

namespace {

size_t BytesOf(const RecordedLookup& lookup) {
  size_t bytes = sizeof(lookup) + lookup.category.size() + lookup.model.size() +
                 lookup.embedding_identity.size() + lookup.query.size();
  for (const RecordedCandidate& candidate : lookup.candidates) {
    bytes +=
        sizeof(candidate) + candidate.refusing.size() * sizeof(GuardKind) + candidate.query.size();
  }
  return bytes;
}

}  // namespace

LookupRecorder::LookupRecorder(double share, size_t keep, Random* random)
    : share_(keep == 0 ? 0 : share), keep_(keep), random_(random) {}

bool LookupRecorder::Samples() { return Happens(share_, random_); }

void LookupRecorder::Add(RecordedLookup lookup) {
  MutexLock lock(&mutex_);
  bytes_ += BytesOf(lookup);
  lookups_.push_back(std::move(lookup));
  while (lookups_.size() > keep_ || bytes_ > kMostBytes) {
    bytes_ -= BytesOf(lookups_.front());
    lookups_.pop_front();
  }
}

size_t LookupRecorder::MemoryBytes() const {
  MutexLock lock(&mutex_);
  return bytes_;
}

std::vector<RecordedLookup> LookupRecorder::All() const {
  MutexLock lock(&mutex_);
  return {lookups_.begin(), lookups_.end()};
}

}  // namespace semcached
