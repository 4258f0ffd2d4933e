// The small languages that configuration values are written in. Pure functions.
#ifndef SEMCACHED_CONFIG_SCALAR_H_
#define SEMCACHED_CONFIG_SCALAR_H_

#include <absl/strings/string_view.h>
#include <absl/time/time.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace semcached {

// Each returns nullopt for what is not written as it says, whatever its size: out of range is for
// the caller to judge, and what does not fit the type is the type's largest value.

// Digits, with a minus or without. No leading zeros: YAML 1.1 would read them as octal.
std::optional<int64_t> DecodeInteger(absl::string_view text);

// Digits, with a minus and a fraction or without. No exponent, no infinity.
std::optional<double> DecodeNumber(absl::string_view text);

// Digits, with a fraction or without, and a unit: ms, s, m, h, d, w. Never negative.
std::optional<absl::Duration> DecodeDuration(absl::string_view text);

// Digits and a unit: B, KiB, MiB, GiB, TiB.
std::optional<int64_t> DecodeSize(absl::string_view text);

// "true" or "false".
std::optional<bool> DecodeBool(absl::string_view text);

// A 0 and three octal digits, e.g. 0660; without the 0 it may be meant as decimal.
std::optional<int> DecodeFileMode(absl::string_view text);

// host:port, with [] around an IPv6 address; port 0 to 65535.
bool IsHostAndPort(absl::string_view text);

// [a-z0-9][a-z0-9-]{0,63}: a category or an embedder.
bool IsName(absl::string_view text);
inline constexpr const char* kNameAllowed = "1 to 64 of a-z, 0-9 and -, not beginning with -";

// As the decoders above read it, in the largest unit that leaves a whole number.
std::string WriteDuration(absl::Duration duration);
std::string WriteSize(int64_t bytes);

// The fewest letters to insert, drop or change between the two (Levenshtein, 1965).
size_t EditDistance(absl::string_view a, absl::string_view b);

}  // namespace semcached

#endif  // SEMCACHED_CONFIG_SCALAR_H_
