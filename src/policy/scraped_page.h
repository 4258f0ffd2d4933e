// What a model server's page of metrics says about its load. Pure.
#ifndef SEMCACHED_SRC_POLICY_SCRAPED_PAGE_H_
#define SEMCACHED_SRC_POLICY_SCRAPED_PAGE_H_

#include <absl/status/statusor.h>
#include <absl/time/time.h>

#include <optional>
#include <string_view>

#include "semcached/config/server_config.h"

namespace semcached {

// First tokens since the server's start.
struct FirstTokens {
  double count = 0;
  double seconds = 0;  // that they took, all together
};

// At least one of the two is there.
struct ScrapedPage {
  std::optional<double> utilization;  // finite, >= 0
  std::optional<FirstTokens> first_tokens;
};

// As `config.kind` says:
//   vllm    the highest of (running + waiting) / limit, where there is a limit, and of the use of
//           the KV cache; beside them the totals of times to the first token. Of several engines on
//           one page, requests are added up and the fullest cache counts.
//   metric  the sum of `value`, divided by `divide_by`.
// InvalidArgument, in words: the page cannot be read, what is needed is not on it, or comes to a
// negative or non-finite number.
absl::StatusOr<ScrapedPage> ReadScrapedPage(const ScrapeConfig& config, std::string_view page);

// The mean time to the first token between two pages of one server, finite. Absent if there was
// none, or if the server began anew.
std::optional<absl::Duration> MeanTimeToFirstToken(const FirstTokens& before,
                                                   const FirstTokens& after);

}  // namespace semcached

#endif  // SEMCACHED_SRC_POLICY_SCRAPED_PAGE_H_
