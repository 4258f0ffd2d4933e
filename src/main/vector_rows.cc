#include "main/vector_rows.h"

#include <absl/strings/str_cat.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <numeric>
#include <system_error>

namespace semcached {
namespace {

constexpr double kTolerance = 1e-3;  // of the square of a length

}  // namespace

absl::StatusOr<VectorRows> VectorRows::Read(const std::string& file, int dimension) {
  const auto row_bytes = static_cast<uintmax_t>(dimension) * sizeof(float);
  std::error_code error;
  const uintmax_t bytes = std::filesystem::file_size(file, error);
  if (error) return absl::NotFoundError(absl::StrCat(file, ": ", error.message()));
  if (bytes == 0 || bytes % row_bytes != 0) {
    return absl::InvalidArgumentError(absl::StrCat(file, ": has ", bytes, " bytes; rows of ",
                                                   dimension, " float32 take ", row_bytes,
                                                   " each; --dimension says how many components"));
  }
  std::vector<float> values(bytes / sizeof(float));
  std::ifstream input(file, std::ios::binary);
  if (!input.read(reinterpret_cast<char*>(values.data()), static_cast<std::streamsize>(bytes))) {
    return absl::NotFoundError(absl::StrCat(file, ": cannot be read"));
  }
  VectorRows rows(std::move(values), static_cast<size_t>(dimension));
  for (int64_t row = 0; row < rows.count(); ++row) {
    const absl::Span<const float> vector = rows.Row(row);
    const double square = std::inner_product(vector.begin(), vector.end(), vector.begin(), 0.0);
    if (std::abs(square - 1) < kTolerance) continue;
    return absl::InvalidArgumentError(absl::StrCat(
        file, ": row ", row, " has the length ", std::sqrt(square),
        "; wanted are vectors of length 1, of ", dimension, " components (--dimension)"));
  }
  return rows;
}

}  // namespace semcached
