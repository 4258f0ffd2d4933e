#include "semcached/http/http_client.h"

#include <absl/strings/ascii.h>
#include <absl/strings/str_cat.h>
#include <curl/curl.h>

#include <algorithm>
#include <fstream>
#include <string_view>
#include <utility>

#include "semcached/base/status.h"

namespace semcached {
namespace {

constexpr absl::Duration kLongestWait = absl::Milliseconds(10);
constexpr size_t kMostIdle = 16;

struct Receiver {
  std::string* body;
  size_t max_bytes;
  bool overflowed = false;
};

size_t Receive(char* data, size_t size, size_t count, void* context) {
  auto* receiver = static_cast<Receiver*>(context);
  if (size * count > receiver->max_bytes - receiver->body->size()) {
    receiver->overflowed = true;
    return 0;
  }
  receiver->body->append(data, size * count);
  return size * count;
}

void InitialiseOnce() {
  static const CURLcode done = curl_global_init(CURL_GLOBAL_DEFAULT);
  (void)done;
}

// Empty if the URL has no such part.
std::string UrlPart(CURLU* url, CURLUPart part) {
  char* text = nullptr;
  if (curl_url_get(url, part, &text, 0) != CURLUE_OK) return "";
  std::string result(text);
  curl_free(text);
  return result;
}

}  // namespace

// A transfer's handles. The multi handle keeps the connection alive between transfers, and lets
// the waiting look at the call.
class HttpClient::Connection {
 public:
  explicit Connection(const HttpClientOptions& options)
      : easy_(curl_easy_init()), multi_(curl_multi_init()), standing_headers_(options.headers) {
    standing_headers_.emplace_back("Expect:");  // no round trip to ask for leave
    curl_easy_setopt(easy_, CURLOPT_URL, options.url.c_str());
    curl_easy_setopt(easy_, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy_, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(easy_, CURLOPT_PROXY, "");
    curl_easy_setopt(easy_, CURLOPT_NOSIGNAL, 1L);
    // Else a deadline would wait for a name server.
    curl_easy_setopt(easy_, CURLOPT_QUICK_EXIT, 1L);
    curl_easy_setopt(easy_, CURLOPT_TIMEOUT_MS,
                     static_cast<long>(absl::ToInt64Milliseconds(options.timeout)));
    curl_easy_setopt(easy_, CURLOPT_WRITEFUNCTION, &Receive);
    if (!options.ca_file.empty()) {
      curl_easy_setopt(easy_, CURLOPT_CAINFO, options.ca_file.c_str());
    }
  }

  ~Connection() {
    curl_easy_cleanup(easy_);
    curl_multi_cleanup(multi_);
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  absl::StatusOr<HttpAnswer> Post(const std::string& body, size_t max_answer_bytes,
                                  const Call& call) {
    curl_easy_setopt(easy_, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
    curl_easy_setopt(easy_, CURLOPT_POSTFIELDS, body.data());
    return Transfer({}, max_answer_bytes, call);
  }

  absl::StatusOr<HttpAnswer> Get(const std::vector<std::string>& more_headers,
                                 size_t max_answer_bytes, const Call& call) {
    curl_easy_setopt(easy_, CURLOPT_HTTPGET, 1L);
    return Transfer(more_headers, max_answer_bytes, call);
  }

 private:
  using Headers = std::unique_ptr<curl_slist, void (*)(curl_slist*)>;

  Headers HeadersWith(const std::vector<std::string>& more) const {
    curl_slist* list = nullptr;
    for (const std::string& header : standing_headers_) {
      list = curl_slist_append(list, header.c_str());
    }
    for (const std::string& header : more) list = curl_slist_append(list, header.c_str());
    return {list, &curl_slist_free_all};
  }

  absl::StatusOr<HttpAnswer> Transfer(const std::vector<std::string>& more_headers,
                                      size_t max_answer_bytes, const Call& call) {
    HttpAnswer answer;
    Receiver receiver{&answer.body, max_answer_bytes};
    const Headers headers = HeadersWith(more_headers);
    curl_easy_setopt(easy_, CURLOPT_HTTPHEADER, headers.get());
    curl_easy_setopt(easy_, CURLOPT_WRITEDATA, &receiver);

    curl_multi_add_handle(multi_, easy_);
    const absl::StatusOr<CURLcode> code = Drive(call);
    curl_multi_remove_handle(multi_, easy_);               // closes what is unfinished
    curl_easy_setopt(easy_, CURLOPT_HTTPHEADER, nullptr);  // the list goes now

    RETURN_IF_ERROR(code.status());
    if (*code == CURLE_OK) {
      answer.outcome = HttpOutcome::kAnswered;
      curl_easy_getinfo(easy_, CURLINFO_RESPONSE_CODE, &answer.status);
    } else if (*code == CURLE_COULDNT_CONNECT) {
      answer.outcome = HttpOutcome::kRefused;
      answer.problem = curl_easy_strerror(*code);
    } else if (receiver.overflowed) {
      answer.problem = absl::StrCat("the answer is larger than ", max_answer_bytes, " bytes");
    } else {
      answer.problem = curl_easy_strerror(*code);
    }
    return answer;
  }

  // How the transfer ended, or why the call no longer wants it.
  absl::StatusOr<CURLcode> Drive(const Call& call) {
    while (true) {
      int running = 0;
      if (curl_multi_perform(multi_, &running) != CURLM_OK) return CURLE_FAILED_INIT;
      if (running == 0) break;
      RETURN_IF_ERROR(call.Check());
      const absl::Duration wait = std::min(kLongestWait, call.Remaining());
      const int wait_ms = static_cast<int>(absl::ToInt64Milliseconds(wait)) + 1;
      curl_multi_poll(multi_, nullptr, 0, wait_ms, nullptr);
    }
    int left = 0;
    const CURLMsg* message = curl_multi_info_read(multi_, &left);
    return message == nullptr ? CURLE_FAILED_INIT : message->data.result;
  }

  CURL* const easy_;
  CURLM* const multi_;
  std::vector<std::string> standing_headers_;
};

absl::Status HttpClient::CheckUrl(const std::string& url, const char* token_key) {
  const std::unique_ptr<CURLU, void (*)(CURLU*)> parsed(curl_url(), &curl_url_cleanup);
  if (curl_url_set(parsed.get(), CURLUPART_URL, url.c_str(), 0) != CURLUE_OK) {
    return absl::InvalidArgumentError("url cannot be read; allowed: http://host/path, https://...");
  }
  const std::string scheme = absl::AsciiStrToLower(UrlPart(parsed.get(), CURLUPART_SCHEME));
  if (scheme != "http" && scheme != "https") {
    return absl::InvalidArgumentError(
        absl::StrCat("url has the scheme \"", scheme, "\"; allowed: http, https"));
  }
  if (!UrlPart(parsed.get(), CURLUPART_USER).empty() ||
      !UrlPart(parsed.get(), CURLUPART_PASSWORD).empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat("url holds credentials; put a token into a file and name it in ", token_key));
  }
  return absl::OkStatus();
}

HttpClient::HttpClient(HttpClientOptions options) : options_(std::move(options)) {
  InitialiseOnce();
}

HttpClient::~HttpClient() = default;

std::unique_ptr<HttpClient::Connection> HttpClient::Borrow() {
  {
    MutexLock lock(&mutex_);
    if (!idle_.empty()) {
      std::unique_ptr<Connection> connection = std::move(idle_.back());
      idle_.pop_back();
      return connection;
    }
  }
  return std::make_unique<Connection>(options_);
}

void HttpClient::GiveBack(std::unique_ptr<Connection> connection) {
  MutexLock lock(&mutex_);
  if (idle_.size() < kMostIdle) idle_.push_back(std::move(connection));
}

absl::StatusOr<HttpAnswer> HttpClient::Post(const std::string& body, size_t max_answer_bytes,
                                            const Call& call) {
  std::unique_ptr<Connection> connection = Borrow();
  absl::StatusOr<HttpAnswer> answer = connection->Post(body, max_answer_bytes, call);
  GiveBack(std::move(connection));
  return answer;
}

absl::StatusOr<HttpAnswer> HttpClient::Get(const std::vector<std::string>& more_headers,
                                           size_t max_answer_bytes, const Call& call) {
  std::unique_ptr<Connection> connection = Borrow();
  absl::StatusOr<HttpAnswer> answer = connection->Get(more_headers, max_answer_bytes, call);
  GiveBack(std::move(connection));
  return answer;
}

absl::StatusOr<std::string> ReadBearerToken(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  absl::StripAsciiWhitespace(&line);
  if (line.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat(path, ": cannot be read, or its first line is empty; a token is expected"));
  }
  // Anything else could end the header line early.
  if (!std::all_of(line.begin(), line.end(),
                   [](unsigned char c) { return absl::ascii_isgraph(c); })) {
    return absl::InvalidArgumentError(
        absl::StrCat(path, ": the first line is no token: it has blanks or control characters"));
  }
  return line;
}

}  // namespace semcached
