#include "semcached/base/open_files.h"

#include <sys/resource.h>

#include <algorithm>
#include <limits>

namespace semcached {

int OpenFilesLimit() {
  constexpr int kMost = std::numeric_limits<int>::max();  // also of "unlimited"
  rlimit limit = {};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return kMost;
  return static_cast<int>(std::min<rlim_t>(limit.rlim_cur, kMost));
}

}  // namespace semcached
