#include "policy/metrics_page.h"

#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/string_view.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

namespace semcached {
namespace {

bool AnyNamed(const std::vector<Series>& patterns, std::string_view name) {
  return std::any_of(patterns.begin(), patterns.end(),
                     [&](const Series& pattern) { return pattern.name == name; });
}

bool AnyMatched(const std::vector<Series>& patterns, const Series& series) {
  return std::any_of(patterns.begin(), patterns.end(),
                     [&](const Series& pattern) { return series.Matches(pattern); });
}

absl::Status Wrong(int line, std::string_view name, const char* what) {
  return absl::InvalidArgumentError(
      absl::StrCat("line ", line, ": ", std::string(name), " ", what));
}

std::string_view WithoutBlanks(std::string_view text) {
  return text.substr(std::min(text.find_first_not_of(" \t\r"), text.size()));
}

// What is behind the series: a value, perhaps with a time stamp behind it.
std::optional<double> ValueIn(std::string_view text) {
  text = WithoutBlanks(text);
  const std::string_view number = text.substr(0, text.find_first_of(" \t\r"));
  double value = 0;
  if (!absl::SimpleAtod(absl::string_view(number.data(), number.size()), &value)) {
    return std::nullopt;
  }
  return value;
}

}  // namespace

absl::StatusOr<MetricSamples> ReadSamples(std::string_view page,
                                          const std::vector<Series>& patterns) {
  MetricSamples samples;
  for (int number = 1; !page.empty(); ++number) {
    const size_t end = page.find('\n');
    if (end == std::string_view::npos) {
      return absl::InvalidArgumentError(
          absl::StrCat("line ", number, ": the page ends within it; it was cut off, or is none"));
    }
    std::string_view line = WithoutBlanks(page.substr(0, end));
    page.remove_prefix(end + 1);
    const std::string_view name = SeriesNameIn(line);
    if (!AnyNamed(patterns, name)) continue;
    std::optional<Series> series = ConsumeSeries(&line);
    if (!series) return Wrong(number, name, "has labels that cannot be read");
    if (!AnyMatched(patterns, *series)) continue;
    const std::optional<double> value = ValueIn(line);
    if (!value) return Wrong(number, name, "has no number");
    if (!std::isfinite(*value)) return Wrong(number, name, "is not finite");
    samples.push_back({*std::move(series), *value});
  }
  return samples;
}

std::optional<double> SumOf(const MetricSamples& samples, const Series& pattern) {
  std::optional<double> sum;
  for (const MetricSample& sample : samples) {
    if (sample.series.Matches(pattern)) sum = sum.value_or(0) + sample.value;
  }
  return sum;
}

std::optional<double> HighestOf(const MetricSamples& samples, const Series& pattern) {
  std::optional<double> highest;
  for (const MetricSample& sample : samples) {
    if (!sample.series.Matches(pattern)) continue;
    highest = highest ? std::max(*highest, sample.value) : sample.value;
  }
  return highest;
}

}  // namespace semcached
