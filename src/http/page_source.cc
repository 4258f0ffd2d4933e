#include "semcached/http/page_source.h"

#include <absl/strings/str_cat.h>

#include <fstream>
#include <utility>
#include <vector>

#include "semcached/base/status.h"
#include "semcached/http/http_client.h"

namespace semcached {
namespace {

const char* Advice(long status) {
  switch (status) {
    case 401:
    case 403:
      return ": check token_file";
    case 404:
      return ": check url";
    default:
      return status >= 300 && status < 400 ? ": redirects are not followed, check url" : "";
  }
}

class HttpPageSource final : public PageSource {
 public:
  HttpPageSource(const HttpPageOptions& options, HttpClientOptions http)
      : token_file_(options.token_file), max_bytes_(options.max_bytes), client_(std::move(http)) {}

  absl::StatusOr<std::string> Get(const Call& call) override {
    std::vector<std::string> headers;
    if (!token_file_.empty()) {
      const absl::StatusOr<std::string> token = ReadBearerToken(token_file_);
      if (!token.ok()) return absl::UnavailableError(token.status().message());
      headers.push_back(absl::StrCat("Authorization: Bearer ", *token));
    }
    ASSIGN_OR_RETURN(HttpAnswer answer, client_.Get(headers, max_bytes_, call));
    if (answer.outcome != HttpOutcome::kAnswered) return absl::UnavailableError(answer.problem);
    if (answer.status != 200) {
      return absl::UnavailableError(
          absl::StrCat("answered HTTP ", answer.status, Advice(answer.status)));
    }
    return std::move(answer.body);
  }

 private:
  const std::string token_file_;
  const size_t max_bytes_;
  HttpClient client_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<PageSource>> MakeHttpPageSource(const HttpPageOptions& options) {
  RETURN_IF_ERROR(HttpClient::CheckUrl(options.url, "token_file"));
  if (!options.ca_file.empty() && !std::ifstream(options.ca_file).good()) {
    return absl::InvalidArgumentError(absl::StrCat(options.ca_file, ": cannot be read"));
  }
  if (!options.token_file.empty()) RETURN_IF_ERROR(ReadBearerToken(options.token_file).status());
  HttpClientOptions http;
  http.url = options.url;
  http.ca_file = options.ca_file;
  http.timeout = options.timeout;
  if (!options.accept.empty()) http.headers.push_back(absl::StrCat("Accept: ", options.accept));
  return std::make_unique<HttpPageSource>(options, std::move(http));
}

}  // namespace semcached
