#include "semcached/config/server_config.h"

#include <gtest/gtest.h>

#include <string>

#include "config/server_config_text.h"
#include "semcached/config/load.h"
#include "support/source_file.h"

namespace semcached {
namespace {

void ExpectDefaults(const ServerConfig& config) {
  const ServerConfig defaults;
  EXPECT_EQ(config.listen_unix_mode, defaults.listen_unix_mode);
  EXPECT_EQ(config.listen_unix_uids, defaults.listen_unix_uids);
  EXPECT_EQ(config.listen_max_connections, defaults.listen_max_connections);
  EXPECT_EQ(config.reflection, defaults.reflection);
  EXPECT_EQ(config.default_category, defaults.default_category);
  EXPECT_EQ(config.allow_anonymous, defaults.allow_anonymous);
  EXPECT_EQ(config.require_category, defaults.require_category);
  EXPECT_EQ(config.memory_limit_bytes, defaults.memory_limit_bytes);
  EXPECT_EQ(config.disk_limit_bytes, defaults.disk_limit_bytes);
  EXPECT_EQ(config.recent_embeddings, defaults.recent_embeddings);
  EXPECT_EQ(config.classification.embedder, defaults.classification.embedder);
  EXPECT_EQ(config.classification.margin, defaults.classification.margin);
  EXPECT_EQ(config.classification.private_margin, defaults.classification.private_margin);
  EXPECT_EQ(config.load.scaling_point, defaults.load.scaling_point);
  EXPECT_EQ(config.load.saturation_point, defaults.load.saturation_point);
  EXPECT_EQ(config.load.hysteresis, defaults.load.hysteresis);
  EXPECT_EQ(config.load.max_step, defaults.load.max_step);
  EXPECT_EQ(config.load.interval, defaults.load.interval);
  EXPECT_EQ(config.load.min_dwell, defaults.load.min_dwell);
  EXPECT_EQ(config.load.stale_after, defaults.load.stale_after);
  EXPECT_EQ(config.load.smoothing, defaults.load.smoothing);
  EXPECT_EQ(config.load.fusion, defaults.load.fusion);
  EXPECT_EQ(config.load.weights, defaults.load.weights);
  EXPECT_TRUE(config.load.scrape.empty());
  EXPECT_EQ(config.feedback.data_listener, defaults.feedback.data_listener);
  EXPECT_EQ(config.feedback.max_rate, defaults.feedback.max_rate);
  EXPECT_EQ(config.recording.share, defaults.recording.share);
  EXPECT_EQ(config.recording.keep, defaults.recording.keep);
  EXPECT_EQ(config.recording.texts, defaults.recording.texts);
  EXPECT_EQ(config.limits.max_message_bytes, defaults.limits.max_message_bytes);
  EXPECT_EQ(config.limits.max_response_bytes, defaults.limits.max_response_bytes);
  EXPECT_EQ(config.limits.max_query_bytes, defaults.limits.max_query_bytes);
  EXPECT_EQ(config.limits.max_scope_bytes, defaults.limits.max_scope_bytes);
  EXPECT_EQ(config.limits.max_batch, defaults.limits.max_batch);
  EXPECT_EQ(config.limits.max_in_flight, defaults.limits.max_in_flight);
  EXPECT_EQ(config.limits.default_deadline, defaults.limits.default_deadline);
  EXPECT_EQ(config.limits.max_deadline, defaults.limits.max_deadline);
  EXPECT_EQ(config.workers, defaults.workers);
  EXPECT_EQ(config.lookup_id_ttl, defaults.lookup_id_ttl);
  EXPECT_EQ(config.drain, defaults.drain);
  EXPECT_EQ(config.log_format, defaults.log_format);
  EXPECT_EQ(config.log_level, defaults.log_level);
}

TEST(ServerConfigTest, FourKeysAreEnoughAndPathsStartAtTheFile) {
  const ConfigResult<ServerConfig> read = ParseServer(kLeast);
  ASSERT_TRUE(read.ok()) << ToString(read.errors);
  EXPECT_EQ(read.value->file, "etc/semcached.yaml");
  EXPECT_EQ(read.value->listen_unix, "etc/run/s.sock");
  EXPECT_EQ(read.value->admin_unix, "etc/run/a.sock");
  EXPECT_EQ(read.value->store_path, "etc/data");
  EXPECT_EQ(read.value->categories_dir, "etc/categories");
  EXPECT_EQ(read.value->listen_tcp, "");
  EXPECT_EQ(read.value->http, "");
  EXPECT_TRUE(read.value->embedders.empty());
  ExpectDefaults(*read.value);
}

TEST(ServerConfigTest, EveryKeyArrives) {
  const ConfigResult<ServerConfig> read = ParseServer(R"(
listen:
  unix: /run/s.sock
  unix_mode: 0600
  unix_uids: [0, 1000]
  tcp: "[::1]:0"
  tls: {certificate_file: tls.crt, key_file: /tls.key, client_ca_file: ca.pem}
  max_connections: 7
access: {principals: who.yaml}
admin: {unix: /run/a.sock}
http: localhost:9090
reflection: true
store: {path: /data}
categories: ../categories
default_category: chat
allow_anonymous: true
require_category: true
memory_limit: 3MiB
disk_limit: 4MiB
embedders:
  near: {type: onnx, model: m.onnx, tokenizer: /t.json, max_tokens: 128, threads: 2}
  far:
    type: http
    url: https://embed.example/v1/embeddings
    model: big
    dimension: 1024
    api_key_file: key
    ca_file: ca.pem
    timeout: 1.5s
    max_attempts: 3
    max_batch: 16
recent_embeddings: 0
classification: {embedder: near, margin: 0.1, private_margin: 0.2}
load:
  scaling_point: 0.5
  saturation_point: 1.5
  hysteresis: 0.1
  max_step: 0.5
  interval: 2s
  min_dwell: 3s
  stale_after: 4s
  smoothing: 0s
  fusion: weighted
  weights: {reported: 2, miss_latency: 0, leases: 3}
  leases:
    - {model: big chat, limit: 40}
    - {model: m, limit: 1}
  scrape:
    - kind: vllm
      model: big chat
      url: https://gpu.example/metrics
      interval: 500ms
      timeout: 250ms
      token_file: token
      ca_file: /ca.pem
      limit: 256
      model_name: acme/chat-70b
      first_token: false
    - {kind: metric, model: m, url: "http://h/", value: 'busy{a="b"}', divide_by: slots}
    - kind: metric
      model: m
      url: http://h/
      value: busy{a="b"}
      divide_by: 12.5
limits:
  max_message: 2MiB
  max_response: 1MiB
  max_query: 1KiB
  max_scope: 2KiB
  max_batch: 8
  max_in_flight: 9
  default_deadline: 10ms
  max_deadline: 20ms
workers: 3
lookup_id_ttl: 5m
drain: 0s
log: {format: json, level: warning}
)");
  ASSERT_TRUE(read.ok()) << ToString(read.errors);
  const ServerConfig& config = *read.value;
  EXPECT_EQ(config.listen_unix, "/run/s.sock");
  EXPECT_EQ(config.listen_unix_mode, 0600);
  EXPECT_EQ(config.listen_unix_uids, (std::vector<uint32_t>{0, 1000}));
  EXPECT_EQ(config.listen_tcp, "[::1]:0");
  EXPECT_EQ(config.listen_tls.certificate_file, "etc/tls.crt");
  EXPECT_EQ(config.listen_tls.key_file, "/tls.key");
  EXPECT_EQ(config.listen_tls.client_ca_file, "etc/ca.pem");
  EXPECT_EQ(config.principals_file, "etc/who.yaml");
  EXPECT_EQ(config.listen_max_connections, 7);
  EXPECT_EQ(config.admin_unix, "/run/a.sock");
  EXPECT_EQ(config.http, "localhost:9090");
  EXPECT_TRUE(config.reflection);
  EXPECT_EQ(config.store_path, "/data");
  EXPECT_EQ(config.categories_dir, "categories");
  EXPECT_EQ(config.default_category, "chat");
  EXPECT_TRUE(config.allow_anonymous);
  EXPECT_TRUE(config.require_category);
  EXPECT_EQ(config.memory_limit_bytes, 3 << 20);
  EXPECT_EQ(config.disk_limit_bytes, 4 << 20);
  const EmbedderConfig& near = config.embedders.at("near");
  EXPECT_EQ(near.type, EmbedderType::kOnnx);
  EXPECT_EQ(near.model_path, "etc/m.onnx");
  EXPECT_EQ(near.tokenizer_path, "/t.json");
  EXPECT_EQ(near.max_tokens, 128);
  EXPECT_EQ(near.threads, 2);
  const EmbedderConfig& far = config.embedders.at("far");
  EXPECT_EQ(far.type, EmbedderType::kHttp);
  EXPECT_EQ(far.url, "https://embed.example/v1/embeddings");
  EXPECT_EQ(far.model, "big");
  EXPECT_EQ(far.dimension, 1024);
  EXPECT_EQ(far.api_key_file, "etc/key");
  EXPECT_EQ(far.ca_file, "etc/ca.pem");
  EXPECT_EQ(far.timeout, absl::Milliseconds(1500));
  EXPECT_EQ(far.max_attempts, 3);
  EXPECT_EQ(far.max_batch, 16);
  EXPECT_EQ(config.recent_embeddings, 0);
  EXPECT_EQ(config.classification.embedder, "near");
  EXPECT_EQ(config.classification.margin, 0.1);
  EXPECT_EQ(config.classification.private_margin, 0.2);
  EXPECT_EQ(config.load.scaling_point, 0.5);
  EXPECT_EQ(config.load.saturation_point, 1.5);
  EXPECT_EQ(config.load.hysteresis, 0.1);
  EXPECT_EQ(config.load.max_step, 0.5);
  EXPECT_EQ(config.load.interval, absl::Seconds(2));
  EXPECT_EQ(config.load.min_dwell, absl::Seconds(3));
  EXPECT_EQ(config.load.stale_after, absl::Seconds(4));
  EXPECT_EQ(config.load.smoothing, absl::ZeroDuration());
  EXPECT_EQ(config.load.fusion, LoadFusion::kWeighted);
  EXPECT_EQ(config.load.weights, (std::map<std::string, double, std::less<>>{
                                     {"reported", 2}, {"miss_latency", 0}, {"leases", 3}}));
  ASSERT_EQ(config.load.leases.size(), 2U);
  EXPECT_EQ(config.load.leases[0].model, "big chat");
  EXPECT_EQ(config.load.leases[0].limit, 40);
  EXPECT_EQ(config.load.leases[1].limit, 1);
  ASSERT_EQ(config.load.scrape.size(), 3U);
  const ScrapeConfig& vllm = config.load.scrape[0];
  EXPECT_EQ(vllm.kind, ScrapeKind::kVllm);
  EXPECT_EQ(vllm.model, "big chat");
  EXPECT_EQ(vllm.url, "https://gpu.example/metrics");
  EXPECT_EQ(vllm.interval, absl::Milliseconds(500));
  EXPECT_EQ(vllm.timeout, absl::Milliseconds(250));
  EXPECT_EQ(vllm.token_file, "etc/token");
  EXPECT_EQ(vllm.ca_file, "/ca.pem");
  EXPECT_EQ(vllm.limit, 256);
  EXPECT_EQ(vllm.model_name, "acme/chat-70b");
  EXPECT_FALSE(vllm.first_token);
  const ScrapeConfig& ratio = config.load.scrape[1];
  EXPECT_EQ(ratio.kind, ScrapeKind::kMetric);
  EXPECT_EQ(ratio.interval, ScrapeConfig().interval);
  EXPECT_EQ(ratio.timeout, ScrapeConfig().timeout);
  EXPECT_EQ(ratio.value.name, "busy");
  EXPECT_EQ(ratio.value.labels.at("a"), "b");
  ASSERT_TRUE(ratio.divide_by.has_value());
  EXPECT_EQ(ratio.divide_by->name, "slots");
  EXPECT_EQ(config.load.scrape[2].divisor, 12.5);
  EXPECT_FALSE(config.load.scrape[2].divide_by.has_value());
  EXPECT_EQ(config.limits.max_message_bytes, 2 << 20);
  EXPECT_EQ(config.limits.max_response_bytes, 1 << 20);
  EXPECT_EQ(config.limits.max_query_bytes, 1 << 10);
  EXPECT_EQ(config.limits.max_scope_bytes, 2 << 10);
  EXPECT_EQ(config.limits.max_batch, 8);
  EXPECT_EQ(config.limits.max_in_flight, 9);
  EXPECT_EQ(config.limits.default_deadline, absl::Milliseconds(10));
  EXPECT_EQ(config.limits.max_deadline, absl::Milliseconds(20));
  EXPECT_EQ(config.workers, 3);
  EXPECT_EQ(config.lookup_id_ttl, absl::Minutes(5));
  EXPECT_EQ(config.drain, absl::ZeroDuration());
  EXPECT_EQ(config.log_format, LogFormat::kJson);
  EXPECT_EQ(config.log_level, LogLevel::kWarning);
}

TEST(ServerConfigTest, TheShippedFileHasTheDefaults) {
  const ConfigResult<ServerConfig> read = ReadServerConfig(SourceFile("config/semcached.yaml"));
  ASSERT_TRUE(read.ok()) << ToString(read.errors);
  ExpectDefaults(*read.value);
  EXPECT_EQ(read.value->categories_dir, SourceFile("config/categories"));
  const EmbedderConfig& embedder = read.value->embedders.at("default");
  EXPECT_EQ(embedder.type, EmbedderType::kOnnx);
  EXPECT_EQ(embedder.max_tokens, EmbedderConfig().max_tokens);
  EXPECT_EQ(embedder.threads, EmbedderConfig().threads);
}

}  // namespace
}  // namespace semcached
