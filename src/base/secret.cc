#include "semcached/base/secret.h"

#include <sodium.h>

#include <cstdlib>

#include "semcached/base/random.h"

namespace semcached {
namespace {

constexpr size_t kTokenBytes = 32;

static_assert(crypto_hash_sha256_BYTES == std::tuple_size_v<Sha256Hash>);

}  // namespace

Sha256Hash Sha256(std::string_view bytes) {
  Sha256Hash hash;
  crypto_hash_sha256(hash.data(), reinterpret_cast<const unsigned char*>(bytes.data()),
                     bytes.size());
  return hash;
}

bool EqualInConstantTime(const Sha256Hash& one, const Sha256Hash& other) {
  return sodium_memcmp(one.data(), other.data(), one.size()) == 0;
}

std::string ToHex(const Sha256Hash& hash) {
  std::string text(2 * hash.size() + 1, '\0');
  sodium_bin2hex(text.data(), text.size(), hash.data(), hash.size());
  text.pop_back();  // its closing zero
  return text;
}

std::optional<Sha256Hash> Sha256FromHex(std::string_view text) {
  Sha256Hash hash;
  size_t length = 0;
  if (text.size() != 2 * hash.size() ||
      sodium_hex2bin(hash.data(), hash.size(), text.data(), text.size(), nullptr, &length,
                     nullptr) != 0 ||
      length != hash.size()) {
    return std::nullopt;
  }
  return hash;
}

std::string NewToken() {
  SystemRandom();  // readies the library
  unsigned char bytes[kTokenBytes];
  randombytes_buf(bytes, sizeof(bytes));
  constexpr int kVariant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
  std::string token(sodium_base64_encoded_len(kTokenBytes, kVariant), '\0');
  sodium_bin2base64(token.data(), token.size(), bytes, sizeof(bytes), kVariant);
  token.pop_back();  // its closing zero
  return token;
}

}  // namespace semcached
