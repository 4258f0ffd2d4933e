// Both kinds of YAML files: read, or refused with a line for each mistake.
#include <absl/strings/ascii.h>

#include <algorithm>
#include <string>

#include "fuzz/fuzz.h"
#include "semcached/base/utf8.h"
#include "semcached/config/load.h"

namespace semcached {
namespace {

bool IsOneLine(std::string_view text) {
  return IsValidUtf8(text) && std::none_of(text.begin(), text.end(), [](char c) {
           return absl::ascii_iscntrl(static_cast<unsigned char>(c));
         });
}

template <typename T>
void CheckErrors(const std::string& file, std::string_view content, const ConfigResult<T>& result) {
  Require(result.value.has_value() == result.errors.empty(), "a value, or errors");
  const auto lines = std::count(content.begin(), content.end(), '\n') + 1;
  for (const ConfigError& error : result.errors) {
    Require(error.file == file, "an error names its file");
    // The parser tells the end of the content as the line behind the last.
    Require(error.line >= 0 && error.line <= lines + 1, "an error names a line of the file");
    Require(!error.message.empty(), "an error says what is wrong");
    Require(IsOneLine(error.ToString()), "an error is a line of text");
  }
}

void CheckBounds(const ServerConfig& config) {
  Require(config.load.saturation_point > config.load.scaling_point, "load: the points in order");
  Require(config.limits.max_query_bytes <= config.limits.max_message_bytes, "limits in order");
  Require(!config.admin_unix.empty() && !config.store_path.empty(), "what is required is there");
  for (const ScrapeConfig& scrape : config.load.scrape) {
    Require(!scrape.model.empty() && scrape.divisor > 0, "a scrape can be read");
  }
}

void CheckBounds(const CategoryPolicy& policy) {
  Require(policy.similarity_threshold > 0 && policy.similarity_threshold <= 1, "(0,1]");
  Require(policy.adaptation.min_similarity_threshold > 0, "(0,1]");
  Require(policy.adaptation.min_similarity_threshold <= policy.similarity_threshold, "in order");
  Require(policy.ttl > absl::ZeroDuration() && policy.max_lifetime >= policy.ttl, "ttl");
  Require(policy.quota.max_entries >= 1 && policy.quota.max_namespace_share > 0, "quota");
  Require(policy.audit_rate >= 0 && policy.audit_rate < 1, "[0,1)");
}

}  // namespace
}  // namespace semcached

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace semcached;
  const std::string_view content = AsText(data, size);
  const auto server = ParseServerConfig("/etc/semcached/semcached.yaml", content);
  CheckErrors("/etc/semcached/semcached.yaml", content, server);
  if (server.ok()) CheckBounds(*server.value);
  const auto category = ParseCategory("/etc/semcached/categories/code.yaml", content);
  CheckErrors("/etc/semcached/categories/code.yaml", content, category);
  if (category.ok()) CheckBounds(*category.value);
  return 0;
}
