#include "service/http_page.h"

#include <absl/strings/str_cat.h>
#include <httplib.h>
#include <sys/socket.h>

#include <thread>
#include <utility>

namespace semcached {
namespace {

// A connection that says nothing holds a thread, and a stop, for as long as its patience.
constexpr size_t kThreads = 8;
constexpr time_t kPatienceSeconds = 1;

void AnswerProbe(const Probe& probe, httplib::Response* response) {
  response->status = probe.good ? 200 : 503;
  response->set_content(probe.text + "\n", "text/plain");
}

class HttplibPage final : public HttpPage {
 public:
  explicit HttplibPage(HttpPageParts parts) : parts_(std::move(parts)) {
    server_.new_task_queue = [] { return new httplib::ThreadPool(kThreads); };
    server_.set_payload_max_length(4096);
    // Not SO_REUSEPORT, as it has by itself: two servers would share the port, and a probe meet
    // either.
    server_.set_socket_options([](socket_t socket) {
      const int yes = 1;
      setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
    });
    server_.set_keep_alive_timeout(kPatienceSeconds);
    server_.set_read_timeout(kPatienceSeconds);
    server_.Get("/metrics", [this](const httplib::Request&, httplib::Response& response) {
      response.set_content(parts_.metrics(), "text/plain; version=0.0.4");
    });
    server_.Get("/livez", [this](const httplib::Request&, httplib::Response& response) {
      AnswerProbe(parts_.live(), &response);
    });
    server_.Get("/readyz", [this](const httplib::Request&, httplib::Response& response) {
      AnswerProbe(parts_.ready(), &response);
    });
  }

  ~HttplibPage() override {
    server_.stop();
    if (thread_.joinable()) thread_.join();
  }

  absl::Status Listen(const std::string& host, int port) {
    port_ =
        port == 0 ? server_.bind_to_any_port(host) : (server_.bind_to_port(host, port) ? port : -1);
    if (port_ < 0) {
      return absl::UnavailableError(
          absl::StrCat("cannot listen for http on ", host, ":", port, "; is the port taken?"));
    }
    thread_ = std::thread([this] { server_.listen_after_bind(); });
    while (!server_.is_running()) std::this_thread::yield();  // so that stop() finds it running
    return absl::OkStatus();
  }

  int port() const override { return port_; }

 private:
  const HttpPageParts parts_;
  httplib::Server server_;
  std::thread thread_;
  int port_ = -1;
};

}  // namespace

absl::StatusOr<std::unique_ptr<HttpPage>> StartHttpPage(const std::string& host, int port,
                                                        HttpPageParts parts) {
  auto page = std::make_unique<HttplibPage>(std::move(parts));
  if (absl::Status status = page->Listen(host, port); !status.ok()) return status;
  return page;
}

}  // namespace semcached
