// How errors of the configuration are said.
#ifndef SEMCACHED_SRC_CONFIG_WORDING_H_
#define SEMCACHED_SRC_CONFIG_WORDING_H_

#include <absl/strings/string_view.h>

#include <string>

#include "config/map_reader.h"
#include "config/yaml_document.h"

namespace semcached {

// A key or value as messages show it: on one line and not too long.
std::string Shown(absl::string_view text);
std::string Shown(const YamlNode& node);

// "is a list", "is a map" or "is empty": of what should have been text.
const char* ShapeOf(const YamlNode& node);

std::string Between(absl::string_view what, absl::string_view least, absl::string_view most);
std::string AllowedNumber(const NumberRange& range);
std::string OutOfRange(const YamlNode& node, absl::string_view allowed);
std::string IsNot(const YamlNode& node, absl::string_view what, absl::string_view allowed);
// Empty if it is a map, or was refused already.
std::string IsNoMap(const YamlNode& node);
// For spans and sizes, where the usual mistake is a bare number.
std::string BadUnit(const YamlNode& node, absl::string_view what, absl::string_view allowed);

}  // namespace semcached

#endif  // SEMCACHED_SRC_CONFIG_WORDING_H_
