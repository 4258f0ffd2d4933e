// Tokens that callers prove themselves with.
#ifndef SEMCACHED_BASE_SECRET_H_
#define SEMCACHED_BASE_SECRET_H_

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace semcached {

using Sha256Hash = std::array<uint8_t, 32>;

// SHA-256 (FIPS 180-4). Enough for a token of 256 random bits, never for a password.
Sha256Hash Sha256(std::string_view bytes);

// Takes equally long wherever the two differ.
bool EqualInConstantTime(const Sha256Hash& one, const Sha256Hash& other);

// 64 hexadecimal digits.
std::string ToHex(const Sha256Hash& hash);
std::optional<Sha256Hash> Sha256FromHex(std::string_view text);

// 256 bits from the operating system, as 43 characters of A-Z, a-z, 0-9, - and _.
std::string NewToken();

}  // namespace semcached

#endif  // SEMCACHED_BASE_SECRET_H_
