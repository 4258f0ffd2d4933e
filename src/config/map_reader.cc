#include "config/map_reader.h"

#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>

#include <algorithm>

#include "config/scalar.h"
#include "config/wording.h"

namespace semcached {
namespace {

using Kind = YamlNode::Kind;

// The known key that was probably meant; empty if none is near.
absl::string_view Nearest(absl::string_view key, const std::vector<absl::string_view>& known) {
  absl::string_view nearest;
  size_t least = 3;  // a slip is two letters at the most, and not the whole word
  for (const absl::string_view candidate : known) {
    if (key.size() > candidate.size() + 2) continue;
    const size_t distance = EditDistance(key, candidate);
    if (distance < least && distance < candidate.size()) {
      least = distance;
      nearest = candidate;
    }
  }
  return nearest;
}

// As a float too, which is what some are kept as: a threshold must not become 0.
bool IsAbove(double number, double least) {
  return number > least && static_cast<float>(number) > least;
}

bool Holds(const NumberRange& range, double number) {
  return (range.above_least ? IsAbove(number, range.least) : number >= range.least) &&
         (range.below_most ? number < range.most : number <= range.most);
}

}  // namespace

MapReader::MapReader(const YamlNode& node, std::string path, ErrorList* errors)
    : path_(std::move(path)), errors_(errors), line_(node.line) {
  if (node.kind != Kind::kMap) return;
  for (size_t i = 0; i + 1 < node.children.size(); i += 2) {
    const YamlNode& key = node.children[i];
    if (key.kind == Kind::kRefused) continue;
    if (key.kind != Kind::kText) {
      errors_->Add(key.line, path_, absl::StrCat("a key ", ShapeOf(key), "; allowed: text"));
      continue;
    }
    if (key.text == "<<" && !key.quoted) {
      errors_->Add(key.line, Path("<<"), "merges a map; allowed: the keys themselves");
      continue;
    }
    if (const Entry* first = Find(key.text)) {
      errors_->Add(key.line, Path(Shown(key.text)),
                   absl::StrCat("is given again, first in line ", first->line, "; allowed: once"));
      continue;
    }
    entries_[key.text] = {key.line, &node.children[i + 1]};
  }
}

const MapReader::Entry* MapReader::Find(absl::string_view key) const {
  const auto found = entries_.find(key);
  return found == entries_.end() ? nullptr : &found->second;
}

std::string MapReader::Path(absl::string_view key) const {
  return path_.empty() ? std::string(key) : absl::StrCat(path_, ".", key);
}

bool MapReader::Has(absl::string_view key) const { return Find(key) != nullptr; }

int MapReader::Line(absl::string_view key) const {
  const Entry* entry = Find(key);
  return entry == nullptr ? line_ : entry->line;
}

void MapReader::Fail(absl::string_view key, std::string message) {
  errors_->Add(Line(key), Path(key), std::move(message));
}

void MapReader::Require(absl::string_view key, absl::string_view allowed) {
  if (!Has(key)) Fail(key, absl::StrCat("is missing; allowed: ", allowed));
}

const YamlNode* MapReader::Take(absl::string_view key) {
  known_.push_back(key);
  const Entry* entry = Find(key);
  if (entry == nullptr || entry->value->kind == Kind::kRefused) return nullptr;
  return entry->value;
}

const YamlNode* MapReader::TakeText(absl::string_view key, absl::string_view allowed) {
  const YamlNode* node = Take(key);
  if (node == nullptr || node->kind == Kind::kText) return node;
  Fail(key, absl::StrCat(ShapeOf(*node), "; allowed: ", allowed));
  return nullptr;
}

YamlNode MapReader::Repeatable(const YamlNode& node) const {
  if (!errors_->is_secret()) return {node.kind, node.line, node.quoted, node.text, {}};
  return {node.kind, node.line, false, "what stands here", {}};
}

const YamlNode* MapReader::TakePlain(absl::string_view key, absl::string_view what,
                                     absl::string_view allowed) {
  const YamlNode* node = TakeText(key, allowed);
  if (node == nullptr || !node->quoted) return node;
  Fail(key, IsNot(Repeatable(*node), what, allowed));
  return nullptr;
}

const YamlNode* MapReader::TakeList(absl::string_view key, absl::string_view allowed) {
  const YamlNode* node = Take(key);
  if (node == nullptr || node->kind == Kind::kList) return node;
  if (node->kind == Kind::kText) {
    Fail(key, IsNot(Repeatable(*node), "a list", allowed));
  } else {
    Fail(key, absl::StrCat(ShapeOf(*node), "; allowed: ", allowed));
  }
  return nullptr;
}

void MapReader::Bool(absl::string_view key, bool* out) {
  const YamlNode* node = TakePlain(key, "a truth", "true or false");
  if (node == nullptr) return;
  if (const std::optional<bool> value = DecodeBool(node->text)) {
    *out = *value;
  } else {
    Fail(key, IsNot(Repeatable(*node), "a truth", "true or false"));
  }
}

void MapReader::Integer(absl::string_view key, int64_t least, int64_t most, int64_t* out) {
  const std::string allowed = Between("a whole number", absl::StrCat(least), absl::StrCat(most));
  const YamlNode* node = TakePlain(key, "a whole number", allowed);
  if (node == nullptr) return;
  const std::optional<int64_t> value = DecodeInteger(node->text);
  if (!value) {
    Fail(key, IsNot(Repeatable(*node), "a whole number", allowed));
  } else if (*value < least || *value > most) {
    Fail(key, OutOfRange(*node, allowed));
  } else {
    *out = *value;
  }
}

void MapReader::Integer(absl::string_view key, int least, int most, int* out) {
  int64_t value = *out;
  Integer(key, int64_t{least}, int64_t{most}, &value);
  *out = static_cast<int>(value);
}

void MapReader::Number(absl::string_view key, const NumberRange& range, double* out) {
  const std::string allowed = AllowedNumber(range);
  const YamlNode* node = TakePlain(key, "a number", allowed);
  if (node == nullptr) return;
  const std::optional<double> value = DecodeNumber(node->text);
  if (!value) {
    Fail(key, IsNot(Repeatable(*node), "a number", allowed));
  } else if (!Holds(range, *value)) {
    Fail(key, OutOfRange(*node, allowed));
  } else {
    *out = *value;
  }
}

void MapReader::Number(absl::string_view key, const NumberRange& range, float* out) {
  double value = *out;
  Number(key, range, &value);
  *out = static_cast<float>(value);
}

void MapReader::Duration(absl::string_view key, const DurationRange& range, absl::Duration* out) {
  const std::string allowed =
      Between("a duration", WriteDuration(range.least), WriteDuration(range.most));
  const YamlNode* node = TakePlain(key, "a duration", allowed);
  if (node == nullptr) return;
  const std::optional<absl::Duration> value = DecodeDuration(node->text);
  if (!value) {
    Fail(key, BadUnit(*node, "a duration", allowed));
  } else if (*value < range.least || *value > range.most) {
    Fail(key, OutOfRange(*node, allowed));
  } else {
    *out = *value;
  }
}

void MapReader::Size(absl::string_view key, int64_t least, int64_t most, int64_t* out) {
  const std::string allowed = Between("a size", WriteSize(least), WriteSize(most));
  const YamlNode* node = TakePlain(key, "a size", allowed);
  if (node == nullptr) return;
  const std::optional<int64_t> value = DecodeSize(node->text);
  if (!value) {
    Fail(key, BadUnit(*node, "a size in B, KiB, MiB, GiB or TiB", allowed));
  } else if (*value < least || *value > most) {
    Fail(key, OutOfRange(*node, allowed));
  } else {
    *out = *value;
  }
}

void MapReader::FileMode(absl::string_view key, int* out) {
  constexpr const char* kAllowed = "a 0 and three octal digits, e.g. 0660";
  const YamlNode* node = TakeText(key, kAllowed);
  if (node == nullptr) return;
  if (const std::optional<int> mode = DecodeFileMode(node->text)) {
    *out = *mode;
  } else {
    Fail(key, IsNot(Repeatable(*node), "a file mode", kAllowed));
  }
}

void MapReader::HostAndPort(absl::string_view key, std::string* out) {
  constexpr const char* kAllowed = "host:port, e.g. 127.0.0.1:7070";
  const YamlNode* node = TakeText(key, kAllowed);
  if (node == nullptr) return;
  if (IsHostAndPort(node->text)) {
    *out = node->text;
  } else {
    Fail(key, IsNot(Repeatable(*node), "an address", kAllowed));
  }
}

void MapReader::Identifier(absl::string_view key, std::string* out) {
  const YamlNode* node = TakeText(key, kNameAllowed);
  if (node == nullptr) return;
  if (IsName(node->text)) {
    *out = node->text;
  } else {
    Fail(key, IsNot(Repeatable(*node), "a name", kNameAllowed));
  }
}

void MapReader::Text(absl::string_view key, absl::string_view allowed, std::string* out) {
  const YamlNode* node = TakeText(key, allowed);
  if (node == nullptr) return;
  if (node->text.empty()) {
    Fail(key, absl::StrCat("is empty; allowed: ", allowed));
  } else {
    *out = node->text;
  }
}

void MapReader::Integers(absl::string_view key, int64_t least, int64_t most,
                         std::vector<int64_t>* out) {
  const std::string allowed = Between("a whole number", absl::StrCat(least), absl::StrCat(most));
  const YamlNode* list = TakeList(key, "a list of whole numbers");
  if (list == nullptr) return;
  if (list->children.empty()) Fail(key, absl::StrCat("is empty; allowed: a list of ", allowed));
  out->clear();
  for (size_t i = 0; i < list->children.size(); ++i) {
    const YamlNode& item = list->children[i];
    if (item.kind == Kind::kRefused) continue;
    const int line = item.kind == Kind::kNull ? Line(key) : item.line;
    const auto fail = [&](std::string message) {
      errors_->Add(line, absl::StrCat(Path(key), "[", i, "]"), std::move(message));
    };
    if (item.kind != Kind::kText) {
      fail(absl::StrCat(ShapeOf(item), "; allowed: ", allowed));
      continue;
    }
    const std::optional<int64_t> value = item.quoted ? std::nullopt : DecodeInteger(item.text);
    if (!value) {
      fail(IsNot(Repeatable(item), "a whole number", allowed));
    } else if (*value < least || *value > most) {
      fail(OutOfRange(item, allowed));
    } else {
      out->push_back(*value);
    }
  }
}

void MapReader::Texts(absl::string_view key, std::vector<std::string>* out) {
  const YamlNode* list = TakeList(key, "a list of texts");
  if (list == nullptr) return;
  out->clear();
  for (size_t i = 0; i < list->children.size(); ++i) {
    const YamlNode& item = list->children[i];
    if (item.kind == Kind::kRefused) continue;
    if (item.kind == Kind::kText && !item.text.empty()) {
      out->push_back(item.text);
    } else {
      // An empty item has no place of its own: the parser tells that of what follows.
      const int line = item.kind == Kind::kNull ? Line(key) : item.line;
      errors_->Add(line, absl::StrCat(Path(key), "[", i, "]"),
                   absl::StrCat(ShapeOf(item), "; allowed: text"));
    }
  }
}

std::optional<size_t> MapReader::IndexOf(const YamlNode& node, const std::string& path, int line,
                                         const Names& names) {
  const auto found = std::find(names.begin(), names.end(), node.text);
  if (found != names.end()) return found - names.begin();
  errors_->Add(line, path, IsNot(node, "allowed here", absl::StrJoin(names, ", ")));
  return std::nullopt;
}

std::optional<size_t> MapReader::ChoiceOf(absl::string_view key, const Names& names) {
  const YamlNode* node = TakeText(key, absl::StrJoin(names, ", "));
  if (node == nullptr) return std::nullopt;
  return IndexOf(*node, Path(key), Line(key), names);
}

void MapReader::OneOf(absl::string_view key, std::vector<absl::string_view> values,
                      std::string* out) {
  if (const std::optional<size_t> index = ChoiceOf(key, values)) *out = std::string(values[*index]);
}

std::optional<std::vector<size_t>> MapReader::ChoicesOf(absl::string_view key, const Names& names) {
  const std::string allowed = absl::StrCat("a list of ", absl::StrJoin(names, ", "));
  const YamlNode* list = TakeList(key, allowed);
  if (list == nullptr) return std::nullopt;
  std::vector<size_t> indices;
  for (size_t i = 0; i < list->children.size(); ++i) {
    const YamlNode& item = list->children[i];
    const std::string path = absl::StrCat(Path(key), "[", i, "]");
    if (item.kind == Kind::kRefused) continue;
    if (item.kind != Kind::kText) {
      errors_->Add(item.kind == Kind::kNull ? Line(key) : item.line, path,
                   absl::StrCat(ShapeOf(item), "; allowed: ", absl::StrJoin(names, ", ")));
      continue;
    }
    const std::optional<size_t> index = IndexOf(item, path, item.line, names);
    if (!index) continue;
    if (std::find(indices.begin(), indices.end(), *index) != indices.end()) {
      errors_->Add(item.line, path, absl::StrCat(Shown(item), " is given again; allowed: once"));
    } else {
      indices.push_back(*index);
    }
  }
  return indices;
}

MapReader MapReader::Map(absl::string_view key) {
  const YamlNode* node = Take(key);
  YamlNode absent;
  absent.line = Line(key);
  if (node == nullptr) return MapReader(absent, Path(key), errors_);
  if (std::string wrong = IsNoMap(Repeatable(*node)); !wrong.empty()) Fail(key, std::move(wrong));
  return MapReader(*node, Path(key), errors_);
}

std::vector<MapReader> MapReader::Maps(absl::string_view key, size_t most) {
  std::vector<MapReader> maps;
  const YamlNode* list = TakeList(key, "a list of maps");
  if (list == nullptr) return maps;
  if (list->children.size() > most) {
    Fail(key, absl::StrCat("has ", list->children.size(), " items; allowed: at most ", most));
    return maps;
  }
  for (size_t i = 0; i < list->children.size(); ++i) {
    const YamlNode& item = list->children[i];
    const std::string path = absl::StrCat(Path(key), "[", i, "]");
    if (item.kind == Kind::kMap) {
      maps.emplace_back(item, path, errors_);
    } else if (std::string wrong = IsNoMap(Repeatable(item)); !wrong.empty()) {
      errors_->Add(item.kind == Kind::kNull ? Line(key) : item.line, path, std::move(wrong));
    }
  }
  return maps;
}

std::vector<std::string> MapReader::TakeNames() {
  std::vector<std::string> names;
  for (const auto& [key, entry] : entries_) {
    if (IsName(key)) {
      names.emplace_back(key);
    } else {
      errors_->Add(entry.line, Path(Shown(key)),
                   absl::StrCat("is not a name; allowed: ", kNameAllowed));
    }
  }
  return names;
}

void MapReader::Finish() {
  for (const auto& [key, entry] : entries_) {
    if (std::find(known_.begin(), known_.end(), key) != known_.end()) continue;
    const absl::string_view nearest = Nearest(key, known_);
    errors_->Add(entry.line, Path(Shown(key)),
                 absl::StrCat("is unknown", nearest.empty() ? "" : ", perhaps ", nearest,
                              "; allowed: ", absl::StrJoin(known_, ", ")));
  }
}

}  // namespace semcached
