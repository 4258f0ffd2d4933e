#include "main/application.h"

#include <absl/strings/str_cat.h>
#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <future>
#include <utility>

#include "main/memory_fit.h"
#include "semcached/base/control_group.h"
#include "semcached/base/cpus.h"
#include "semcached/base/log.h"
#include "semcached/base/random.h"
#include "semcached/base/status.h"
#include "semcached/base/version.h"
#include "semcached/config/load.h"
#include "semcached/config/principals.h"
#include "semcached/embed/http_embedder.h"
#include "semcached/embed/onnx_embedder.h"
#include "semcached/http/page_source.h"

namespace semcached {
namespace {

constexpr absl::Duration kCacheTick = absl::Seconds(1);
constexpr absl::Duration kMemoryTick = absl::Milliseconds(250);
constexpr absl::Duration kComparisonTick = absl::Seconds(1);
constexpr absl::Duration kLeaseTick = absl::Milliseconds(20);
constexpr absl::Duration kMinuteTick = absl::Minutes(1);
constexpr int64_t kLeastBuffer = 2 << 20;
constexpr int64_t kMostCache = 64 << 20;
// A hit needs the index and filter blocks of its files, or reads them: of 300,000 documents a read
// took four times as long with 4 MiB as with 64, and fourteen times with 2.
constexpr int64_t kMostBlockCache = 512 << 20;
constexpr size_t kBuildQueue = 1024;
// Workers wait for most of their time: for a run of the model that they share, for another machine
// that embeds, or for the disk.
constexpr int kWorkersACpu = 8;
constexpr int kMostWorkers = 256;

// With no more memory than the control group of this process has: one that goes beyond is killed.
ServerConfig FittedToGroup(ServerConfig config) {
  const std::optional<int64_t> group = MemoryQuota();
  const int64_t fits = MemoryThatFits(config, group);
  if (fits == config.memory_limit_bytes) return config;
  LogWarning("memory_limit does not fit the control group, less is used",
             {{"memory_limit", config.memory_limit_bytes}, {"group", *group}, {"used", fits}});
  config.memory_limit_bytes = fits;
  return config;
}

HashKey NewHashKey() {
  HashKey key;
  for (size_t i = 0; i < key.size(); i += sizeof(uint64_t)) {
    const uint64_t bits = SystemRandom().Next();
    std::copy_n(reinterpret_cast<const uint8_t*>(&bits), sizeof(bits), key.begin() + i);
  }
  return key;
}

absl::StatusOr<std::unique_ptr<Embedder>> MakeEmbedder(const EmbedderConfig& config) {
  if (config.type == EmbedderType::kOnnx) {
    return MakeOnnxEmbedder(
        {config.model_path, config.tokenizer_path, config.max_tokens, config.threads});
  }
  HttpEmbedderOptions options;
  options.url = config.url;
  options.model = config.model;
  options.dimension = config.dimension;
  options.api_key_file = config.api_key_file;
  options.ca_file = config.ca_file;
  options.timeout = config.timeout;
  options.max_attempts = config.max_attempts;
  options.max_batch = config.max_batch;
  return MakeHttpEmbedder(options);
}

}  // namespace

Application::Application(const ServerConfig& config)
    : config_(FittedToGroup(config)),
      access_(kDataPrincipal, config.feedback.max_rate, &SystemClock()),
      reported_load_(config.load),
      miss_latency_(config.load),
      lease_load_(config.load),
      scraped_load_(config.load, &metrics_),
      evidence_observer_(&evidence_, &SystemClock()),
      teacher_(config.store_path + "/examples.vectors") {}

Application::~Application() { Stop(); }

absl::StatusOr<std::unique_ptr<Application>> Application::Start(const ServerConfig& config,
                                                                const StartOptions& options) {
  std::unique_ptr<Application> application(new Application(config));
  RETURN_IF_ERROR(application->Make(options));
  RETURN_IF_ERROR(application->Listen(options.allow_remote));
  return application;
}

absl::Status Application::AwaitEmbedders(LoadingEmbedders* loading) {
  for (auto& [name, one] : *loading) {
    absl::StatusOr<std::unique_ptr<Embedder>> embedder = one.get();
    if (!embedder.ok()) {
      return absl::InvalidArgumentError(
          absl::StrCat(config_.file, ": embedders.", name, ": ", embedder.status().message()));
    }
    LogInfo("embedder", {{"name", name}, {"identity", (*embedder)->identity()}});
    embedders_[name] = *std::move(embedder);
  }
  return absl::OkStatus();
}

absl::Status Application::OpenStore(const StartOptions& options) {
  StoreOptions store;
  store.path = config_.store_path;
  // What serves all entries takes its part of memory_limit, and leaves most of it to them.
  const int64_t sixteenth = config_.memory_limit_bytes / 16;
  store.block_cache_bytes = std::clamp(sixteenth, kLeastBuffer, kMostBlockCache);
  store.write_buffer_bytes = std::clamp(sixteenth / 2, kLeastBuffer, kMostCache / 2);
  store.move_damaged_aside = !options.strict_recovery;
  Counter moved = metrics_.AddCounter("semcached_store_moved_aside_total",
                                      "Damaged stores moved aside at a start.");
  store.on_moved_aside = [&](const absl::Status& why) {
    moved.Add();
    LogError("the store is damaged: moved aside, the cache starts empty",
             {{"why", why.message()}, {"kept_in", store.path + "/damaged"}});
  };
  auto opened = OpenRocksDbStore(store);
  if (!opened.ok()) return absl::FailedPreconditionError(opened.status().message());
  store_ = *std::move(opened);
  return absl::OkStatus();
}

absl::Status Application::Make(const StartOptions& options) {
  // Made before the files are read, so that a change in between is noticed.
  watcher_ = std::make_unique<DirectoryWatcher>(config_.categories_dir,
                                                [this] { Reload().IgnoreError(); });
  const ConfigResult<CategoryPolicySetPtr> read = ReadCategories(config_);
  if (!read.ok()) return absl::InvalidArgumentError(ToString(read.errors));
  if (!config_.principals_file.empty()) {
    const auto directory = std::filesystem::absolute(config_.principals_file).parent_path();
    principals_watcher_ = std::make_unique<DirectoryWatcher>(directory.string(), [this] {
      MutexLock lock(&reload_mutex_);
      ReloadPrincipals().IgnoreError();
    });
    MutexLock lock(&reload_mutex_);
    RETURN_IF_ERROR(ReloadPrincipals());
  }
  CategoryPolicySetPtr categories = *read.value;
  const Clock& clock = SystemClock();
  metrics_
      .AddGauge("semcached_build_info", "What is running; always 1.",
                {{"version", kVersion},
                 {"revision", kRevision},
                 {"grpc", grpc::Version()},
                 {"rocksdb", StoreEngineVersion()}})
      .Set(1);
  // To load a model takes most of a start, so it goes on beside the opening of the store.
  LoadingEmbedders loading;
  for (const auto& [name, embedder] : config_.embedders) {
    // Named anew: a binding cannot be captured as it is.
    loading[name] =
        std::async(std::launch::async, [&config = embedder] { return MakeEmbedder(config); });
  }
  RETURN_IF_ERROR(OpenStore(options));
  LoadEvidence();
  RETURN_IF_ERROR(AwaitEmbedders(&loading));
  verifiers_ = std::make_unique<VerifierKeeper>(config_.store_path + "/verifiers");
  recent_embeddings_ = std::make_unique<RecentEmbeddings>(
      static_cast<size_t>(config_.recent_embeddings), NewHashKey());
  builds_ = std::make_unique<ThreadPool>("build", 1, kBuildQueue);

  std::shared_ptr<const Classifier> classifier;
  {
    MutexLock lock(&reload_mutex_);
    auto learned = Learn(*categories);
    if (!learned.ok()) {
      return absl::InternalError(
          absl::StrCat("cannot learn the categories: ", learned.status().message()));
    }
    classifier = *std::move(learned);
  }
  RETURN_IF_ERROR(MakeScraper());
  EmbedderIdentities identities;
  for (const auto& [name, embedder] : embedders_) identities[name] = embedder->identity();
  policies_ = std::make_unique<PolicyManager>(
      std::move(categories), std::move(classifier), config_.load,
      std::vector<const LoadSensor*>{&reported_load_, &scraped_load_, &miss_latency_, &lease_load_},
      clock, &metrics_, &evidence_, std::move(identities));

  const int workers =
      config_.workers > 0 ? config_.workers : std::min(kWorkersACpu * UsableCpus(), kMostWorkers);
  LogInfo("workers", {{"count", workers}});
  workers_ = std::make_unique<ThreadPool>(
      "worker", static_cast<size_t>(workers),
      static_cast<size_t>(config_.limits.max_in_flight + config_.leases.max_waiters));

  CacheOptions cache_options;
  cache_options.memory_limit_bytes = config_.memory_limit_bytes;
  cache_options.disk_limit_bytes = config_.disk_limit_bytes;
  cache_options.max_response_bytes = config_.limits.max_response_bytes;
  cache_options.require_category = config_.require_category;
  cache_options.classification_embedder = config_.classification.embedder;
  cache_options.lookup_id_ttl = config_.lookup_id_ttl;
  cache_options.max_lookup_id_bytes =
      static_cast<size_t>(std::clamp(config_.memory_limit_bytes / 16, kLeastBuffer, kMostCache));
  cache_options.recovery_threads = static_cast<size_t>(UsableCpus());
  cache_options.graph_directory = config_.store_path + "/graphs";
  cache_options.record_share = config_.recording.share;
  cache_options.record_keep = static_cast<size_t>(config_.recording.keep);
  cache_options.record_texts = config_.recording.texts;
  cache_options.leases.ttl = config_.leases.ttl;
  cache_options.leases.max_waiters = static_cast<size_t>(config_.leases.max_waiters);
  CacheParts parts;
  parts.clock = &clock;
  parts.random = &SystemRandom();
  parts.store = store_.get();
  parts.policies = policies_.get();
  for (const auto& [name, embedder] : embedders_) parts.embedders[name] = embedder.get();
  parts.recent_embeddings = recent_embeddings_.get();
  parts.verifiers = verifiers_.get();
  parts.hit_observer = &evidence_observer_;
  parts.builds = builds_.get();
  parts.resumes = workers_.get();
  parts.metrics = &metrics_;
  parts.on_model_latency = [this, &clock](std::string_view model, absl::Duration latency) {
    miss_latency_.Observe(model, latency, clock.Monotonic());
  };
  parts.on_lease = [this, &clock](std::string_view model, int change) {
    lease_load_.Change(model, change, clock.Monotonic());
  };
  cache_ = std::make_unique<SemanticCache>(cache_options, std::move(parts));
  return absl::OkStatus();
}

absl::Status Application::MakeScraper() {
  std::vector<std::unique_ptr<PageSource>> pages;
  for (const ScrapeConfig& scrape : config_.load.scrape) {
    HttpPageOptions options;
    options.url = scrape.url;
    options.accept = "text/plain;version=0.0.4";
    options.token_file = scrape.token_file;
    options.ca_file = scrape.ca_file;
    options.timeout = scrape.timeout;
    absl::StatusOr<std::unique_ptr<PageSource>> page = MakeHttpPageSource(options);
    if (!page.ok()) {
      return absl::InvalidArgumentError(absl::StrCat(config_.file, ": load.scrape[", pages.size(),
                                                     "]: ", page.status().message()));
    }
    pages.push_back(*std::move(page));
  }
  scraper_ =
      std::make_unique<LoadScraper>(config_.load, std::move(pages), SystemClock(), &scraped_load_);
  return absl::OkStatus();
}

absl::Status Application::Listen(bool allow_remote) {
  ServerParts parts;
  parts.config = &config_;
  parts.clock = &SystemClock();
  parts.access = &access_;
  parts.cache = cache_.get();
  parts.policies = policies_.get();
  parts.reported_load = &reported_load_;
  for (const auto& [name, embedder] : embedders_) parts.embedders[name] = embedder.get();
  parts.workers = workers_.get();
  parts.metrics = &metrics_;
  parts.verifiers = verifiers_.get();
  parts.evidence = &evidence_;
  parts.reload = [this] { return Reload(); };
  ASSIGN_OR_RETURN(server_, StartServer(parts, allow_remote));

  recovery_ = std::thread([this] { RecoverWhenAsked(); });
  cache_tick_ =
      std::make_unique<PeriodicTask>("cache-tick", kCacheTick, [this] { cache_->Tick(); });
  cache_tick_->Start();
  comparison_tick_ = std::make_unique<PeriodicTask>("comparison", kComparisonTick, [this] {
    cache_->CompareSome();
    cache_->FlagConflicts();
  });
  comparison_tick_->Start();
  memory_watch_ = std::make_unique<MemoryWatch>(
      [] { return FullestMemoryGroup(); },
      [this](MemoryStep step) {
        cache_->YieldMemory(step);
        server_->RefuseConnections(step >= MemoryStep::kRefuseConnections);
      },
      &metrics_);
  memory_tick_ =
      std::make_unique<PeriodicTask>("memory-watch", kMemoryTick, [this] { WatchMemory(); });
  memory_tick_->Start();
  lease_tick_ =
      std::make_unique<PeriodicTask>("lease-tick", kLeaseTick, [this] { cache_->TickLeases(); });
  lease_tick_->Start();
  policy_tick_ = std::make_unique<PeriodicTask>("policy-tick", config_.load.interval,
                                                [this] { policies_->Tick(); });
  policy_tick_->Start();
  minute_tick_ = std::make_unique<PeriodicTask>("minute-tick", kMinuteTick, [this] {
    SaveEvidence();
    policies_->NoteCosts(cache_->Costs());
  });
  minute_tick_->Start();
  scraper_->Start();
  watcher_->Start();
  if (principals_watcher_ != nullptr) principals_watcher_->Start();
  return absl::OkStatus();
}

void Application::Stop() {
  if (stopping_.exchange(true)) return;
  if (server_ != nullptr) server_->Drain(config_.drain);
  watcher_.reset();
  principals_watcher_.reset();
  scraper_.reset();
  policy_tick_.reset();
  minute_tick_.reset();
  memory_tick_.reset();
  cache_tick_.reset();
  comparison_tick_.reset();
  lease_tick_.reset();
  {
    MutexLock lock(&recovery_mutex_);  // the waiter is either before its check or in its wait
  }
  recovery_asked_.Signal();
  if (recovery_.joinable()) recovery_.join();
  server_.reset();
  workers_.reset();
  if (store_ != nullptr) {
    SaveEvidence();
    if (absl::Status status = store_->Flush(); !status.ok()) {
      LogError("flush failed", {{"error", status.message()}});
    }
  }
}

}  // namespace semcached
