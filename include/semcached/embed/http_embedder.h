// An OpenAI-compatible embeddings endpoint; libcurl behind one door.
#ifndef SEMCACHED_EMBED_HTTP_EMBEDDER_H_
#define SEMCACHED_EMBED_HTTP_EMBEDDER_H_

#include <absl/status/statusor.h>
#include <absl/time/time.h>

#include <memory>
#include <string>

#include "semcached/embed/embedder.h"

namespace semcached {

struct HttpEmbedderOptions {
  std::string url;           // http:// or https://, up to and with /v1/embeddings
  std::string model;         // sent as "model"
  int dimension = 0;         // an answer of another length is an error
  std::string api_key_file;  // its first line is sent as a bearer token; empty: none
  std::string ca_file;       // the authorities that https trusts; empty: the system's
  absl::Duration timeout = absl::Milliseconds(200);  // of one attempt
  int max_attempts = 2;  // a retry follows only a refused connection, a 429 or a 5xx, and only
                         // while retries stay under a tenth of recent calls (a retry budget)
  int max_batch = 64;    // texts a request; more are sent in several
};

// The embedder's identity is "<model>@http/<dimension>". The URL is not part of it, so that an
// endpoint may move; whoever serves other weights there must give them another model name.
//
// Redirects are not followed and proxies of the environment are not used: texts go to `url` only.
//
// InvalidArgument: an option is out of range or the key file cannot be read. Does not connect.
absl::StatusOr<std::unique_ptr<Embedder>> MakeHttpEmbedder(const HttpEmbedderOptions& options);

}  // namespace semcached

#endif  // SEMCACHED_EMBED_HTTP_EMBEDDER_H_
