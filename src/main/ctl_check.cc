// The commands that ask no server.
#include <absl/strings/str_cat.h>

#include <iostream>
#include <nlohmann/json.hpp>

#include "main/ctl.h"
#include "semcached/base/secret.h"
#include "semcached/config/load.h"

namespace semcached {

absl::Status CtlCheck(const CtlOptions& options, const std::string& config) {
  const ConfigResult<Config> read = ReadConfig(config);
  const size_t count = read.ok() ? read.value->categories->categories.size() : 0;
  if (options.json) {
    nlohmann::json errors = nlohmann::json::array();
    for (const ConfigError& error : read.errors) {
      errors.push_back({{"file", error.file},
                        {"line", error.line},
                        {"key", error.key},
                        {"message", error.message}});
    }
    std::cout << nlohmann::json{{"good", read.ok()}, {"category_count", count}, {"errors", errors}}
              << "\n";
  } else if (read.ok()) {
    std::cout << config << ": good, " << count << " categories\n";
  } else {
    std::cerr << ToString(read.errors);
  }
  if (read.ok()) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat(read.errors.size(), " errors in the configuration of ", config));
}

absl::Status CtlNewToken(const CtlOptions& options) {
  const std::string token = NewToken();
  const std::string hash = ToHex(Sha256(token));
  if (options.json) {
    std::cout << nlohmann::json{{"token", token}, {"sha256", hash}} << "\n";
  } else {
    std::cout << "token:          " << token << "\n"
              << "tokens_sha256:  [" << hash << "]\n";
  }
  return absl::OkStatus();
}

}  // namespace semcached
