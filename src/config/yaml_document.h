// A YAML document as a tree with line numbers; yaml-cpp behind one door.
#ifndef SEMCACHED_CONFIG_YAML_DOCUMENT_H_
#define SEMCACHED_CONFIG_YAML_DOCUMENT_H_

#include <absl/strings/string_view.h>

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "config/error_list.h"

namespace semcached {

inline constexpr size_t kMaxYamlBytes = 1 << 20;
inline constexpr int kMaxYamlDepth = 32;

struct YamlNode {
  enum class Kind {
    kNull,
    kText,
    kList,
    kMap,
    kRefused,  // an alias or a tag: reported already
  };
  Kind kind = Kind::kNull;
  int line = 0;                    // from 1
  bool quoted = false;             // text in quotes or a block: never a number, a truth or a span
  std::string text;                // of kText
  std::vector<YamlNode> children;  // of a list: its items; of a map: key, value, key, value, ...
};

// Parses exactly one document. Refuses what is too large, too deep, not UTF-8 or empty, further
// documents, aliases, anchors and tags; a byte order mark and CRLF are fine. Returns nullopt where
// the errors leave nothing to look at; otherwise the rest may still be decoded for more errors.
//
// Takes bounded time and stack, whatever `content` is.
std::optional<YamlNode> ParseYaml(absl::string_view content, ErrorList* errors);

}  // namespace semcached

#endif  // SEMCACHED_CONFIG_YAML_DOCUMENT_H_
