#include "semcached/base/series.h"

#include <absl/strings/ascii.h>

#include <utility>

namespace semcached {
namespace {

// Takes `c` off the front, if it is there.
bool Consume(char c, std::string_view* text) {
  if (text->empty() || text->front() != c) return false;
  text->remove_prefix(1);
  return true;
}

void SkipBlanks(std::string_view* text) {
  while (!text->empty() && (text->front() == ' ' || text->front() == '\t')) text->remove_prefix(1);
}

bool IsNameByte(char c, bool first) {
  return absl::ascii_isalpha(static_cast<unsigned char>(c)) || c == '_' || c == ':' ||
         (!first && absl::ascii_isdigit(static_cast<unsigned char>(c)));
}

std::string_view ConsumeName(std::string_view* text) {
  const std::string_view name = SeriesNameIn(*text);
  text->remove_prefix(name.size());
  return name;
}

// A value in double quotes; \\, \" and \n are the escapes.
std::optional<std::string> ConsumeQuoted(std::string_view* text) {
  if (!Consume('"', text)) return std::nullopt;
  std::string value;
  while (!text->empty()) {
    char c = text->front();
    text->remove_prefix(1);
    if (c == '"') return value;
    if (c == '\n') return std::nullopt;
    if (c == '\\') {
      if (text->empty()) return std::nullopt;
      c = text->front() == 'n' ? '\n' : text->front();
      text->remove_prefix(1);
    }
    value.push_back(c);
  }
  return std::nullopt;
}

}  // namespace

std::string_view SeriesNameIn(std::string_view text) {
  size_t end = 0;
  while (end < text.size() && IsNameByte(text[end], end == 0)) ++end;
  return text.substr(0, end);
}

bool Series::Matches(const Series& pattern) const {
  if (name != pattern.name) return false;
  for (const auto& [label, value] : pattern.labels) {
    const auto found = labels.find(label);
    if (found == labels.end() || found->second != value) return false;
  }
  return true;
}

std::optional<Series> ConsumeSeries(std::string_view* text) {
  Series series;
  series.name = std::string(ConsumeName(text));
  if (series.name.empty()) return std::nullopt;
  SkipBlanks(text);
  if (!Consume('{', text)) return series;
  for (SkipBlanks(text); !Consume('}', text); SkipBlanks(text)) {
    const std::string_view label = ConsumeName(text);
    if (label.empty()) return std::nullopt;
    SkipBlanks(text);
    if (!Consume('=', text)) return std::nullopt;
    SkipBlanks(text);
    std::optional<std::string> value = ConsumeQuoted(text);
    if (!value || !series.labels.emplace(label, *std::move(value)).second) return std::nullopt;
    SkipBlanks(text);
    if (Consume(',', text)) continue;
    if (text->empty() || text->front() != '}') return std::nullopt;
  }
  return series;
}

}  // namespace semcached
