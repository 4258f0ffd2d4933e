// What the fuzz targets share. A target is given bytes as an outsider may send or leave them, and
// ends the process where something that was promised does not hold.
#ifndef SEMCACHED_TESTS_FUZZ_FUZZ_H_
#define SEMCACHED_TESTS_FUZZ_FUZZ_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "semcached/base/hash.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

namespace semcached {

inline std::string_view AsText(const uint8_t* data, size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

// Whoever runs the target keeps the input.
inline void Require(bool holds, std::string_view promise) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %.*s\n", static_cast<int>(promise.size()), promise.data());
  std::abort();
}

// With the checksum that our files end with, which random bytes never hit.
inline std::string Sealed(std::string bytes) {
  const uint32_t crc = Crc32(bytes);
  return bytes.append(reinterpret_cast<const char*>(&crc), sizeof(crc));
}

// Takes what stands before the first `mark`, and the mark; all, if there is none.
inline std::string_view TakeUntil(char mark, std::string_view* rest) {
  const size_t end = std::min(rest->find(mark), rest->size());
  const std::string_view taken = rest->substr(0, end);
  rest->remove_prefix(std::min(end + 1, rest->size()));
  return taken;
}

}  // namespace semcached

#endif  // SEMCACHED_TESTS_FUZZ_FUZZ_H_
