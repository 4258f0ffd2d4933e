// One POST at a time over kept-alive connections; libcurl stays in the .cc.
#ifndef SEMCACHED_EMBED_HTTP_POST_H_
#define SEMCACHED_EMBED_HTTP_POST_H_

#include <absl/status/statusor.h>
#include <absl/time/time.h>

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "semcached/base/call.h"
#include "semcached/base/mutex.h"

namespace semcached {

struct HttpPostOptions {
  std::string url;
  std::vector<std::string> headers;  // whole lines, e.g. "Content-Type: application/json"
  std::string ca_file;
  absl::Duration timeout;  // of one Send
};

enum class HttpOutcome {
  kAnswered,  // `status` and `body` hold
  kRefused,   // no connection was made, so nothing was sent
  kFailed,    // anything else; `problem` says what
};

struct HttpAnswer {
  HttpOutcome outcome = HttpOutcome::kFailed;
  long status = 0;
  std::string body;
  std::string problem;
};

// Thread-safe: each Send has a connection to itself while it lasts.
class HttpPost {
 public:
  // Ok if `url` is one that Send takes: http or https, a host, and no credentials.
  static absl::Status CheckUrl(const std::string& url);

  explicit HttpPost(HttpPostOptions options);
  ~HttpPost();

  // An answer of more than `max_answer_bytes` is a failure. DeadlineExceeded, Cancelled: by the
  // call, noticed within 10 ms; every other trouble is in the answer.
  absl::StatusOr<HttpAnswer> Send(const std::string& body, size_t max_answer_bytes,
                                  const Call& call) ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  class Connection;

  const HttpPostOptions options_;

  Mutex mutex_;
  std::vector<std::unique_ptr<Connection>> idle_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace semcached

#endif  // SEMCACHED_EMBED_HTTP_POST_H_
