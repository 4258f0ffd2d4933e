#ifndef SEMCACHED_SRC_MAIN_MEMORY_FIT_H_
#define SEMCACHED_SRC_MAIN_MEMORY_FIT_H_

#include <cstdint>
#include <optional>

#include "semcached/config/server_config.h"

namespace semcached {

// What memory_limit may be in a control group of so many bytes (absent: none), beside the process
// itself and its models: what is configured, or less.
int64_t MemoryThatFits(const ServerConfig& config, std::optional<int64_t> group);

}  // namespace semcached

#endif  // SEMCACHED_SRC_MAIN_MEMORY_FIT_H_
