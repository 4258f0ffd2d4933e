// Where a text page comes from.
#ifndef SEMCACHED_HTTP_PAGE_SOURCE_H_
#define SEMCACHED_HTTP_PAGE_SOURCE_H_

#include <absl/status/statusor.h>
#include <absl/time/time.h>

#include <cstddef>
#include <memory>
#include <string>

#include "semcached/base/call.h"

namespace semcached {

// Thread-safe.
class PageSource {
 public:
  virtual ~PageSource() = default;

  // The whole page as it is now. Unavailable: in words, and without any secret; DeadlineExceeded,
  // Cancelled: by the call.
  virtual absl::StatusOr<std::string> Get(const Call& call) = 0;
};

struct HttpPageOptions {
  std::string url;         // http:// or https://
  std::string accept;      // the media type that is asked for; empty: any
  std::string token_file;  // its first line is sent as a bearer token; empty: none
  std::string ca_file;     // the authorities that https trusts; empty: the system's
  absl::Duration timeout = absl::Seconds(1);
  size_t max_bytes = size_t{4} << 20;  // of a page; a larger one is an error
};

// The certificate of an https server is verified, always. The token's file is read again for each
// page, so a token may be replaced while the process runs. Redirects are not followed.
//
// InvalidArgument: the URL is none, or a file cannot be read or holds no token. Does not connect.
absl::StatusOr<std::unique_ptr<PageSource>> MakeHttpPageSource(const HttpPageOptions& options);

}  // namespace semcached

#endif  // SEMCACHED_HTTP_PAGE_SOURCE_H_
