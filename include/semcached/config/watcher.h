// Notices that the category files changed.
#ifndef SEMCACHED_CONFIG_WATCHER_H_
#define SEMCACHED_CONFIG_WATCHER_H_

#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "semcached/base/mutex.h"

namespace semcached {

// Watches a directory for renames in place, writes and the Kubernetes `..data` swap. A change is
// told once, when the content of the *.yaml files differs from what was last seen: the directory is
// watched by inotify (not the files, whose watches die with a rename) and, for file systems that
// report nothing, compared by content every 30 seconds.
//
// Poll() is thread-safe; Start() and Stop() are for the owner's thread, never for `on_change`.
class DirectoryWatcher {
 public:
  // Remembers the content as it is now: make the watcher before the first load, so that nothing
  // falls between the two. `on_change` runs on the watcher's thread, or on that of Poll()'s caller.
  DirectoryWatcher(std::string directory, std::function<void()> on_change);
  ~DirectoryWatcher();  // stops

  // Starts the thread. Without it, only Poll() looks.
  void Start();
  void Stop();

  // Compares the content now; calls on_change and returns true if it differs.
  bool Poll() ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  void Run();

  const std::string directory_;
  const std::function<void()> on_change_;
  const int stop_event_;  // an eventfd
  std::thread thread_;    // the owner's

  Mutex mutex_;
  std::string last_seen_ ABSL_GUARDED_BY(mutex_);  // names and hashes of the files
};

}  // namespace semcached

#endif  // SEMCACHED_CONFIG_WATCHER_H_
