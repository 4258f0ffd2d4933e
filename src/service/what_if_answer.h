#ifndef SEMCACHED_SRC_SERVICE_WHAT_IF_ANSWER_H_
#define SEMCACHED_SRC_SERVICE_WHAT_IF_ANSWER_H_

#include <absl/status/status.h>

#include "semcached/service/server.h"
#include "semcached/v1/admin.pb.h"

namespace semcached {

// Answers AdminService.WhatIf: the recorded lookups under the category files of the request, beside
// the policies as they are configured now. Changes nothing.
absl::Status AnswerWhatIf(const ServerParts& parts, const v1::WhatIfRequest& request,
                          v1::WhatIfResponse* response);

}  // namespace semcached

#endif  // SEMCACHED_SRC_SERVICE_WHAT_IF_ANSWER_H_
