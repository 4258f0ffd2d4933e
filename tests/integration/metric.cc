#include "integration/metric.h"

#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>
#include <httplib.h>

#include <sstream>

namespace semcached {

double MetricOf(const std::string& http_address, const std::string& series) {
  httplib::Client client("http://" + http_address);
  const httplib::Result result = client.Get("/metrics");
  std::istringstream page(result ? result->body : "");
  for (std::string line; std::getline(page, line);) {
    if (line.rfind(absl::StrCat(series, " "), 0) != 0) continue;
    double value = -1;
    return absl::SimpleAtod(line.substr(series.size() + 1), &value) ? value : -1;
  }
  return -1;
}

}  // namespace semcached
