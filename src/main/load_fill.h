#ifndef SEMCACHED_SRC_MAIN_LOAD_FILL_H_
#define SEMCACHED_SRC_MAIN_LOAD_FILL_H_

#include <absl/status/statusor.h>

#include <string>

#include "main/load_run.h"
#include "main/load_workload.h"

namespace semcached {

// Inserts all entries of `requests` into the server at `address`, many by a call, by
// options.fill_callers at once, and tells standard error under `name` how far it is. Returns the
// seconds it took, or why an entry could not be inserted.
absl::StatusOr<double> FillCache(const LoadOptions& options, const std::string& name,
                                 const std::string& address, const LoadRequests& requests);

}  // namespace semcached

#endif  // SEMCACHED_SRC_MAIN_LOAD_FILL_H_
