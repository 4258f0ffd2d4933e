#ifndef SEMCACHED_SRC_MAIN_APPLICATION_H_
#define SEMCACHED_SRC_MAIN_APPLICATION_H_

#include <absl/status/statusor.h>

#include <atomic>
#include <future>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "main/memory_watch.h"
#include "semcached/access/access_control.h"
#include "semcached/base/executor.h"
#include "semcached/base/metrics.h"
#include "semcached/base/mutex.h"
#include "semcached/base/periodic_task.h"
#include "semcached/cache/learn_classifier.h"
#include "semcached/cache/semantic_cache.h"
#include "semcached/cache/verifier_keeper.h"
#include "semcached/config/server_config.h"
#include "semcached/config/watcher.h"
#include "semcached/embed/embedder.h"
#include "semcached/embed/recent_embeddings.h"
#include "semcached/policy/evidence.h"
#include "semcached/policy/evidence_observer.h"
#include "semcached/policy/lease_load.h"
#include "semcached/policy/load_scraper.h"
#include "semcached/policy/miss_latency.h"
#include "semcached/policy/policy_manager.h"
#include "semcached/policy/reported_load.h"
#include "semcached/policy/scraped_load.h"
#include "semcached/service/server.h"
#include "semcached/store/document_store.h"

namespace semcached {

struct StartOptions {
  bool allow_remote = false;     // listen where other machines can reach, without authentication
  bool strict_recovery = false;  // a damaged store ends the start; else it is moved aside
};

// One process of semcached: makes every part, joins them, and takes them down in order.
class Application {
 public:
  // Everything up to listening. The store's content is read beside, after that.
  //
  // InvalidArgument: the configuration. FailedPrecondition: the store. Unavailable, AlreadyExists:
  // an address. Internal: the classifier cannot be learned.
  static absl::StatusOr<std::unique_ptr<Application>> Start(const ServerConfig& config,
                                                            const StartOptions& options);
  ~Application();

  const ServerAddresses& addresses() const { return server_->addresses(); }

  // Reads the category files again, and the file of principals. Where one of the two has errors,
  // what is in force of it stays, and the status holds all of them.
  absl::Status Reload() ABSL_LOCKS_EXCLUDED(reload_mutex_);

  // Finishes what is in flight.
  void Stop();

 private:
  explicit Application(const ServerConfig& config);

  using LoadingEmbedders =
      std::map<std::string, std::future<absl::StatusOr<std::unique_ptr<Embedder>>>>;
  absl::Status AwaitEmbedders(LoadingEmbedders* loading);
  absl::Status Make(const StartOptions& options);
  absl::Status OpenStore(const StartOptions& options);
  absl::Status MakeScraper();
  // Null where nothing is to be classified.
  absl::StatusOr<std::shared_ptr<const Classifier>> Learn(const CategoryPolicySet& categories)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(reload_mutex_);
  absl::Status ReloadPolicies() ABSL_EXCLUSIVE_LOCKS_REQUIRED(reload_mutex_);
  absl::Status ReloadPrincipals() ABSL_EXCLUSIVE_LOCKS_REQUIRED(reload_mutex_);
  absl::Status Listen(bool allow_remote);
  // What feedback and audits taught, over restarts.
  void LoadEvidence();
  void SaveEvidence();
  // Looks at the memory of the control group, and takes the step that it asks for.
  void WatchMemory();
  void RequestRecovery() ABSL_LOCKS_EXCLUDED(recovery_mutex_);
  void RecoverWhenAsked() ABSL_LOCKS_EXCLUDED(recovery_mutex_);

  const ServerConfig config_;

  // In the order in which they need one another; destroyed the other way round.
  Metrics metrics_;
  AccessControl access_;
  std::map<std::string, std::unique_ptr<Embedder>> embedders_;
  std::unique_ptr<DocumentStore> store_;
  std::unique_ptr<RecentEmbeddings> recent_embeddings_;
  std::unique_ptr<ThreadPool> builds_;
  ReportedLoad reported_load_;
  MissLatency miss_latency_;
  LeaseLoad lease_load_;
  ScrapedLoad scraped_load_;
  std::unique_ptr<LoadScraper> scraper_;
  EvidenceBook evidence_;
  EvidenceObserver evidence_observer_;
  std::atomic<bool> evidence_read_{false};  // else saving would overwrite what is still there
  std::unique_ptr<VerifierKeeper> verifiers_;
  std::unique_ptr<PolicyManager> policies_;
  std::unique_ptr<SemanticCache> cache_;
  std::unique_ptr<ThreadPool> workers_;
  std::unique_ptr<Server> server_;

  Mutex reload_mutex_;  // one reload at a time
  ClassifierTeacher teacher_ ABSL_GUARDED_BY(reload_mutex_);

  Mutex recovery_mutex_;
  CondVar recovery_asked_;
  bool recovery_due_ ABSL_GUARDED_BY(recovery_mutex_) = true;
  std::atomic<bool> stopping_{false};
  std::thread recovery_;

  std::unique_ptr<PeriodicTask> cache_tick_;
  std::unique_ptr<PeriodicTask> comparison_tick_;
  std::unique_ptr<MemoryWatch> memory_watch_;
  int looks_while_short_ = 0;  // of the watch's thread
  std::unique_ptr<PeriodicTask> memory_tick_;
  std::unique_ptr<PeriodicTask> lease_tick_;
  std::unique_ptr<PeriodicTask> policy_tick_;
  std::unique_ptr<PeriodicTask> minute_tick_;
  std::unique_ptr<DirectoryWatcher> watcher_;
  std::unique_ptr<DirectoryWatcher> principals_watcher_;  // null: no such file is configured
};

}  // namespace semcached

#endif  // SEMCACHED_SRC_MAIN_APPLICATION_H_
