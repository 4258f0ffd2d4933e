#include "store/skipping_iterator.h"

#include <absl/strings/str_cat.h>

#include <limits>
#include <optional>
#include <utility>

#include "store/entry_codec.h"
#include "store/rocksdb_options.h"

namespace semcached {
namespace {

constexpr EntryId kLast = std::numeric_limits<EntryId>::max();
constexpr int64_t kMostBlocks = 1000;  // of a range; with more, starting empty is as good

}  // namespace

SkippingIterator::SkippingIterator(const IdRange& range, Source source)
    : end_(range.last == kLast ? std::string() : EncodeKey(range.last + 1)),
      source_(std::move(source)),
      iterator_(source_()),
      next_(range.first) {
  // What is no id is counted once: the first range begins with the first key of all.
  if (range.first == 0) {
    iterator_->SeekToFirst();
  } else {
    iterator_->Seek(EncodeKey(range.first));
  }
  Settle();
}

void SkippingIterator::Next() {
  if (const std::optional<EntryId> id = DecodeKey(key()); id && *id < kLast) next_ = *id + 1;
  iterator_->Next();
  Settle();
}

bool SkippingIterator::Seek(EntryId id) {
  // A fresh one each time: after damage, where an old one lands depends on where it was (7.8.3).
  iterator_ = source_();
  iterator_->Seek(EncodeKey(id));
  return iterator_->Valid() || !iterator_->status().IsCorruption();
}

bool SkippingIterator::Skip() {
  EntryId bad = next_;
  EntryId good = next_;
  for (EntryId step = 1; !Seek(good); step *= 2) {
    if (good == kLast || step == 0) return false;
    bad = good;
    good = step > kLast - next_ ? kLast : next_ + step;
  }
  while (good - bad > 1) {
    const EntryId middle = bad + (good - bad) / 2;
    (Seek(middle) ? good : bad) = middle;
  }
  next_ = good;
  Seek(good);
  return true;
}

void SkippingIterator::Settle() {
  while (!iterator_->Valid() && iterator_->status().IsCorruption()) {
    if (++skipped_blocks_ > kMostBlocks) {
      status_ = absl::DataLossError(
          absl::StrCat("gave up scanning entries after ", kMostBlocks, " damaged blocks"));
      return;
    }
    if (!Skip()) return;  // damaged up to the end: nothing more to read
  }
  if (!iterator_->Valid()) status_ = ReadStatus(iterator_->status(), "scanning entries");
}

}  // namespace semcached
