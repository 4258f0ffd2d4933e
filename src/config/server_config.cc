#include "semcached/config/server_config.h"

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>

#include <filesystem>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "config/decode.h"
#include "config/file.h"
#include "config/map_reader.h"
#include "config/scalar.h"

namespace semcached {
namespace {

constexpr NumberRange kShare{0, 1};
constexpr NumberRange kPositiveShare{.least = 0, .most = 1, .above_least = true};
constexpr int64_t kMiB = 1 << 20;
constexpr int64_t kMostBytes = int64_t{1024} << 40;
constexpr size_t kMostScrapes = 64;  // each has a thread
constexpr size_t kMostLeaseLimits = 64;
constexpr size_t kMostSocketPath = 107;      // of sockaddr_un, without its last zero
constexpr int64_t kMostUid = 4'294'967'294;  // the next one stands for none

const DurationRange kUpToAMinute{absl::Milliseconds(1), absl::Minutes(1)};

// A path as the rest of the program uses it: relative ones start where the file is.
class Paths {
 public:
  explicit Paths(const std::string& file) : base_(std::filesystem::path(file).parent_path()) {}

  void Read(MapReader* reader, absl::string_view key, std::string* out) const {
    std::string text;
    reader->Text(key, "a path", &text);
    if (!text.empty()) *out = (base_ / text).lexically_normal().string();
  }

  void ReadSocket(MapReader* reader, absl::string_view key, std::string* out) const {
    Read(reader, key, out);
    if (out->size() <= kMostSocketPath) return;
    reader->Fail(key, absl::StrCat("is ", out->size(), " bytes long; allowed: a path of at most ",
                                   kMostSocketPath, " bytes"));
  }

