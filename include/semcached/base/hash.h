// Keyed hashing, and the unambiguous bytes that are hashed.
#ifndef SEMCACHED_BASE_HASH_H_
#define SEMCACHED_BASE_HASH_H_

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace semcached {

// A secret of 16 random bytes: without it nobody can search for two texts of one hash.
using HashKey = std::array<uint8_t, 16>;

struct Hash128 {
  uint64_t high = 0;
  uint64_t low = 0;

  friend bool operator==(const Hash128&, const Hash128&) = default;
  template <typename H>
  friend H AbslHashValue(H state, const Hash128& hash) {
    return H::combine(std::move(state), hash.high, hash.low);
  }
};

// SipHash-2-4 with 128 bits of output (Aumasson and Bernstein, 2012).
Hash128 KeyedHash(const HashKey& key, std::string_view bytes);

// CRC-32 (IEEE 802.3) of `bytes`; finds damage, not malice.
uint32_t Crc32(std::string_view bytes);

// In 32 digits.
std::string Hex(const Hash128& hash);

// Appends `field` behind its length (8 bytes, little endian), so that no two different sequences of
// fields give the same bytes, whatever the fields contain.
void AppendLengthPrefixed(std::string_view field, std::string* out);

}  // namespace semcached

#endif  // SEMCACHED_BASE_HASH_H_
