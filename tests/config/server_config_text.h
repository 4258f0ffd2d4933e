// The least that the server's file must say, and how tests read such a file.
#ifndef SEMCACHED_TESTS_CONFIG_SERVER_CONFIG_TEXT_H_
#define SEMCACHED_TESTS_CONFIG_SERVER_CONFIG_TEXT_H_

#include <string>

#include "semcached/config/load.h"
#include "semcached/config/server_config.h"

namespace semcached {

inline constexpr const char* kLeast =
    "listen: {unix: run/s.sock}\nadmin: {unix: run/a.sock}\nstore: {path: data}\n"
    "categories: categories\n";

inline ConfigResult<ServerConfig> ParseServer(const std::string& content) {
  return ParseServerConfig("etc/semcached.yaml", content);
}

}  // namespace semcached

#endif  // SEMCACHED_TESTS_CONFIG_SERVER_CONFIG_TEXT_H_
