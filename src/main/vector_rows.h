#ifndef SEMCACHED_SRC_MAIN_VECTOR_ROWS_H_
#define SEMCACHED_SRC_MAIN_VECTOR_ROWS_H_

#include <absl/status/statusor.h>
#include <absl/types/span.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace semcached {

// Vectors of one file: float32 as this machine stores them, one row after the other, nothing else.
// Immutable; held in memory.
class VectorRows {
 public:
  // `dimension`: components of a row, above 0. NotFound: cannot be read. InvalidArgument: empty, no
  // whole number of rows, or a row whose length is not 1.
  static absl::StatusOr<VectorRows> Read(const std::string& file, int dimension);

  int64_t count() const { return static_cast<int64_t>(values_.size() / dimension_); }
  // `row` is below count().
  absl::Span<const float> Row(int64_t row) const {
    return absl::MakeConstSpan(values_).subspan(static_cast<size_t>(row) * dimension_, dimension_);
  }

 private:
  VectorRows(std::vector<float> values, size_t dimension)
      : values_(std::move(values)), dimension_(dimension) {}

  std::vector<float> values_;
  size_t dimension_;
};

}  // namespace semcached

#endif  // SEMCACHED_SRC_MAIN_VECTOR_ROWS_H_
