#include "semcached/store/document_store.h"

namespace semcached {

std::vector<IdRange> SplitIds(size_t count) {
  const EntryId width = std::numeric_limits<EntryId>::max() / count;
  std::vector<IdRange> ranges(count);
  for (size_t i = 1; i < count; ++i) {
    ranges[i].first = width * i;
    ranges[i - 1].last = ranges[i].first - 1;
  }
  return ranges;
}

}  // namespace semcached
