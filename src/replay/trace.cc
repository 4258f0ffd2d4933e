#include "semcached/replay/trace.h"

#include <absl/strings/ascii.h>
#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_split.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>
#include <random>
#include <utility>

#include "semcached/base/status.h"

namespace semcached {
namespace {

// As its lines tell it: times since anything.
struct Row {
  absl::Duration at;
  int64_t input_tokens = 0;
  int64_t output_tokens = 0;
};

// How the columns of a CSV are found and read.
class CsvFormat {
 public:
  static std::optional<CsvFormat> OfHead(const std::string& head) {
    const std::vector<std::string> names = absl::StrSplit(head, ',');
    CsvFormat format;
    for (size_t i = 0; i < names.size(); ++i) {
      const std::string name = absl::AsciiStrToLower(absl::StripAsciiWhitespace(names[i]));
      if (name == "timestamp") format.time_ = i;
      if (name == "contexttokens" || name == "request tokens") format.input_ = i;
      if (name == "generatedtokens" || name == "response tokens") format.output_ = i;
    }
    if (!format.time_ || !format.input_ || !format.output_) return std::nullopt;
    return format;
  }

  std::optional<Row> Read(const std::string& line) const {
    const std::vector<std::string> fields = absl::StrSplit(line, ',');
    if (fields.size() <= std::max({*time_, *input_, *output_})) return std::nullopt;
    Row row;
    if (!ReadTime(fields[*time_], &row.at)) return std::nullopt;
    if (!absl::SimpleAtoi(fields[*input_], &row.input_tokens)) return std::nullopt;
    if (!absl::SimpleAtoi(fields[*output_], &row.output_tokens)) return std::nullopt;
    return row;
  }

 private:
  // Seconds, or a date and a time of day.
  static bool ReadTime(const std::string& text, absl::Duration* at) {
    if (double seconds = 0; absl::SimpleAtod(text, &seconds) && std::isfinite(seconds)) {
      *at = absl::Seconds(seconds);
      return true;
    }
    absl::Time time;
    if (!absl::ParseTime("%Y-%m-%d %H:%M:%E*S", text, &time, nullptr)) return false;
    *at = time - absl::UnixEpoch();
    return true;
  }

  std::optional<size_t> time_, input_, output_;
};

std::optional<Row> ReadObject(const std::string& line) {
  try {
    const auto object = nlohmann::json::parse(line.begin(), line.end());
    return Row{absl::Milliseconds(object.at("timestamp").get<int64_t>()),
               object.at("input_length").get<int64_t>(), object.at("output_length").get<int64_t>()};
  } catch (const nlohmann::json::exception&) {
    return std::nullopt;
  }
}

absl::StatusOr<Arrivals> FromRows(std::vector<Row> rows, const std::string& file) {
  std::erase_if(rows, [](const Row& row) { return row.output_tokens < 1; });
  if (rows.empty()) return absl::InvalidArgumentError(absl::StrCat(file, ": has no arrival"));
  std::stable_sort(rows.begin(), rows.end(),
                   [](const Row& a, const Row& b) { return a.at < b.at; });
  Arrivals arrivals;
  arrivals.reserve(rows.size());
  for (const Row& row : rows) {
    arrivals.push_back({row.at - rows.front().at, row.input_tokens, row.output_tokens});
  }
  return arrivals;
}

}  // namespace

absl::StatusOr<Arrivals> ParseTrace(std::istream& input, const std::string& file) {
  std::string line;
  std::getline(input, line);
  absl::StripTrailingAsciiWhitespace(&line);
  const bool objects = !line.empty() && line.front() == '{';
  const std::optional<CsvFormat> csv = CsvFormat::OfHead(line);
  if (!objects && !csv) {
    return absl::InvalidArgumentError(absl::StrCat(
        file,
        ":1: is the head of no known trace; should be TIMESTAMP,ContextTokens,"
        "GeneratedTokens (Azure), have the columns Timestamp, Request tokens and Response "
        "tokens (BurstGPT), or be an object with timestamp, input_length and output_length "
        "(Mooncake)"));
  }
  std::vector<Row> rows;
  size_t number = 1;
  for (bool more = objects || std::getline(input, line); more;
       more = static_cast<bool>(std::getline(input, line))) {
    if (!objects || !rows.empty()) ++number;
    absl::StripTrailingAsciiWhitespace(&line);
    if (line.empty()) continue;
    const std::optional<Row> row = objects ? ReadObject(line) : csv->Read(line);
    if (!row || row->input_tokens < 0 || row->output_tokens < 0) {
      return absl::InvalidArgumentError(
          absl::StrCat(file, ":", number, ": is no arrival: \"", line.substr(0, 80),
                       "\"; should have a time and counts of input and output tokens"));
    }
    rows.push_back(*row);
  }
  return FromRows(std::move(rows), file);
}

absl::StatusOr<Arrivals> ReadTrace(const std::string& file) {
  std::ifstream input(file);
  if (!input) return absl::NotFoundError(absl::StrCat(file, ": cannot be read"));
  return ParseTrace(input, file);
}

Arrivals MakeArrivals(const MadeArrivals& made, uint64_t seed) {
  constexpr double kDeviation = 0.8;
  std::mt19937_64 random(seed);
  std::normal_distribution<double> normal(0, kDeviation);
  const auto tokens = [&](double mean) {
    const double value = mean * std::exp(normal(random) - kDeviation * kDeviation / 2);
    return std::max<int64_t>(1, std::llround(value));
  };
  const auto rate_at = [&made](absl::Duration at) {
    const bool burst = std::any_of(made.bursts.begin(), made.bursts.end(), [at](const auto& one) {
      return one.begin <= at && at < one.end;
    });
    return burst ? made.burst_rate : made.calm_rate;
  };
  // Candidates at the higher rate, of which those beyond the rate of their moment are dropped.
  const double highest = std::max(made.calm_rate, made.burst_rate);
  std::exponential_distribution<double> gap(highest);
  std::uniform_real_distribution<double> share(0, 1);
  Arrivals arrivals;
  absl::Duration at;
  while ((at += absl::Seconds(gap(random))) < made.length) {
    if (share(random) * highest >= rate_at(at)) continue;
    const int64_t input = tokens(made.mean_input_tokens);
    arrivals.push_back({at, input, tokens(made.mean_output_tokens)});
  }
  return arrivals;
}

}  // namespace semcached
