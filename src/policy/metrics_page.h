// Pages of metrics in Prometheus' text format 0.0.4. Pure.
#ifndef SEMCACHED_SRC_POLICY_METRICS_PAGE_H_
#define SEMCACHED_SRC_POLICY_METRICS_PAGE_H_

#include <absl/status/statusor.h>

#include <optional>
#include <string_view>
#include <vector>

#include "semcached/base/series.h"

namespace semcached {

struct MetricSample {
  Series series;
  double value = 0;  // finite
};
using MetricSamples = std::vector<MetricSample>;

// The samples of `page` that match one of `patterns`, in its order. Lines of other metrics are
// passed over, whatever is on them; time stamps are not looked at.
//
// InvalidArgument, with the line: a matching one cannot be read or is not finite, or the page ends
// within a line, as one does that was cut off.
absl::StatusOr<MetricSamples> ReadSamples(std::string_view page,
                                          const std::vector<Series>& patterns);

// Over the samples that match; absent if none does.
std::optional<double> SumOf(const MetricSamples& samples, const Series& pattern);
std::optional<double> HighestOf(const MetricSamples& samples, const Series& pattern);

}  // namespace semcached

#endif  // SEMCACHED_SRC_POLICY_METRICS_PAGE_H_
