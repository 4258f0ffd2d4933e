// HTTP requests to one URL over kept-alive connections; libcurl behind one door.
#ifndef SEMCACHED_HTTP_HTTP_CLIENT_H_
#define SEMCACHED_HTTP_HTTP_CLIENT_H_

#include <absl/status/statusor.h>
#include <absl/time/time.h>

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "semcached/base/call.h"
#include "semcached/base/mutex.h"

namespace semcached {

struct HttpClientOptions {
  std::string url;
  std::vector<std::string> headers;  // whole lines, e.g. "Content-Type: application/json"
  std::string ca_file;               // the authorities that https trusts; empty: the system's
  absl::Duration timeout;            // of one request
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

// Redirects are not followed and proxies of the environment are not used: requests go to `url`
// only. Thread-safe: each request has a connection to itself while it lasts.
class HttpClient {
 public:
  // Ok if `url` is one that requests take: http or https, a host, and no credentials. `token_key`
  // is the key of the configuration that names a file for them.
  static absl::Status CheckUrl(const std::string& url, const char* token_key);

  explicit HttpClient(HttpClientOptions options);
  ~HttpClient();

  // An answer of more than `max_answer_bytes` is a failure. DeadlineExceeded, Cancelled: by the
  // call, noticed within 10 ms; every other trouble is in the answer.
  absl::StatusOr<HttpAnswer> Post(const std::string& body, size_t max_answer_bytes,
                                  const Call& call) ABSL_LOCKS_EXCLUDED(mutex_);
  // The same. `more_headers` are sent behind those of the options, this once.
  absl::StatusOr<HttpAnswer> Get(const std::vector<std::string>& more_headers,
                                 size_t max_answer_bytes, const Call& call)
      ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  class Connection;

  std::unique_ptr<Connection> Borrow() ABSL_LOCKS_EXCLUDED(mutex_);
  void GiveBack(std::unique_ptr<Connection> connection) ABSL_LOCKS_EXCLUDED(mutex_);

  const HttpClientOptions options_;

  Mutex mutex_;
  std::vector<std::unique_ptr<Connection>> idle_ ABSL_GUARDED_BY(mutex_);
};

// The first line of a file as a bearer token, white space at its ends cut. InvalidArgument: it
// cannot be read, or has what cannot stand in a header line; the message never holds the token.
absl::StatusOr<std::string> ReadBearerToken(const std::string& path);

}  // namespace semcached

#endif  // SEMCACHED_HTTP_HTTP_CLIENT_H_
