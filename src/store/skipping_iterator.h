// A walk over all keys that goes past damaged blocks.
#ifndef SEMCACHED_STORE_SKIPPING_ITERATOR_H_
#define SEMCACHED_STORE_SKIPPING_ITERATOR_H_

#include <absl/status/status.h>
#include <rocksdb/iterator.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "semcached/base/types.h"
#include "semcached/store/document_store.h"

namespace semcached {

// RocksDB ends an iterator at the first block that fails its check. This one looks for the next key
// from which it can be read on: keys are numbers, so a search by doubling and halving finds it
// within some hundred seeks.
//
//   for (SkippingIterator it(...); it.Valid(); it.Next()) ...
//   if (!it.status().ok()) ...
class SkippingIterator {
 public:
  using Source = std::function<std::unique_ptr<rocksdb::Iterator>()>;

  // Over the keys of `range`.
  SkippingIterator(const IdRange& range, Source source);

  bool Valid() const { return iterator_->Valid() && status_.ok() && !PastEnd(); }
  void Next();

  std::string_view key() const { return iterator_->key().ToStringView(); }
  std::string_view value() const { return iterator_->value().ToStringView(); }

  // DataLoss: too many blocks are damaged. Unavailable: the disk cannot be read.
  const absl::Status& status() const { return status_; }
  int64_t skipped_blocks() const { return skipped_blocks_; }

 private:
  bool PastEnd() const { return !end_.empty() && key() >= end_; }
  // True if it can be read from `id` on, be it that there is nothing more to read.
  bool Seek(EntryId id);
  // Moves to the first key from which it can be read on; false if there is none.
  bool Skip();
  // Leaves the iterator at a key, or at the end with status() set.
  void Settle();

  const std::string end_;  // the first key behind the range; empty: none is
  const Source source_;
  std::unique_ptr<rocksdb::Iterator> iterator_;
  EntryId next_;  // no smaller key is still to come
  int64_t skipped_blocks_ = 0;
  absl::Status status_;
};

}  // namespace semcached

#endif  // SEMCACHED_STORE_SKIPPING_ITERATOR_H_
