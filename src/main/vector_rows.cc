#include "main/vector_rows.h"

#include <absl/strings/str_cat.h>

#include <filesystem>
#include <fstream>
#include <system_error>

namespace semcached {

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
  return VectorRows(std::move(values), static_cast<size_t>(dimension));
}

}  // namespace semcached
