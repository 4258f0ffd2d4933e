// The two kinds of files, from YAML to structs.
#ifndef SEMCACHED_CONFIG_DECODE_H_
#define SEMCACHED_CONFIG_DECODE_H_

#include <absl/strings/string_view.h>

#include "config/error_list.h"
#include "semcached/config/category_policy.h"
#include "semcached/config/server_config.h"

namespace semcached {

// Both return what could be decoded; it is whole only if no error was added. The file's name is
// that of `errors`.
ServerConfig DecodeServerConfig(absl::string_view content, ErrorList* errors);

struct DecodedCategory {
  CategoryPolicy policy;
  int embedding_line = 0;  // 0: not given
};
DecodedCategory DecodeCategory(absl::string_view content, ErrorList* errors);

}  // namespace semcached

#endif  // SEMCACHED_CONFIG_DECODE_H_
