#include "config/wording.h"

#include <absl/strings/escaping.h>
#include <absl/strings/str_cat.h>

#include <algorithm>

#include "config/scalar.h"

namespace semcached {

using Kind = YamlNode::Kind;

std::string Shown(absl::string_view text) {
  constexpr size_t kMost = 60;
  size_t end = std::min(text.size(), kMost);
  // Not within a character: a message is text.
  while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return absl::StrCat(absl::Utf8SafeCHexEscape(text.substr(0, end)),
                      end < text.size() ? "..." : "");
}

std::string Shown(const YamlNode& node) {
  return node.quoted ? absl::StrCat("\"", Shown(node.text), "\"") : Shown(node.text);
}

const char* ShapeOf(const YamlNode& node) {
  switch (node.kind) {
    case Kind::kList:
      return "is a list";
    case Kind::kMap:
      return "is a map";
    default:
      return "is empty";
  }
}

std::string Between(absl::string_view what, absl::string_view least, absl::string_view most) {
  return absl::StrCat(what, " from ", least, " to ", most);
}

std::string AllowedNumber(const NumberRange& range) {
  if (!range.above_least && !range.below_most) {
    return Between("a number", absl::StrCat(range.least), absl::StrCat(range.most));
  }
  return absl::StrCat("a number ", range.above_least ? "above " : "from ", range.least,
                      range.below_most ? " and below " : " to ", range.most);
}

std::string OutOfRange(const YamlNode& node, absl::string_view allowed) {
  return absl::StrCat(Shown(node), " is out of range; allowed: ", allowed);
}

std::string IsNot(const YamlNode& node, absl::string_view what, absl::string_view allowed) {
  return absl::StrCat(Shown(node), " is not ", what, "; allowed: ", allowed);
}

std::string IsNoMap(const YamlNode& node) {
  constexpr absl::string_view kAllowed = "a map of keys and values";
  if (node.kind == Kind::kMap || node.kind == Kind::kRefused) return "";
  if (node.kind == Kind::kText) return IsNot(node, "a map", kAllowed);
  return absl::StrCat(ShapeOf(node), "; allowed: ", kAllowed);
}

std::string BadUnit(const YamlNode& node, absl::string_view what, absl::string_view allowed) {
  if (!node.quoted && DecodeNumber(node.text)) {
    return absl::StrCat(Shown(node), " has no unit; allowed: ", allowed);
  }
  return IsNot(node, what, allowed);
}

}  // namespace semcached
