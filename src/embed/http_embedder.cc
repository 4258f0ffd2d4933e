#include "semcached/embed/http_embedder.h"

#include <absl/strings/str_cat.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <utility>

#include "embed/embedding_json.h"
#include "embed/retry_budget.h"
#include "embed/texts.h"
#include "semcached/base/status.h"
#include "semcached/http/http_client.h"

namespace semcached {
namespace {

// A component takes at most 25 characters; the rest is room for commas and indentation.
constexpr size_t kBytesPerComponent = 64;
constexpr size_t kBytesBeside = size_t{1} << 20;

using Vectors = std::vector<std::vector<float>>;

bool WorthRetrying(const HttpAnswer& answer) {
  switch (answer.outcome) {
    case HttpOutcome::kAnswered:
      return answer.status == 429 || answer.status >= 500;
    case HttpOutcome::kRefused:
      return true;
    case HttpOutcome::kFailed:
      return false;
  }
  return false;
}

// What an operator should look at; the answer's body may repeat a text and is never shown.
const char* Advice(long status) {
  switch (status) {
    case 400:
    case 422:
      return ": check the configured model, and that no text is too long for it";
    case 401:
    case 403:
      return ": check api_key_file";
    case 404:
      return ": check url and model";
    case 429:
      return ": its rate limit is reached";
    default:
      return status >= 300 && status < 400 ? ": redirects are not followed, check url" : "";
  }
}

absl::Status Unusable(const HttpAnswer& answer) {
  if (answer.outcome == HttpOutcome::kAnswered) {
    return absl::UnavailableError(absl::StrCat("the embeddings endpoint answered HTTP ",
                                               answer.status, Advice(answer.status)));
  }
  return absl::UnavailableError(absl::StrCat("the embeddings endpoint: ", answer.problem));
}

class HttpEmbedder final : public Embedder {
 public:
  HttpEmbedder(const HttpEmbedderOptions& options, HttpClientOptions http)
      : model_(options.model),
        identity_(absl::StrCat(options.model, "@http/", options.dimension)),
        dimension_(static_cast<size_t>(options.dimension)),
        max_attempts_(options.max_attempts),
        max_batch_(static_cast<size_t>(options.max_batch)),
        client_(std::move(http)) {}

  const std::string& identity() const override { return identity_; }
  size_t dimension() const override { return dimension_; }
  bool is_local() const override { return false; }

  absl::StatusOr<Vectors> Embed(absl::Span<const std::string_view> texts,
                                const Call& call) override {
    RETURN_IF_ERROR(CheckTexts(texts));
    Vectors vectors;
    vectors.reserve(texts.size());
    for (size_t first = 0; first < texts.size(); first += max_batch_) {
      ASSIGN_OR_RETURN(Vectors batch, EmbedBatch(texts.subspan(first, max_batch_), call));
      std::move(batch.begin(), batch.end(), std::back_inserter(vectors));
    }
    return vectors;
  }

 private:
  absl::StatusOr<Vectors> EmbedBatch(absl::Span<const std::string_view> texts, const Call& call) {
    const std::string request = EmbeddingRequest(model_, texts);
    const size_t max_answer = kBytesBeside + texts.size() * dimension_ * kBytesPerComponent;
    budget_.CountRequest();
    for (int attempt = 1;; ++attempt) {
      RETURN_IF_ERROR(call.Check());
      ASSIGN_OR_RETURN(const HttpAnswer answer, client_.Post(request, max_answer, call));
      if (answer.outcome == HttpOutcome::kAnswered && answer.status == 200) {
        return ParseEmbeddingAnswer(answer.body, texts.size(), dimension_);
      }
      if (attempt == max_attempts_ || !WorthRetrying(answer) || !budget_.TakeRetry()) {
        return Unusable(answer);
      }
    }
  }

  const std::string model_;
  const std::string identity_;
  const size_t dimension_;
  const int max_attempts_;
  const size_t max_batch_;
  HttpClient client_;
  RetryBudget budget_;
};

absl::Status CheckRange(const char* name, int64_t value, int64_t least, int64_t most) {
  if (value >= least && value <= most) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat(name, " is ", value, "; allowed: ", least, " to ", most));
}

}  // namespace

absl::StatusOr<std::unique_ptr<Embedder>> MakeHttpEmbedder(const HttpEmbedderOptions& options) {
  RETURN_IF_ERROR(HttpClient::CheckUrl(options.url, "api_key_file"));
  if (options.model.empty()) return absl::InvalidArgumentError("model is empty");
  RETURN_IF_ERROR(CheckRange("dimension", options.dimension, 1, 65536));
  RETURN_IF_ERROR(CheckRange("max_attempts", options.max_attempts, 1, 10));
  RETURN_IF_ERROR(CheckRange("max_batch", options.max_batch, 1, 2048));
  RETURN_IF_ERROR(CheckRange("timeout in milliseconds", absl::ToInt64Milliseconds(options.timeout),
                             1, 600'000));
  HttpClientOptions http;
  http.url = options.url;
  http.ca_file = options.ca_file;
  http.timeout = options.timeout;
  http.headers = {"Content-Type: application/json", "Accept: application/json"};
  if (!options.ca_file.empty() && !std::ifstream(options.ca_file).good()) {
    return absl::InvalidArgumentError(absl::StrCat(options.ca_file, ": cannot be read"));
  }
  if (!options.api_key_file.empty()) {
    ASSIGN_OR_RETURN(const std::string key, ReadBearerToken(options.api_key_file));
    http.headers.push_back(absl::StrCat("Authorization: Bearer ", key));
  }
  return std::make_unique<HttpEmbedder>(options, std::move(http));
}

}  // namespace semcached
