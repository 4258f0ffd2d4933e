// The evidence of error budgets as a store may give it back: read whole or not at all, and usable.
//
// The input is the note without its checksum.
#include <string>

#include "fuzz/fuzz.h"
#include "semcached/policy/evidence.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace semcached;
  const std::string bytes(AsText(data, size));
  EvidenceBook book;
  book.Parse(bytes).IgnoreError();
  const std::string empty = book.Serialize();
  if (!book.Parse(Sealed(bytes)).ok()) {
    Require(book.Serialize() == empty, "what is refused leaves nothing behind");
    return 0;
  }
  const std::string kept = book.Serialize();
  EvidenceBook again;
  Require(again.Parse(kept).ok(), "what is written can be read");
  Require(again.Serialize() == kept, "evidence stays the same");
  const MonotonicTime now = absl::Hours(1);
  again.Observe("code", "mini@1/2", 0.9, HitVerdict::kWrong, VerdictSource::kFeedback, now);
  again.ObserveServed("code", "mini@1/2", 0.9);
  again.ForgetOld("code", "mini@1/2", 0.5);
  Require(again.Parse(again.Serialize()).ok(), "evidence that goes on can be read");
  return 0;
}
