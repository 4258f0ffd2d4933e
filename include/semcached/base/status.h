// Two macros over absl::Status, so that the errors of a step do not drown the step.
#ifndef SEMCACHED_BASE_STATUS_H_
#define SEMCACHED_BASE_STATUS_H_

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <utility>

#define SEMCACHED_CONCAT_(a, b) a##b
#define SEMCACHED_CONCAT(a, b) SEMCACHED_CONCAT_(a, b)

#define RETURN_IF_ERROR(expression)                           \
  do {                                                        \
    if (absl::Status status_ = (expression); !status_.ok()) { \
      return status_;                                         \
    }                                                         \
  } while (false)

// ASSIGN_OR_RETURN(auto value, MakeValue());
#define ASSIGN_OR_RETURN(target, expression) \
  ASSIGN_OR_RETURN_(SEMCACHED_CONCAT(result_, __LINE__), target, expression)
#define ASSIGN_OR_RETURN_(result, target, expression)  \
  auto result = (expression);                          \
  if (!result.ok()) return std::move(result).status(); \
  target = *std::move(result)

#endif  // SEMCACHED_BASE_STATUS_H_
