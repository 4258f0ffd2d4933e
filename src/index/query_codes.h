// A query in the forms that the parts of an index compare with.
#ifndef SEMCACHED_SRC_INDEX_QUERY_CODES_H_
#define SEMCACHED_SRC_INDEX_QUERY_CODES_H_

#include <absl/types/span.h>

#include "index/compact_vector.h"
#include "index/rotation.h"

namespace semcached {

struct QueryCodes {
  QueryCodes(const Rotation& rotation, absl::Span<const float> query)
      : rotated(rotation.Apply(query)), fine(rotated) {}

  const RotatedVector rotated;  // for a scan of signs
  const CompactQuery fine;      // for what a scan or a graph proposes
};

}  // namespace semcached

#endif  // SEMCACHED_SRC_INDEX_QUERY_CODES_H_
