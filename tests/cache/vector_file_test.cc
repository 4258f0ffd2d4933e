#include "cache/vector_file.h"

#include <gtest/gtest.h>

#include <string>

#include "semcached/base/hash.h"

namespace semcached {
namespace {

constexpr char kIdentity[] = "axes@1/2";

std::string Sealed(std::string bytes) {
  const uint32_t crc = Crc32(bytes);
  return bytes.append(reinterpret_cast<const char*>(&crc), sizeof(crc));
}

TEST(VectorFileTest, WhatIsEncodedDecodesToTheSame) {
  // The second is a text that its embedder cannot tell from others. Found by fuzzing: for no values
  // memcpy() was given a null pointer, which is undefined.
  const VectorsByText vectors = {{"a text", {1, 0}}, {"another", {}}};
  EXPECT_EQ(DecodeVectorFile(EncodeVectorFile(kIdentity, vectors), kIdentity), vectors);
}

TEST(VectorFileTest, AnotherIdentityHasNothing) {
  const std::string file = EncodeVectorFile(kIdentity, {{"a text", {1, 0}}});
  EXPECT_TRUE(DecodeVectorFile(file, "axes@2/2").empty());
}

TEST(VectorFileTest, DamageLeavesNothing) {
  const std::string file = EncodeVectorFile(kIdentity, {{"a text", {1, 0}}});
  for (size_t size = 0; size < file.size(); ++size) {
    EXPECT_TRUE(DecodeVectorFile(file.substr(0, size), kIdentity).empty()) << size;
  }
  const std::string body = file.substr(0, file.size() - sizeof(uint32_t));
  EXPECT_FALSE(DecodeVectorFile(Sealed(body), kIdentity).empty());
  EXPECT_TRUE(DecodeVectorFile(Sealed(body.substr(0, body.size() - 1)), kIdentity).empty());
}

TEST(VectorFileTest, AVectorOfHalfAFloatIsDamage) {
  std::string bytes = EncodeVectorFile(kIdentity, {});
  bytes.resize(bytes.size() - sizeof(uint32_t));
  AppendLengthPrefixed("a text", &bytes);
  AppendLengthPrefixed("six by", &bytes);
  EXPECT_TRUE(DecodeVectorFile(Sealed(bytes), kIdentity).empty());
}

}  // namespace
}  // namespace semcached
