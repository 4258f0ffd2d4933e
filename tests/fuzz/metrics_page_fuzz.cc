// What a model server may show as its metrics: a load, or an error.
//
// The input is two pages, as of two looks, with a zero byte between them.
#include <cmath>

#include "fuzz/fuzz.h"
#include "policy/scraped_page.h"
#include "semcached/base/utf8.h"

namespace semcached {
namespace {

ScrapeConfig Vllm() {
  ScrapeConfig config;
  config.limit = 10;
  return config;
}

ScrapeConfig Metric() {
  ScrapeConfig config;
  config.kind = ScrapeKind::kMetric;
  config.value = Series{"used", {{"engine", "0"}}};
  config.divide_by = Series{"size", {}};
  return config;
}

absl::StatusOr<ScrapedPage> Read(const ScrapeConfig& config, std::string_view page) {
  absl::StatusOr<ScrapedPage> read = ReadScrapedPage(config, page);
  if (!read.ok()) {
    Require(IsValidUtf8(std::string(read.status().message())), "an error can be shown");
    return read;
  }
  Require(read->utilization || read->first_tokens, "a page that is read tells something");
  Require(!read->utilization || (std::isfinite(*read->utilization) && *read->utilization >= 0),
          "a utilization is finite, 0 or more");
  return read;
}

}  // namespace
}  // namespace semcached

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace semcached;
  std::string_view second = AsText(data, size);
  const std::string_view first = TakeUntil('\0', &second);
  Read(Metric(), first).IgnoreError();
  const absl::StatusOr<ScrapedPage> before = Read(Vllm(), first);
  const absl::StatusOr<ScrapedPage> after = Read(Vllm(), second);
  if (!before.ok() || !after.ok() || !before->first_tokens || !after->first_tokens) return 0;
  const auto mean = MeanTimeToFirstToken(*before->first_tokens, *after->first_tokens);
  Require(!mean || (*mean >= absl::ZeroDuration() && *mean != absl::InfiniteDuration()),
          "a mean time is finite, 0 or more");
  return 0;
}
