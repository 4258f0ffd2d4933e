// Reads configuration files, strictly; yaml-cpp behind one door.
//
// Strict: an unknown key, a duplicate key, a wrong type, a value out of range, an alias, a file
// over 1 MiB or deeper than 32 levels is an error. Every error of every file is reported in one
// run, a line each, as `file:line: key: what; allowed`.
#ifndef SEMCACHED_CONFIG_LOAD_H_
#define SEMCACHED_CONFIG_LOAD_H_

#include <absl/time/time.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "semcached/config/category_policy.h"
#include "semcached/config/server_config.h"

namespace semcached {

struct ConfigError {
  std::string file;
  int line = 0;         // from 1; 0: the file as a whole
  std::string key;      // dotted, e.g. quota.max_memory
  std::string message;  // what; allowed
  std::string ToString() const;
};

// What a read gave: a value, or one error or more.
template <typename T>
struct ConfigResult {
  std::optional<T> value;  // absent if `errors` is not empty
  std::vector<ConfigError> errors;
  bool ok() const { return errors.empty(); }
};

// All functions are thread-safe; only Read... touch the disk.

ConfigResult<ServerConfig> ReadServerConfig(const std::string& file);

// Reads every *.yaml of server.categories_dir (names that begin with a dot are skipped) and checks
// what only all files together can show: guaranteed shares sum to at most 1, the default category
// exists and may be cached, every `embedding` is configured, and a category that forbids caching is
// not classified by a remote embedder.
ConfigResult<CategoryPolicySetPtr> ReadCategories(const ServerConfig& server);

struct Config {
  ServerConfig server;
  CategoryPolicySetPtr categories;
};

// Both of the above, with the errors of all files, that of principals too: category files are read
// and compared even where semcached.yaml is wrong, but for what it says wrongly.
ConfigResult<Config> ReadConfig(const std::string& file);

// Whether this machine has the files that embedders and scrapes name (models, tokenizers, keys,
// tokens, certificates): an error for each that cannot be read, and for a private key that
// everybody can. A configuration may be right without them, a start fails.
std::vector<ConfigError> CheckFiles(const ServerConfig& server);

// One file by its content; `file` is used for messages, for the directory that relative paths start
// from and for the name that a category must have. For checks before a file is put in place.
ConfigResult<ServerConfig> ParseServerConfig(const std::string& file, std::string_view content);
ConfigResult<CategoryPolicy> ParseCategory(const std::string& file, std::string_view content);

// A duration as configuration files write it: digits, with a fraction or without, and ms, s, m, h,
// d or w. Absent where it is not one.
std::optional<absl::Duration> ParseConfigDuration(std::string_view text);

// All errors, a line each: what --check-config and a refused reload print.
std::string ToString(const std::vector<ConfigError>& errors);

}  // namespace semcached

#endif  // SEMCACHED_CONFIG_LOAD_H_
