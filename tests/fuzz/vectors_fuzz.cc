// The file of embedded examples as a disk may give it back: read whole or not at all.
//
// The input is the file without its checksum.
#include <string>

#include "cache/vector_file.h"
#include "fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace semcached;
  constexpr std::string_view kIdentity = "axes@1/2";
  const std::string bytes(AsText(data, size));
  DecodeVectorFile(bytes, kIdentity);
  const VectorsByText vectors = DecodeVectorFile(Sealed(bytes), kIdentity);
  const VectorsByText again = DecodeVectorFile(EncodeVectorFile(kIdentity, vectors), kIdentity);
  Require(again.size() == vectors.size(), "what is written can be read");
  for (const auto& [text, vector] : vectors) {
    Require(again.at(text).size() == vector.size(), "a vector stays the same");
  }
  return 0;
}
