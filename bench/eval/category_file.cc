#include "eval/category_file.h"

#include <absl/strings/ascii.h>
#include <absl/strings/str_cat.h>

#include <sstream>

namespace semcached::eval {
namespace {

// What opens a top-level key: neither space, comment, nor an item of a list.
bool OpensKey(const std::string& line) {
  return !line.empty() && absl::ascii_isalpha(static_cast<unsigned char>(line.front()));
}

}  // namespace

std::string Override(const std::string& yaml, const Overrides& overrides) {
  std::string result;
  bool left_out = false;
  std::istringstream lines(yaml);
  for (std::string line; std::getline(lines, line);) {
    if (OpensKey(line)) left_out = overrides.contains(line.substr(0, line.find(':')));
    if (!left_out) absl::StrAppend(&result, line, "\n");
  }
  for (const auto& [key, value] : overrides) {
    if (!value.empty()) absl::StrAppend(&result, key, ": ", value, "\n");
  }
  return result;
}

}  // namespace semcached::eval
