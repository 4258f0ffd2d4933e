#include "embed/stand_in_server.h"

#include <httplib.h>

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <thread>
#include <utility>

namespace semcached {

struct StandInServer::Http {
  httplib::Server server;
  int port = 0;
  std::thread thread;
};

StandInServer::StandInServer() : http_(std::make_unique<Http>()) {
  http_->server.Post("/v1/embeddings", [this](const httplib::Request& in, httplib::Response& out) {
    const Answer answer = Handle(in.remote_port, in.get_header_value("Authorization"), in.body);
    out.status = answer.status;
    out.set_content(answer.body, "application/json");
  });
  http_->port = http_->server.bind_to_any_port("127.0.0.1");
  http_->thread = std::thread([this] { http_->server.listen_after_bind(); });
}

StandInServer::~StandInServer() {
  {
    MutexLock lock(&mutex_);
    ending_ = true;
  }
  changed_.SignalAll();
  // stop() before the server runs would be forgotten.
  while (!http_->server.is_running()) std::this_thread::yield();
  http_->server.stop();
  http_->thread.join();
}

std::string StandInServer::url() const {
  return absl::StrCat("http://127.0.0.1:", http_->port, "/v1/embeddings");
}

void StandInServer::Next(std::vector<Script> scripts) {
  MutexLock lock(&mutex_);
  scripts_ = std::move(scripts);
}

StandInServer::Script StandInServer::Hang(std::function<void()> reached) {
  return [this, reached = std::move(reached)](const std::string&) {
    if (reached) reached();
    MutexLock lock(&mutex_);
    while (!ending_) changed_.Wait(&mutex_);
    return Answer{};
  };
}

StandInServer::Answer StandInServer::GoodAnswer(const std::string& request) const {
  const nlohmann::json asked = nlohmann::json::parse(request);
  nlohmann::json data = nlohmann::json::array();
  for (const nlohmann::json& text : asked.at("input")) {
    std::vector<float> vector = model_.VectorOf(text.get<std::string>());
    for (float& value : vector) value *= 3;  // norms of endpoints are not to be relied on
    data.push_back({{"object", "embedding"}, {"index", data.size()}, {"embedding", vector}});
  }
  std::reverse(data.begin(), data.end());  // nor is their order
  const nlohmann::json answer = {{"object", "list"}, {"data", data}, {"model", asked.at("model")}};
  return {200, answer.dump()};
}

size_t StandInServer::requests() const {
  MutexLock lock(&mutex_);
  return requests_;
}

std::string StandInServer::last_authorization() const {
  MutexLock lock(&mutex_);
  return last_authorization_;
}

size_t StandInServer::connections() const {
  MutexLock lock(&mutex_);
  return remote_ports_.size();
}

StandInServer::Answer StandInServer::Handle(int remote_port, const std::string& authorization,
                                            const std::string& request) {
  Script script;
  {
    MutexLock lock(&mutex_);
    ++requests_;
    last_authorization_ = authorization;
    if (std::count(remote_ports_.begin(), remote_ports_.end(), remote_port) == 0) {
      remote_ports_.push_back(remote_port);
    }
    if (!scripts_.empty()) {
      script = std::move(scripts_.front());
      scripts_.erase(scripts_.begin());
    }
  }
  return script ? script(request) : GoodAnswer(request);
}

}  // namespace semcached
