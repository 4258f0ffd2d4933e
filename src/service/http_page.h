#ifndef SEMCACHED_SRC_SERVICE_HTTP_PAGE_H_
#define SEMCACHED_SRC_SERVICE_HTTP_PAGE_H_

#include <absl/status/statusor.h>

#include <functional>
#include <memory>
#include <string>

namespace semcached {

// A liveness or readiness probe: good, or why not. The text is the body of the answer.
struct Probe {
  bool good = false;
  std::string text;
};

struct HttpPageParts {
  std::function<std::string()> metrics;  // in Prometheus' text format
  std::function<Probe()> live;
  std::function<Probe()> ready;
};

// GET /metrics, /livez and /readyz; everything else is 404. Runs until it is destroyed.
class HttpPage {
 public:
  virtual ~HttpPage() = default;
  virtual int port() const = 0;
};

// `port` 0: any free one. Unavailable: the address cannot be bound.
absl::StatusOr<std::unique_ptr<HttpPage>> StartHttpPage(const std::string& host, int port,
                                                        HttpPageParts parts);

}  // namespace semcached

#endif  // SEMCACHED_SRC_SERVICE_HTTP_PAGE_H_
