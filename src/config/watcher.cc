#include "semcached/config/watcher.h"

#include <absl/strings/str_cat.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <utility>

#include "config/file.h"
#include "semcached/base/hash.h"
#include "semcached/base/log.h"

namespace semcached {
namespace {

constexpr int kPollMilliseconds = 30'000;

// A swap or a copy of many files comes as a burst of events: it is looked at once it has been quiet
// this long, or after so many events.
constexpr int kQuietMilliseconds = 50;
constexpr int kMostBursts = 20;

// Not IN_MODIFY: a file that is being written is not looked at before it is closed.
constexpr uint32_t kEvents = IN_CREATE | IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE |
                             IN_DELETE_SELF | IN_MOVE_SELF;

// Names, and hashes of what is behind them, through symbolic links.
std::string Fingerprint(const std::string& directory) {
  const HashKey key{};  // it is for noticing, not against anyone
  const absl::StatusOr<std::vector<std::string>> names = ListYamlFiles(directory);
  if (!names.ok()) return names.status().ToString();
  std::string fingerprint;
  for (const std::string& name : *names) {
    const absl::StatusOr<std::string> content = ReadFile(absl::StrCat(directory, "/", name));
    AppendLengthPrefixed(name, &fingerprint);
    if (content.ok()) {
      absl::StrAppend(&fingerprint, Hex(KeyedHash(key, *content)), "\n");
    } else {
      absl::StrAppend(&fingerprint, content.status().ToString(), "\n");
    }
  }
  return fingerprint;
}

// inotify on one directory, whatever becomes of it.
class Inotify {
 public:
  explicit Inotify(const std::string& directory)
      : directory_(directory), queue_(inotify_init1(IN_CLOEXEC | IN_NONBLOCK)) {
    if (queue_ < 0) {
      LogWarning("config_watch_by_polling_only",
                 {{"directory", directory}, {"error", std::strerror(errno)}});
    }
  }
  ~Inotify() {
    if (queue_ >= 0) close(queue_);
  }
  Inotify(const Inotify&) = delete;
  Inotify& operator=(const Inotify&) = delete;

  int descriptor() const { return queue_; }

  // Watches the directory that now has the name; does nothing if it is watched already.
  void Watch() {
    if (queue_ < 0) return;
    const int watch = inotify_add_watch(queue_, directory_.c_str(), kEvents | IN_ONLYDIR);
    if (watch != watch_ && watch_ >= 0) inotify_rm_watch(queue_, watch_);
    watch_ = watch;
  }

  void Drain() {
    char events[4096];
    while (queue_ >= 0 && read(queue_, events, sizeof(events)) > 0) {
    }
  }

 private:
  const std::string directory_;
  const int queue_;
  int watch_ = -1;
};

// Waits for `queue` or `stop` (-1: not looked at); returns true if `stop` is set.
bool WaitFor(int queue, int stop, int milliseconds, bool* has_events) {
  pollfd descriptors[] = {{queue, POLLIN, 0}, {stop, POLLIN, 0}};
  const int count = poll(descriptors, 2, milliseconds);
  *has_events = count > 0 && (descriptors[0].revents & POLLIN) != 0;
  return count > 0 && descriptors[1].revents != 0;
}

}  // namespace

DirectoryWatcher::DirectoryWatcher(std::string directory, std::function<void()> on_change)
    : directory_(std::move(directory)),
      on_change_(std::move(on_change)),
      stop_event_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      last_seen_(Fingerprint(directory_)) {}

DirectoryWatcher::~DirectoryWatcher() {
  Stop();
  if (stop_event_ >= 0) close(stop_event_);
}

void DirectoryWatcher::Start() {
  if (stop_event_ < 0) {
    LogError("config_watch_failed", {{"directory", directory_}});
    return;
  }
  if (!thread_.joinable()) thread_ = std::thread([this] { Run(); });
}

void DirectoryWatcher::Stop() {
  if (!thread_.joinable()) return;
  eventfd_write(stop_event_, 1);
  thread_.join();
  eventfd_t ignored;
  eventfd_read(stop_event_, &ignored);
}

bool DirectoryWatcher::Poll() {
  {
    MutexLock lock(&mutex_);
    std::string now = Fingerprint(directory_);
    if (now == last_seen_) return false;
    last_seen_ = std::move(now);
  }
  on_change_();
  return true;
}

void DirectoryWatcher::Run() {
  Inotify inotify(directory_);
  bool stop = false;
  while (!stop) {
    // Watch first, then look: what happens in between is seen twice rather than never.
    inotify.Watch();
    Poll();
    bool has_events = false;
    stop = WaitFor(inotify.descriptor(), stop_event_, kPollMilliseconds, &has_events);
    for (int i = 0; i < kMostBursts && has_events && !stop; ++i) {
      inotify.Drain();
      stop = WaitFor(inotify.descriptor(), stop_event_, kQuietMilliseconds, &has_events);
    }
  }
}

}  // namespace semcached
