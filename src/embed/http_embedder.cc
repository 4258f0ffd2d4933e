#include "semcached/embed/http_embedder.h"

#include <absl/strings/ascii.h>
#include <absl/strings/str_cat.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <utility>

#include "embed/embedding_json.h"
#include "embed/http_post.h"
#include "embed/retry_budget.h"
#include "embed/texts.h"
#include "semcached/base/status.h"

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
  HttpEmbedder(const HttpEmbedderOptions& options, HttpPostOptions post)
      : model_(options.model),
        identity_(absl::StrCat(options.model, "@http/", options.dimension)),
        dimension_(static_cast<size_t>(options.dimension)),
        max_attempts_(options.max_attempts),
        max_batch_(static_cast<size_t>(options.max_batch)),
        post_(std::move(post)) {}

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
      ASSIGN_OR_RETURN(const HttpAnswer answer, post_.Send(request, max_answer, call));
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
  HttpPost post_;
  RetryBudget budget_;
};

absl::Status CheckRange(const char* name, int64_t value, int64_t least, int64_t most) {
  if (value >= least && value <= most) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat(name, " is ", value, "; allowed: ", least, " to ", most));
}

absl::StatusOr<std::string> ReadKey(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  absl::StripAsciiWhitespace(&line);
  if (line.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat(path, ": cannot be read, or its first line is empty; an API key is expected"));
  }
  // Anything else could end the header line early.
  if (!std::all_of(line.begin(), line.end(),
                   [](unsigned char c) { return absl::ascii_isgraph(c); })) {
    return absl::InvalidArgumentError(
        absl::StrCat(path, ": the first line is no API key: it has blanks or control characters"));
  }
  return line;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Embedder>> MakeHttpEmbedder(const HttpEmbedderOptions& options) {
  RETURN_IF_ERROR(HttpPost::CheckUrl(options.url));
  if (options.model.empty()) return absl::InvalidArgumentError("model is empty");
  RETURN_IF_ERROR(CheckRange("dimension", options.dimension, 1, 65536));
  RETURN_IF_ERROR(CheckRange("max_attempts", options.max_attempts, 1, 10));
  RETURN_IF_ERROR(CheckRange("max_batch", options.max_batch, 1, 2048));
  RETURN_IF_ERROR(CheckRange("timeout in milliseconds", absl::ToInt64Milliseconds(options.timeout),
                             1, 600'000));
  HttpPostOptions post;
  post.url = options.url;
  post.ca_file = options.ca_file;
  post.timeout = options.timeout;
  post.headers = {"Content-Type: application/json", "Accept: application/json"};
  if (!options.ca_file.empty() && !std::ifstream(options.ca_file).good()) {
    return absl::InvalidArgumentError(absl::StrCat(options.ca_file, ": cannot be read"));
  }
  if (!options.api_key_file.empty()) {
    ASSIGN_OR_RETURN(const std::string key, ReadKey(options.api_key_file));
    post.headers.push_back(absl::StrCat("Authorization: Bearer ", key));
  }
  return std::make_unique<HttpEmbedder>(options, std::move(post));
}

}  // namespace semcached