 private:
  const std::filesystem::path base_;
};

void DecodeTls(MapReader* listen, const Paths& paths, ServerConfig* config) {
  MapReader reader = listen->Map("tls");
  TlsConfig& tls = config->listen_tls;
  paths.Read(&reader, "certificate_file", &tls.certificate_file);
  paths.Read(&reader, "key_file", &tls.key_file);
  paths.Read(&reader, "client_ca_file", &tls.client_ca_file);
  if (listen->Has("tls")) {
    reader.Require("certificate_file", "a path");
    reader.Require("key_file", "a path");
    if (config->listen_tcp.empty()) {
      listen->Fail("tls", "has no use without tcp; allowed: with listen.tcp");
    }
  }
  reader.Finish();
}

void DecodeUids(MapReader* listen, std::vector<uint32_t>* uids) {
  std::vector<int64_t> read;
  listen->Integers("unix_uids", 0, kMostUid, &read);
  uids->assign(read.begin(), read.end());
  if (listen->Has("unix_uids") && !listen->Has("unix")) {
    listen->Fail("unix_uids", "has no use without listen.unix; allowed: only with it");
  }
}

void DecodeListeners(MapReader* reader, const Paths& paths, ServerConfig* config) {
  MapReader listen = reader->Map("listen");
  paths.ReadSocket(&listen, "unix", &config->listen_unix);
  listen.FileMode("unix_mode", &config->listen_unix_mode);
  DecodeUids(&listen, &config->listen_unix_uids);
  listen.HostAndPort("tcp", &config->listen_tcp);
  DecodeTls(&listen, paths, config);
  listen.Integer("max_connections", 0, 100'000, &config->listen_max_connections);
  listen.Finish();
  if (!listen.Has("unix") && !listen.Has("tcp")) {
    reader->Fail("listen", "names no listener; allowed: unix, tcp or both");
  }
  MapReader admin = reader->Map("admin");
  paths.ReadSocket(&admin, "unix", &config->admin_unix);
  admin.Require("unix", "a path");
  admin.Finish();
  if (!config->admin_unix.empty() && config->admin_unix == config->listen_unix) {
    admin.Fail("unix", "is the path of listen.unix; allowed: another one");
  }
  reader->HostAndPort("http", &config->http);
  reader->Bool("reflection", &config->reflection);
}

void DecodeOnnx(MapReader* reader, const Paths& paths, EmbedderConfig* embedder) {
  reader->Require("model", "a path");
  paths.Read(reader, "model", &embedder->model_path);
  reader->Require("tokenizer", "a path");
  paths.Read(reader, "tokenizer", &embedder->tokenizer_path);
  reader->Integer("max_tokens", 8, 512, &embedder->max_tokens);
  reader->Integer("threads", 1, 64, &embedder->threads);
}

void ReadUrl(MapReader* reader, std::string* url) {
  constexpr const char* kUrl = "http://... or https://...";
  reader->Require("url", kUrl);
  reader->Text("url", kUrl, url);
  if (!url->empty() && !absl::StartsWith(*url, "http://") && !absl::StartsWith(*url, "https://")) {
    reader->Fail("url", absl::StrCat("is not a URL of HTTP; allowed: ", kUrl));
  }
}

void DecodeHttp(MapReader* reader, const Paths& paths, EmbedderConfig* embedder) {
  ReadUrl(reader, &embedder->url);
  reader->Require("model", "the model's name at the endpoint");
  reader->Text("model", "the model's name at the endpoint", &embedder->model);
  reader->Require("dimension", "a whole number from 1 to 4096");
  reader->Integer("dimension", 1, 4096, &embedder->dimension);
  paths.Read(reader, "api_key_file", &embedder->api_key_file);
  paths.Read(reader, "ca_file", &embedder->ca_file);
  reader->Duration("timeout", kUpToAMinute, &embedder->timeout);
  reader->Integer("max_attempts", 1, 5, &embedder->max_attempts);
  reader->Integer("max_batch", 1, 2048, &embedder->max_batch);
}

void DecodeEmbedders(MapReader embedders, const Paths& paths, ServerConfig* config) {
  for (const std::string& name : embedders.TakeNames()) {
    EmbedderConfig& embedder = config->embedders[name];
    MapReader reader = embedders.Map(name);
    std::string type;
    reader.Require("type", "onnx, http");
    reader.OneOf("type", {"onnx", "http"}, &type);
    if (type.empty()) continue;  // which keys it may have is not known
    if (type == "http") {
      embedder.type = EmbedderType::kHttp;
      DecodeHttp(&reader, paths, &embedder);
    } else {
      DecodeOnnx(&reader, paths, &embedder);
    }
    reader.Finish();
  }
}

void DecodeClassification(MapReader reader, ServerConfig* config) {
  ClassificationConfig& classification = config->classification;
  reader.Identifier("embedder", &classification.embedder);
  reader.Number("margin", kShare, &classification.margin);
  reader.Number("private_margin", kShare, &classification.private_margin);
  reader.Finish();
  // Unwritten and without use: nothing is classified, or there is nothing to classify with.
  if (!reader.Has("embedder") && (config->require_category || config->embedders.empty())) return;
  if (config->embedders.count(classification.embedder) > 0) return;
  std::vector<absl::string_view> names;
  for (const auto& [name, embedder] : config->embedders) names.emplace_back(name);
  reader.Fail("embedder", absl::StrCat(classification.embedder, " is not one of the embedders; ",
                                       "allowed: ", absl::StrJoin(names, ", ")));
}

constexpr const char* kSeriesAllowed =
    "a metric's name, with labels or without: name{label=\"value\"}";

std::optional<Series> DecodeSeries(std::string_view text) {
  std::optional<Series> series = ConsumeSeries(&text);
  return series && text.empty() ? series : std::nullopt;
}

void DecodeMetric(MapReader* reader, ScrapeConfig* scrape) {
  std::string value;
  reader->Require("value", kSeriesAllowed);
  reader->Text("value", kSeriesAllowed, &value);
  if (const std::optional<Series> series = DecodeSeries(value)) {
    scrape->value = *series;
  } else if (!value.empty()) {
    reader->Fail("value", absl::StrCat("names no metric; allowed: ", kSeriesAllowed));
  }
  const std::string allowed = absl::StrCat("a number above 0, or ", kSeriesAllowed);
  std::string divide_by;
  reader->Text("divide_by", allowed, &divide_by);
  if (divide_by.empty()) return;
  if (const std::optional<double> number = DecodeNumber(divide_by)) {
    scrape->divisor = *number;
    if (*number <= 0)
      reader->Fail("divide_by", absl::StrCat(divide_by, " is out of range; allowed: ", allowed));
  } else if (!(scrape->divide_by = DecodeSeries(divide_by))) {
    reader->Fail("divide_by", absl::StrCat("is no number and names no metric; allowed: ", allowed));
  }
}

void DecodeVllm(MapReader* reader, ScrapeConfig* scrape) {
  reader->Integer("limit", int64_t{0}, int64_t{1'000'000}, &scrape->limit);
  reader->Text("model_name", "the label model_name of its series", &scrape->model_name);
  reader->Bool("first_token", &scrape->first_token);
}

ScrapeConfig DecodeScrape(MapReader reader, const Paths& paths, absl::Duration stale_after) {
  ScrapeConfig scrape;
  std::string kind;
  reader.Require("kind", "vllm, metric");
  reader.OneOf("kind", {"vllm", "metric"}, &kind);
  if (kind.empty()) return scrape;  // which keys it may have is not known
  constexpr const char* kModel = "the model, as in requests";
  reader.Require("model", kModel);
  reader.Text("model", kModel, &scrape.model);
  ReadUrl(&reader, &scrape.url);
  reader.Duration("interval", {absl::Milliseconds(100), absl::Hours(1)}, &scrape.interval);
  reader.Duration("timeout", kUpToAMinute, &scrape.timeout);
  if (scrape.interval + scrape.timeout > stale_after) {
    reader.Fail("interval",
                absl::StrCat(WriteDuration(scrape.interval), " and the timeout of ",
                             WriteDuration(scrape.timeout), " are longer than load.stale_after; ",
                             "allowed: together at most ", WriteDuration(stale_after)));
  }
  paths.Read(&reader, "token_file", &scrape.token_file);
  paths.Read(&reader, "ca_file", &scrape.ca_file);
  if (kind == "metric") {
    scrape.kind = ScrapeKind::kMetric;
    DecodeMetric(&reader, &scrape);
  } else {
    DecodeVllm(&reader, &scrape);
  }
  reader.Finish();
  return scrape;
}

void DecodeLeaseLimit(MapReader reader, std::vector<LeaseLimit>* limits) {
  LeaseLimit limit;
  constexpr const char* kModel = "the model, as in requests";
  reader.Require("model", kModel);
  reader.Text("model", kModel, &limit.model);
  reader.Require("limit", "a whole number from 1 to 1000000");
  reader.Integer("limit", int64_t{1}, int64_t{1'000'000}, &limit.limit);
  for (const LeaseLimit& other : *limits) {
    if (limit.model.empty() || other.model != limit.model) continue;
    reader.Fail("model",
                absl::StrCat(limit.model, " has a limit already; allowed: each model once"));
  }
  reader.Finish();
  limits->push_back(std::move(limit));
}

void DecodeWeights(MapReader* load_reader, LoadConfig* load) {
  MapReader reader = load_reader->Map("weights");
  for (const char* sensor : kLoadSensors) {
    double weight = 1;
    reader.Number(sensor, {0, 100}, &weight);
    if (reader.Has(sensor)) load->weights[sensor] = weight;
  }
  reader.Finish();
  if (load_reader->Has("weights") && load->fusion == LoadFusion::kMax) {
    load_reader->Fail("weights", "has no use with fusion: max; allowed: fusion: weighted");
  }
}

void DecodeLoad(MapReader reader, const Paths& paths, LoadConfig* load) {
  reader.Number("scaling_point", kPositiveShare, &load->scaling_point);
  reader.Number("saturation_point", {.least = 0, .most = 2, .above_least = true},
                &load->saturation_point);
  if (load->saturation_point <= load->scaling_point) {
    reader.Fail("saturation_point", absl::StrCat(load->saturation_point,
                                                 " is not above the scaling_point; allowed: above ",
                                                 load->scaling_point, " to 2"));
  }
  reader.Number("hysteresis", {0, 0.5}, &load->hysteresis);
  reader.Number("max_step", kPositiveShare, &load->max_step);
  const absl::Duration hour = absl::Hours(1);
  reader.Duration("interval", {absl::Milliseconds(100), absl::Minutes(1)}, &load->interval);
  reader.Duration("min_dwell", {absl::ZeroDuration(), hour}, &load->min_dwell);
  reader.Duration("stale_after", {absl::Milliseconds(100), hour}, &load->stale_after);
  reader.Duration("smoothing", {absl::ZeroDuration(), hour}, &load->smoothing);
  std::string fusion = "max";
  reader.OneOf("fusion", {"max", "weighted"}, &fusion);
  load->fusion = fusion == "weighted" ? LoadFusion::kWeighted : LoadFusion::kMax;
  DecodeWeights(&reader, load);
  for (MapReader& scrape : reader.Maps("scrape", kMostScrapes)) {
    load->scrape.push_back(DecodeScrape(std::move(scrape), paths, load->stale_after));
  }
  for (MapReader& lease : reader.Maps("leases", kMostLeaseLimits)) {
    DecodeLeaseLimit(std::move(lease), &load->leases);
  }
  reader.Finish();
}

void DecodeLimits(MapReader reader, LimitsConfig* limits) {
  reader.Size("max_message", 1 << 10, 64 * kMiB, &limits->max_message_bytes);
  reader.Size("max_response", 1, 64 * kMiB, &limits->max_response_bytes);
  reader.Size("max_query", 1, 64 * kMiB, &limits->max_query_bytes);
  reader.Size("max_scope", 1, kMiB, &limits->max_scope_bytes);
  for (const auto& [key, bytes] : {std::pair{"max_response", limits->max_response_bytes},
                                   std::pair{"max_query", limits->max_query_bytes}}) {
    if (bytes <= limits->max_message_bytes) continue;
    reader.Fail(key, absl::StrCat(WriteSize(bytes), " never fits a message; allowed: at most ",
                                  WriteSize(limits->max_message_bytes), ", the max_message"));
  }
  reader.Integer("max_batch", 1, 1024, &limits->max_batch);
  reader.Integer("max_in_flight", 1, 65536, &limits->max_in_flight);
  reader.Duration("default_deadline", kUpToAMinute, &limits->default_deadline);
  reader.Duration("max_deadline", kUpToAMinute, &limits->max_deadline);
  if (limits->default_deadline > limits->max_deadline) {
    reader.Fail("default_deadline", absl::StrCat(WriteDuration(limits->default_deadline),
                                                 " is above the max_deadline; allowed: at most ",
                                                 WriteDuration(limits->max_deadline)));
  }
  reader.Finish();
}

void DecodeFeedback(MapReader reader, FeedbackConfig* feedback) {
  reader.Bool("data_listener", &feedback->data_listener);
  reader.Number("max_rate", {.least = 0, .most = 10'000, .above_least = true}, &feedback->max_rate);
  reader.Finish();
}

void DecodeRecording(MapReader reader, RecordingConfig* recording) {
  reader.Number("share", kShare, &recording->share);
  reader.Integer("keep", int64_t{1}, int64_t{1'000'000}, &recording->keep);
  reader.Bool("texts", &recording->texts);
  reader.Finish();
}

void DecodeLeases(MapReader reader, LeasesConfig* leases) {
  reader.Duration("ttl", {absl::Seconds(1), absl::Minutes(10)}, &leases->ttl);
  reader.Duration("max_wait", {absl::Seconds(1), absl::Hours(1)}, &leases->max_wait);
  reader.Integer("max_waiters", 0, 65536, &leases->max_waiters);
  reader.Finish();
}

void DecodeLog(MapReader reader, ServerConfig* config) {
  std::string format = "text";
  std::string level = "info";
  reader.OneOf("format", {"text", "json"}, &format);
  reader.OneOf("level", {"debug", "info", "warning", "error"}, &level);
  reader.Finish();
  config->log_format = format == "json" ? LogFormat::kJson : LogFormat::kText;
  config->log_level = level == "debug"     ? LogLevel::kDebug
                      : level == "warning" ? LogLevel::kWarning
                      : level == "error"   ? LogLevel::kError
                                           : LogLevel::kInfo;
}

}  // namespace

ServerConfig DecodeServerConfig(absl::string_view content, ErrorList* errors) {
  ServerConfig config;
  config.file = errors->file();
  const Paths paths(config.file);
  const std::optional<YamlNode> root = ParseYaml(content, errors);
  if (!root) return config;
  MapReader reader(*root, "", errors);

  DecodeListeners(&reader, paths, &config);
  MapReader access = reader.Map("access");
  paths.Read(&access, "principals", &config.principals_file);
  // Of others the watcher does not notice a change.
  if (!config.principals_file.empty() &&
      !IsYamlName(std::filesystem::path(config.principals_file).filename().string())) {
    access.Fail("principals", absl::StrCat(config.principals_file,
                                           " would not be read again when it "
                                           "changes; allowed: a name that ends in .yaml and does "
                                           "not begin with a dot"));
  }
  access.Finish();
  MapReader store = reader.Map("store");
  store.Require("path", "a path");
  paths.Read(&store, "path", &config.store_path);
  store.Finish();
  reader.Require("categories", "a path");
  paths.Read(&reader, "categories", &config.categories_dir);
  reader.Identifier("default_category", &config.default_category);
  reader.Bool("allow_anonymous", &config.allow_anonymous);
  reader.Bool("require_category", &config.require_category);
  reader.Size("memory_limit", kMiB, kMostBytes, &config.memory_limit_bytes);
  reader.Size("disk_limit", kMiB, kMostBytes, &config.disk_limit_bytes);
  DecodeEmbedders(reader.Map("embedders"), paths, &config);
  reader.Integer("recent_embeddings", int64_t{0}, int64_t{10'000'000}, &config.recent_embeddings);
  DecodeClassification(reader.Map("classification"), &config);
  DecodeLoad(reader.Map("load"), paths, &config.load);
  DecodeLimits(reader.Map("limits"), &config.limits);
  DecodeFeedback(reader.Map("feedback"), &config.feedback);
  DecodeRecording(reader.Map("recording"), &config.recording);
  DecodeLeases(reader.Map("leases"), &config.leases);
  reader.Integer("workers", 0, 256, &config.workers);
  reader.Duration("lookup_id_ttl", {absl::Seconds(1), absl::Hours(24)}, &config.lookup_id_ttl);
  reader.Duration("drain", {absl::ZeroDuration(), absl::Minutes(10)}, &config.drain);
  DecodeLog(reader.Map("log"), &config);
  reader.Finish();
  return config;
}

}  // namespace semcached
