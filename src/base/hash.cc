#include "semcached/base/hash.h"

#include <absl/strings/str_cat.h>
#include <libdeflate.h>
#include <sodium.h>

#include <bit>

namespace semcached {

static_assert(std::endian::native == std::endian::little, "lengths are hashed as they lie");
static_assert(crypto_shorthash_siphashx24_KEYBYTES == std::tuple_size_v<HashKey>);
static_assert(crypto_shorthash_siphashx24_BYTES == sizeof(Hash128));

Hash128 KeyedHash(const HashKey& key, std::string_view bytes) {
  Hash128 hash;
  crypto_shorthash_siphashx24(reinterpret_cast<unsigned char*>(&hash),
                              reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
                              key.data());
  return hash;
}

std::string Hex(const Hash128& hash) {
  return absl::StrCat(absl::Hex(hash.high, absl::kZeroPad16),
                      absl::Hex(hash.low, absl::kZeroPad16));
}

uint32_t Crc32(std::string_view bytes) { return libdeflate_crc32(0, bytes.data(), bytes.size()); }

void AppendLengthPrefixed(std::string_view field, std::string* out) {
  const uint64_t size = field.size();
  out->append(reinterpret_cast<const char*>(&size), sizeof(size));
  out->append(field);
}

}  // namespace semcached
