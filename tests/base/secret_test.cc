#include "semcached/base/secret.h"

#include <gtest/gtest.h>

#include <string>

namespace semcached {
namespace {

TEST(SecretTest, TokensAreLongAndDifferAndHashesAreWrittenAndRead) {
  const std::string token = NewToken();
  EXPECT_EQ(token.size(), 43U);
  EXPECT_NE(token, NewToken());
  const std::string hash = ToHex(Sha256("abc"));
  EXPECT_EQ(hash,
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");  // FIPS 180-4
  EXPECT_EQ(Sha256FromHex(hash), Sha256("abc"));
  EXPECT_EQ(Sha256FromHex(hash.substr(1)), std::nullopt);
  EXPECT_EQ(Sha256FromHex("x" + hash.substr(1)), std::nullopt);
}

}  // namespace
}  // namespace semcached
