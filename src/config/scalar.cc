#include "config/scalar.h"

#include <absl/strings/ascii.h>
#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/strip.h>

#include <algorithm>
#include <charconv>
#include <limits>
#include <numeric>
#include <vector>

namespace semcached {
namespace {

struct DurationUnit {
  absl::string_view name;
  absl::Duration length;
};

struct SizeUnit {
  absl::string_view name;
  int64_t bytes;
};

// From the largest down.
const DurationUnit kDurationUnits[] = {
    {"w", absl::Hours(7 * 24)}, {"d", absl::Hours(24)},  {"h", absl::Hours(1)},
    {"m", absl::Minutes(1)},    {"s", absl::Seconds(1)}, {"ms", absl::Milliseconds(1)},
};
constexpr SizeUnit kSizeUnits[] = {
    {"TiB", int64_t{1} << 40},
    {"GiB", int64_t{1} << 30},
    {"MiB", int64_t{1} << 20},
    {"KiB", int64_t{1} << 10},
    {"B", 1},
};

bool IsDigits(absl::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), absl::ascii_isdigit);
}

size_t LeadingDigits(absl::string_view text) {
  return std::find_if_not(text.begin(), text.end(), absl::ascii_isdigit) - text.begin();
}

}  // namespace

std::optional<int64_t> DecodeInteger(absl::string_view text) {
  absl::string_view digits = text;
  const bool negative = absl::ConsumePrefix(&digits, "-");
  if (!IsDigits(digits) || (digits.size() > 1 && digits[0] == '0')) return std::nullopt;
  int64_t value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  if (read.ec == std::errc()) return value;
  return negative ? std::numeric_limits<int64_t>::min() : std::numeric_limits<int64_t>::max();
}

std::optional<double> DecodeNumber(absl::string_view text) {
  absl::string_view rest = absl::StripPrefix(text, "-");
  const size_t whole = LeadingDigits(rest);
  if (whole == 0) return std::nullopt;
  rest.remove_prefix(whole);
  if (absl::ConsumePrefix(&rest, ".")) {
    const size_t fraction = LeadingDigits(rest);
    if (fraction == 0) return std::nullopt;
    rest.remove_prefix(fraction);
  }
  if (!rest.empty() || text.size() > 64) return std::nullopt;  // 64: neither over- nor underflows
  double value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

std::optional<absl::Duration> DecodeDuration(absl::string_view text) {
  const size_t end = text.find_first_not_of("0123456789.");
  if (end == absl::string_view::npos) return std::nullopt;
  const std::optional<double> number = DecodeNumber(text.substr(0, end));
  if (!number) return std::nullopt;
  for (const DurationUnit& unit : kDurationUnits) {
    if (text.substr(end) == unit.name) return unit.length * *number;
  }
  return std::nullopt;
}

std::optional<int64_t> DecodeSize(absl::string_view text) {
  const size_t end = LeadingDigits(text);
  const std::optional<int64_t> number = DecodeInteger(text.substr(0, end));
  if (!number) return std::nullopt;
  for (const SizeUnit& unit : kSizeUnits) {
    if (text.substr(end) != unit.name) continue;
    constexpr int64_t kMost = std::numeric_limits<int64_t>::max();
    return *number > kMost / unit.bytes ? kMost : *number * unit.bytes;
  }
  return std::nullopt;
}

std::optional<bool> DecodeBool(absl::string_view text) {
  if (text == "true") return true;
  if (text == "false") return false;
  return std::nullopt;
}

std::optional<int> DecodeFileMode(absl::string_view text) {
  if (text.size() != 4 || text[0] != '0') return std::nullopt;
  int mode = 0;
  for (const char c : text) {
    if (c < '0' || c > '7') return std::nullopt;
    mode = mode * 8 + (c - '0');
  }
  return mode;
}

bool IsHostAndPort(absl::string_view text) {
  const size_t colon = text.rfind(':');
  if (colon == absl::string_view::npos) return false;
  absl::string_view host = text.substr(0, colon);
  if (absl::ConsumePrefix(&host, "[")) {
    if (!absl::ConsumeSuffix(&host, "]") || !absl::StrContains(host, ':')) return false;
    if (host.find_first_not_of("0123456789abcdefABCDEF:.") != absl::string_view::npos) return false;
  } else {
    const auto fits = [](char c) { return absl::ascii_isalnum(c) || c == '-' || c == '.'; };
    if (host.empty() || !std::all_of(host.begin(), host.end(), fits)) return false;
  }
  const std::optional<int64_t> port = DecodeInteger(text.substr(colon + 1));
  return port && *port >= 0 && *port <= 65535;
}

bool IsName(absl::string_view text) {
  const auto fits = [](char c) {
    return absl::ascii_islower(c) || absl::ascii_isdigit(c) || c == '-';
  };
  return !text.empty() && text.size() <= 64 && text[0] != '-' &&
         std::all_of(text.begin(), text.end(), fits);
}

std::string WriteDuration(absl::Duration duration) {
  if (duration == absl::ZeroDuration()) return "0s";
  for (const DurationUnit& unit : kDurationUnits) {
    absl::Duration rest;
    const int64_t count = absl::IDivDuration(duration, unit.length, &rest);
    if (rest == absl::ZeroDuration()) return absl::StrCat(count, unit.name);
  }
  return absl::StrCat(absl::ToDoubleMilliseconds(duration), "ms");
}

std::string WriteSize(int64_t bytes) {
  for (const SizeUnit& unit : kSizeUnits) {
    if (bytes % unit.bytes == 0 && bytes != 0) return absl::StrCat(bytes / unit.bytes, unit.name);
  }
  return "0B";
}

size_t EditDistance(absl::string_view a, absl::string_view b) {
  std::vector<size_t> row(b.size() + 1);  // distances of a[0, i) to each prefix of b
  std::iota(row.begin(), row.end(), size_t{0});
  for (size_t i = 0; i < a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i + 1;
    for (size_t j = 0; j < b.size(); ++j) {
      const size_t changed = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({changed, row[j] + 1, row[j + 1] + 1});
    }
  }
  return row[b.size()];
}

}  // namespace semcached
