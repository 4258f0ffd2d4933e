#include "semcached/net/listener_watch.h"

#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <cerrno>
#include <utility>

#include "semcached/base/log.h"

namespace semcached {
namespace {

// One may fail on a machine that was asleep or is overrun.
constexpr int kFailuresOfTheDeaf = 3;

}  // namespace

absl::Status TryListener(const SocketAddress& address, absl::Duration patience) {
  const Descriptor connection(socket(address.get()->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const int fd = connection.get();
  if (fd < 0) return absl::ErrnoToStatus(errno, "cannot make a socket");
  const timeval longest = absl::ToTimeval(patience);
  // The first holds for connect(), too.
  if (setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &longest, sizeof(longest)) != 0 ||
      setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &longest, sizeof(longest)) != 0) {
    return absl::ErrnoToStatus(errno, "cannot bound the wait");
  }
  if (connect(fd, address.get(), address.size) != 0) {
    return absl::ErrnoToStatus(errno, "cannot connect");
  }
  shutdown(fd, SHUT_WR);
  char greeting[256];
  ssize_t got = 0;
  do {
    got = recv(fd, greeting, sizeof(greeting), 0);
  } while (got > 0);
  if (got == 0 || errno == ECONNRESET) return absl::OkStatus();
  return absl::ErrnoToStatus(errno, "connected, and nobody took it in");
}

ListenerWatch::ListenerWatch(std::vector<WatchedListener> listeners, Metrics* metrics)
    : listeners_(std::move(listeners)), failures_(listeners_.size(), 0) {
  for (const WatchedListener& listener : listeners_) {
    healthy_.push_back(metrics->AddGauge(
        "semcached_listener_healthy",
        "0 once three connections in a row of the process to itself got no answer; else 1.",
        {{"listener", listener.name}}));
    healthy_.back().Set(1);
  }
}

void ListenerWatch::Look() {
  for (size_t i = 0; i < listeners_.size(); ++i) Note(i, listeners_[i].attempt());
}

void ListenerWatch::Note(size_t which, const absl::Status& status) {
  int before = 0;
  int failures = 0;
  {
    MutexLock lock(&mutex_);
    before = failures_[which];
    failures = failures_[which] = status.ok() ? 0 : before + 1;
  }
  const std::string& name = listeners_[which].name;
  if (failures == kFailuresOfTheDeaf) {
    healthy_[which].Set(0);
    LogError("a listener does not take connections; restart the process if it does not recover",
             {{"listener", name}, {"why", status.message()}});
  } else if (failures > 0 && failures < kFailuresOfTheDeaf) {
    LogWarning("a listener did not answer", {{"listener", name}, {"why", status.message()}});
  } else if (failures == 0 && before >= kFailuresOfTheDeaf) {
    healthy_[which].Set(1);
    LogInfo("a listener takes connections again", {{"listener", name}});
  }
}

std::string ListenerWatch::Deaf() const {
  std::vector<std::string> deaf;
  MutexLock lock(&mutex_);
  for (size_t i = 0; i < listeners_.size(); ++i) {
    if (failures_[i] >= kFailuresOfTheDeaf) deaf.push_back(listeners_[i].name);
  }
  return absl::StrJoin(deaf, ", ");
}

}  // namespace semcached
