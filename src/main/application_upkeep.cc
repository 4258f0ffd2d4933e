// What goes on beside the server: evidence is kept, the store is read again, memory is watched.

#include <malloc.h>

#include <chrono>

#include "main/application.h"
#include "semcached/base/log.h"

namespace semcached {
namespace {

constexpr char kEvidenceNotes[] = "evidence";
constexpr std::chrono::seconds kRecoveryRetry{5};
// While entries are evicted, the allocator gives back each so many looks what it keeps of them.
constexpr int kLooksATrim = 8;

}  // namespace

void Application::LoadEvidence() {
  const absl::Status read =
      store_->ForEachNote(kEvidenceNotes, [this](std::string_view /*key*/, std::string_view bytes) {
        if (absl::Status status = evidence_.Parse(bytes); !status.ok()) {
          LogWarning("what was learned of hits is lost", {{"why", status.message()}});
        }
      });
  evidence_read_ = read.ok() || absl::IsDataLoss(read);
  if (!read.ok()) {
    LogWarning("what was learned of hits cannot be read", {{"why", read.message()}});
  }
}

void Application::SaveEvidence() {
  if (!evidence_read_) return;
  const absl::Status status = store_->PutNote(kEvidenceNotes, "", evidence_.Serialize());
  if (!status.ok())
    LogWarning("what was learned of hits is not saved", {{"why", status.message()}});
}

void Application::RequestRecovery() {
  {
    MutexLock lock(&recovery_mutex_);
    recovery_due_ = true;
  }
  recovery_asked_.Signal();
}

void Application::RecoverWhenAsked() {
  while (!stopping_) {
    {
      MutexLock lock(&recovery_mutex_);
      while (!recovery_due_ && !stopping_) recovery_asked_.Wait(&recovery_mutex_);
      recovery_due_ = false;
    }
    if (stopping_) return;
    const absl::Status status = cache_->Recover(stopping_);
    if (status.ok() || stopping_) continue;
    LogError("recovery failed, will be tried again", {{"error", status.message()}});
    MutexLock lock(&recovery_mutex_);
    recovery_due_ = true;
    if (!stopping_) recovery_asked_.WaitFor(&recovery_mutex_, kRecoveryRetry);
  }
}

void Application::WatchMemory() {
  memory_watch_->Look();
  if (memory_watch_->step() < MemoryStep::kEvict) return;
  if (++looks_while_short_ % kLooksATrim == 0) malloc_trim(0);
}

}  // namespace semcached
