// The process, as config/semcached.yaml says it. Read at start; a change needs a restart.
#ifndef SEMCACHED_CONFIG_SERVER_CONFIG_H_
#define SEMCACHED_CONFIG_SERVER_CONFIG_H_

#include <absl/time/time.h>

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "semcached/base/log.h"
#include "semcached/base/series.h"

namespace semcached {

enum class EmbedderType { kOnnx, kHttp };

struct EmbedderConfig {
  EmbedderType type = EmbedderType::kOnnx;
  // onnx: files of the model. Relative paths are relative to the configuration file.
  std::string model_path;
  std::string tokenizer_path;
  int max_tokens = 256;  // longer texts have no vector, 8..512
  int threads = 1;       // of one inference, 1..64
  // http: an OpenAI-compatible endpoint.
  std::string url;    // e.g. http://127.0.0.1:8080/v1/embeddings
  std::string model;  // as the endpoint calls it
  int dimension = 0;  // 1..4096, required
  std::string api_key_file;
  std::string ca_file;                               // of a private certificate authority
  absl::Duration timeout = absl::Milliseconds(200);  // of one attempt
  int max_attempts = 2;                              // 1..5
  int max_batch = 64;                                // texts a request, 1..2048
};

struct ClassificationConfig {
  std::string embedder = "default";  // must be local if a category forbids caching
  // Below this lead of the best category over the second, the default category is taken. [0,1]
  double margin = 0.03;
  // A category with `allow_caching: false` is taken if it comes this close to the best. [0,1]
  double private_margin = 0.02;
};

enum class ScrapeKind { kVllm, kMetric };

// The page of metrics of one model server. Several of one model share its work.
struct ScrapeConfig {
  std::string model;  // as in requests
  std::string url;    // e.g. http://127.0.0.1:8000/metrics
  ScrapeKind kind = ScrapeKind::kVllm;
  absl::Duration interval = absl::Seconds(2);  // between the end of one and the next
  absl::Duration timeout = absl::Seconds(1);   // of one; with interval at most load.stale_after
  std::string token_file;                      // read at every scrape
  std::string ca_file;                         // of a private certificate authority
  // vllm
  int64_t limit = 0;        // requests that it works on at once; 0: unknown
  std::string model_name;   // only of this label's series; empty: of all
  bool first_token = true;  // whether the time to the first token counts
  // metric: value / divide_by, each the sum of the series that match
  Series value;
  double divisor = 1;               // above 0, finite
  std::optional<Series> divide_by;  // in place of `divisor`
};

enum class LoadFusion {
  kMax,       // the highest that any sensor tells
  kWeighted,  // the weighted mean of the sensors that know
};

// The sensors that may have a weight, as LoadSensor::Name() says.
inline constexpr const char* kLoadSensors[] = {"reported", "scraped", "miss_latency", "leases"};

// A model whose leases tell its load.
struct LeaseLimit {
  std::string model;
  int64_t limit = 1;  // requests that it works on at once
};

struct LoadConfig {
  double scaling_point = 0.6;     // utilisation at which policies begin to move, (0,1)
  double saturation_point = 0.9;  // and at which they have moved all the way, (scaling_point, 2]
  double hysteresis = 0.05;       // of utilisation, [0,0.5]
  double max_step = 0.25;         // of the load factor in one interval, (0,1]
  absl::Duration interval = absl::Seconds(1);
  absl::Duration min_dwell = absl::Seconds(5);     // between changes of direction
  absl::Duration stale_after = absl::Seconds(10);  // then a report or page counts as unknown
  absl::Duration smoothing = absl::Seconds(5);     // time constant
  LoadFusion fusion = LoadFusion::kMax;
  // Of kWeighted: by sensor, [0,100]; one that is not there weighs 1, one of 0 does not count.
  std::map<std::string, double, std::less<>> weights;
  std::vector<ScrapeConfig> scrape;
  std::vector<LeaseLimit> leases;  // each model once
};

struct LimitsConfig {
  int64_t max_message_bytes = 1 << 20;
  int64_t max_response_bytes = 256 << 10;
  int64_t max_query_bytes = 32 << 10;
  int64_t max_scope_bytes = 1024;  // each of namespace, model, context
  int max_batch = 64;              // lookups or inserts in one batch call
  int max_in_flight = 256;         // calls at work; one more is RESOURCE_EXHAUSTED at once
  absl::Duration default_deadline = absl::Milliseconds(250);  // of a lookup without one
  absl::Duration max_deadline = absl::Seconds(1);             // of any lookup
};

// Who may report on answers, and how much.
struct FeedbackConfig {
  bool data_listener = true;  // false: only the admin listener takes reports
  double max_rate = 20;       // reports a second on the data listener, above 0 to 10,000
};

// A sample of lookups, kept in memory to be judged again under other policies.
struct RecordingConfig {
  double share = 0;       // of the lookups, [0,1]; 0: off
  int64_t keep = 10'000;  // the newest so many, 1..1,000,000
  bool texts = false;     // also the queries, not only figures
};

// Single flight: one caller computes a missing answer, those who ask the same meanwhile wait.
struct LeasesConfig {
  absl::Duration ttl = absl::Seconds(30);      // of a lease that is not renewed, 1s..10m
  absl::Duration max_wait = absl::Minutes(2);  // the longest that any lookup waits, 1s..1h
  int max_waiters = 4096;  // lookups at work or waiting with on_miss LEASE, 0..65,536; 0: nobody
};

// Files in PEM, looked at each second: what is renewed holds for new connections.
struct TlsConfig {
  std::string certificate_file;  // the chain, the server's own first; empty: no TLS
  std::string key_file;
  std::string client_ca_file;  // who signs the certificates that callers must show; empty: none
  bool enabled() const { return !certificate_file.empty(); }
};

struct ServerConfig {
  std::string file;  // where this was read from

