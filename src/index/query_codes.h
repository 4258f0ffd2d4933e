// A query in the forms that the parts of an index compare with.
#ifndef SEMCACHED_SRC_INDEX_QUERY_CODES_H_
#define SEMCACHED_SRC_INDEX_QUERY_CODES_H_

#include <absl/types/span.h>

#include <utility>

#include "index/compact_vector.h"
#include "index/rotation.h"

namespace semcached {

struct QueryCodes {
  explicit QueryCodes(RotatedVector query) : rotated(std::move(query)), fine(rotated) {}
  QueryCodes(const Rotation& rotation, absl::Span<const float> query)
      : QueryCodes(rotation.Apply(query)) {}

  const RotatedVector rotated;  // for what is coded in signs
  const CompactQuery fine;      // for what a scan or a graph proposes
};

}  // namespace semcached

#endif  // SEMCACHED_SRC_INDEX_QUERY_CODES_H_
