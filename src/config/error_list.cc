#include "config/error_list.h"

#include <absl/strings/str_cat.h>

#include <algorithm>
#include <iterator>

namespace semcached {
namespace {

constexpr size_t kMostErrors = 1000;

}  // namespace

std::string ConfigError::ToString() const {
  std::string text = file;
  if (line > 0) absl::StrAppend(&text, ":", line);
  if (!key.empty()) absl::StrAppend(&text, ": ", key);
  return absl::StrCat(text, ": ", message);
}

std::string ToString(const std::vector<ConfigError>& errors) {
  std::string text;
  for (const ConfigError& error : errors) absl::StrAppend(&text, error.ToString(), "\n");
  return text;
}

void ErrorList::Add(int line, std::string key, std::string message) {
  if (errors_.size() < kMostErrors) {
    errors_.push_back({file_, line, std::move(key), std::move(message)});
  } else {
    has_more_ = true;
  }
}

void ErrorList::MoveTo(std::vector<ConfigError>* out) {
  std::stable_sort(errors_.begin(), errors_.end(),
                   [](const ConfigError& a, const ConfigError& b) { return a.line < b.line; });
  std::move(errors_.begin(), errors_.end(), std::back_inserter(*out));
  errors_.clear();
  if (std::exchange(has_more_, false)) {
    out->push_back(
        {file_, 0, "", absl::StrCat("has more errors than the ", kMostErrors, " above")});
  }
}

}  // namespace semcached