  std::string listen_unix;  // path, < 108 bytes; empty: none
  int listen_unix_mode = 0660;
  // Users whose processes may connect to that socket; empty: whoever its mode lets in.
  std::vector<uint32_t> listen_unix_uids;
  std::string listen_tcp;  // host:port, port 0: any free one; empty: none
  TlsConfig listen_tls;    // of listen_tcp
  // On both together, 0..100,000; 0: half of the files that the process may open, at most 1,000.
  int listen_max_connections = 0;
  std::string admin_unix;  // path; mode 0600
  std::string http;        // host:port of /metrics, /livez, /readyz; empty: none
  bool reflection = false;

  std::string principals_file;  // who may call the data listeners; empty: whoever reaches them

  std::string store_path;      // directory
  std::string categories_dir;  // directory of the category files
  std::string default_category = "factual";
  bool allow_anonymous = false;   // serve requests without a namespace, all in the one ""
  bool require_category = false;  // every call names its category; nothing is classified

  int64_t memory_limit_bytes = int64_t{1} << 30;
  int64_t disk_limit_bytes = int64_t{8} << 30;

  std::map<std::string, EmbedderConfig> embedders;  // may be empty: callers send vectors
  int64_t recent_embeddings = 10'000;               // texts remembered; 0: none
  ClassificationConfig classification;
  LoadConfig load;
  LimitsConfig limits;
  FeedbackConfig feedback;
  RecordingConfig recording;
  LeasesConfig leases;
  int workers = 0;  // threads for embedding and inserts; 0: eight a CPU that may be used
  absl::Duration lookup_id_ttl = absl::Minutes(10);
  absl::Duration drain = absl::Seconds(10);  // for calls in flight at SIGTERM

  LogFormat log_format = LogFormat::kText;
  LogLevel log_level = LogLevel::kInfo;
};

}  // namespace semcached

#endif  // SEMCACHED_CONFIG_SERVER_CONFIG_H_
