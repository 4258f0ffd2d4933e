#ifndef SEMCACHED_TESTS_INTEGRATION_METRIC_H_
#define SEMCACHED_TESTS_INTEGRATION_METRIC_H_

#include <string>

namespace semcached {

// What a running server says at `http_address` (HOST:PORT) of a series of its metrics; -1: nothing.
double MetricOf(const std::string& http_address, const std::string& series);

}  // namespace semcached

#endif  // SEMCACHED_TESTS_INTEGRATION_METRIC_H_
