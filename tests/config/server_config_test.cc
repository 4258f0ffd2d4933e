#include "semcached/config/server_config.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

#include "semcached/config/load.h"

namespace semcached {
namespace {

constexpr const char* kLeast =
    "listen: {unix: run/s.sock}\nadmin: {unix: run/a.sock}\nstore: {path: data}\n"
    "categories: categories\n";

ConfigResult<ServerConfig> Parse(const std::string& content) {
  return ParseServerConfig("etc/semcached.yaml", content);
}

std::string Content(const std::string& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

std::string SourceFile(const std::string& name) {
  const char* directory = std::getenv("SEMCACHED_SOURCE_DIR");
  return (directory == nullptr ? std::string(".") : std::string(directory)) + "/" + name;
}

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
  const ConfigResult<ServerConfig> read = Parse(kLeast);
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
  const ConfigResult<ServerConfig> read = Parse(R"(
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

struct Broken {
  const char* content;  // behind kLeast, hence from line 5 on
  const char* error;
};

const Broken kBroken[] = {
    {"memory_limt: 1GiB", ":5: memory_limt: is unknown, perhaps memory_limit; allowed: "},
    {"store: {path: x}", ":5: store: is given again, first in line 3; allowed: once\n"},
    {"http: 9090", ":5: http: 9090 is not an address; allowed: host:port, e.g. 127.0.0.1:7070\n"},
    {"memory_limit: 1000",
     ":5: memory_limit: 1000 has no unit; allowed: a size from 1MiB to "
     "1024TiB\n"},
    {"embedders: {a: {model: x}}\nrequire_category: true",
     ":5: embedders.a.type: is missing; allowed: onnx, http\n"},
    {"embedders: {a: {type: gguf}}\nrequire_category: true",
     ":5: embedders.a.type: gguf is not allowed here; allowed: onnx, http\n"},
    {"embedders: {a: {type: onnx}}\nrequire_category: true",
     ":5: embedders.a.model: is missing; allowed: a path\n"
     "etc/semcached.yaml:5: embedders.a.tokenizer: is missing; allowed: a path\n"},
    {"embedders: {a: {type: onnx, model: m, tokenizer: t, url: u}}\nrequire_category: true",
     ":5: embedders.a.url: is unknown; allowed: type, model, tokenizer, max_tokens, threads\n"},
    {"embedders: {a: {type: http, model: m, url: \"ftp://x\"}}\nrequire_category: true",
     ":5: embedders.a.url: is not a URL of HTTP; allowed: http://... or https://...\n"
     "etc/semcached.yaml:5: embedders.a.dimension: is missing; allowed: a whole number from 1 to "
     "4096\n"},
    {"embedders: {A_B: {type: onnx}}",
     ":5: embedders.A_B: is not a name; allowed: 1 to 64 of a-z, 0-9 and -, not beginning with "
     "-\n"},
    {"embedders: {a: {type: onnx, model: m, tokenizer: t}}",
     ":1: classification.embedder: default is not one of the embedders; allowed: a\n"},
    {"embedders: {a: {type: onnx, model: m, tokenizer: t}}\nclassification: {embedder: b}",
     ":6: classification.embedder: b is not one of the embedders; allowed: a\n"},
    {"load: {scaling_point: 0.9}",
     ":5: load.saturation_point: 0.9 is not above the scaling_point; allowed: above 0.9 to 2\n"},
    {"load: {hysteresis: 0.6}",
     ":5: load.hysteresis: 0.6 is out of range; allowed: a number from 0 to 0.5\n"},
    {"load: {interval: 1ms}",
     ":5: load.interval: 1ms is out of range; allowed: a duration from 100ms to 1m\n"},
    {"load: {fusion: least}",
     ":5: load.fusion: least is not allowed here; allowed: max, weighted\n"},
    {"load: {weights: {reported: 2}}",
     ":5: load.weights: has no use with fusion: max; allowed: fusion: weighted\n"},
    {"load: {fusion: weighted, weights: {manual: 2}}",
     ":5: load.weights.manual: is unknown; allowed: reported, scraped, miss_latency, "
     "leases\n"},
    {"load: {fusion: weighted, weights: {scraped: -1}}",
     ":5: load.weights.scraped: -1 is out of range; allowed: a number from 0 to 100\n"},
    {"load: {leases: [{model: m}]}",
     ":5: load.leases[0].limit: is missing; allowed: a whole number from 1 to 1000000\n"},
    {"load: {leases: [{model: m, limit: 0}]}",
     ":5: load.leases[0].limit: 0 is out of range; allowed: a whole number from 1 to 1000000\n"},
    {"load: {leases: [{model: m, limit: 2}, {model: m, limit: 3}]}",
     ":5: load.leases[1].model: m has a limit already; allowed: each model once\n"},
    {"load: {scrape: {url: x}}", ":5: load.scrape: is a map; allowed: a list of maps\n"},
    {"load: {scrape: [vllm]}",
     ":5: load.scrape[0]: vllm is not a map; allowed: a map of keys and values\n"},
    {"load: {scrape: [{url: x}]}", ":5: load.scrape[0].kind: is missing; allowed: vllm, metric\n"},
    {"load:\n  scrape:\n    - kind: vllm\n      limit: 4\n      model_nam: x",
     ":7: load.scrape[0].model: is missing; allowed: the model, as in requests\n"
     "etc/semcached.yaml:7: load.scrape[0].url: is missing; allowed: http://... or https://...\n"
     "etc/semcached.yaml:9: load.scrape[0].model_nam: is unknown, perhaps model_name; allowed: "
     "kind, model, url, interval, timeout, token_file, ca_file, limit, model_name, first_token\n"},
    {"load: {scrape: [{kind: vllm, model: m, url: \"unix:/x\"}]}",
     ":5: load.scrape[0].url: is not a URL of HTTP; allowed: http://... or https://...\n"},
    {"load: {scrape: [{kind: vllm, model: m, url: \"http://h\", interval: 9.5s}]}",
     ":5: load.scrape[0].interval: 9500ms and the timeout of 1s are longer than "
     "load.stale_after; allowed: together at most 10s\n"},
    {"load: {scrape: [{kind: metric, model: m, url: \"http://h\"}]}",
     ":5: load.scrape[0].value: is missing; allowed: a metric's name, with labels or without: "
     "name{label=\"value\"}\n"},
    {"load: {scrape: [{kind: metric, model: m, url: \"http://h\", value: 'rate(x)'}]}",
     ":5: load.scrape[0].value: names no metric; allowed: a metric's name, with labels or "
     "without: name{label=\"value\"}\n"},
    {"load: {scrape: [{kind: metric, model: m, url: \"http://h\", value: x, divide_by: 0}]}",
     ":5: load.scrape[0].divide_by: 0 is out of range; allowed: a number above 0, or a metric's "
     "name, with labels or without: name{label=\"value\"}\n"},
    {"load: {scrape: [{kind: metric, model: m, url: \"http://h\", value: x, divide_by: 1+1}]}",
     ":5: load.scrape[0].divide_by: is no number and names no metric; allowed: a number above 0, "
     "or a metric's name, with labels or without: name{label=\"value\"}\n"},
    {"limits: {default_deadline: 2s}",
     ":5: limits.default_deadline: 2s is above the max_deadline; allowed: at most 1s\n"},
    {"limits: {max_query: 2MiB}",
     ":5: limits.max_query: 2MiB never fits a message; allowed: at most 1MiB, the max_message\n"},
    {"workers: -1", ":5: workers: -1 is out of range; allowed: a whole number from 0 to 256\n"},
    {"log: {level: trace}",
     ":5: log.level: trace is not allowed here; allowed: debug, info, warning, error\n"},
    {"default_category: \"\"",
     ":5: default_category: \"\" is not a name; allowed: 1 to 64 of a-z, 0-9 and -, not beginning "
     "with -\n"},
};

TEST(ServerConfigTest, SaysWhereWhatAndWhatIsAllowed) {
  for (const Broken& broken : kBroken) {
    const std::string expected = std::string("etc/semcached.yaml") + broken.error;
    const ConfigResult<ServerConfig> read = Parse(std::string(kLeast) + broken.content + "\n");
    EXPECT_FALSE(read.value.has_value()) << broken.content;
    const std::string errors = ToString(read.errors);
    if (expected.back() == '\n') {
      EXPECT_EQ(errors, expected) << broken.content;
    } else {
      EXPECT_EQ(errors.substr(0, expected.size()), expected) << broken.content;
      EXPECT_EQ(read.errors.size(), 1U) << broken.content;
    }
  }
}

TEST(ServerConfigTest, SaysWhatIsMissing) {
  EXPECT_EQ(ToString(Parse("http: localhost:1\n").errors),
            "etc/semcached.yaml:1: listen: names no listener; allowed: unix, tcp or both\n"
            "etc/semcached.yaml:1: admin.unix: is missing; allowed: a path\n"
            "etc/semcached.yaml:1: store.path: is missing; allowed: a path\n"
            "etc/semcached.yaml:1: categories: is missing; allowed: a path\n");
}

TEST(ServerConfigTest, ListenersMustBePossible) {
  const std::string rest = "store: {path: x}\ncategories: c\n";
  EXPECT_EQ(ToString(Parse("listen: {unix: /s}\nadmin: {unix: /s}\n" + rest).errors),
            "etc/semcached.yaml:2: admin.unix: is the path of listen.unix; allowed: another one\n");
  EXPECT_EQ(
      ToString(Parse("listen: {unix: /" + std::string(107, 's') + "}\nadmin: {unix: /s}\n" + rest)
                   .errors),
      "etc/semcached.yaml:1: listen.unix: is 108 bytes long; allowed: a path of at most 107 "
      "bytes\n");
  const auto of_listen = [&rest](const std::string& listen) {
    return ToString(Parse("listen: {" + listen + "}\nadmin: {unix: /a}\n" + rest).errors);
  };
  const std::string uids = "a whole number from 0 to 4294967294\n";
  EXPECT_EQ(of_listen("tcp: h:1, unix_uids: [1]"),
            "etc/semcached.yaml:1: listen.unix_uids: has no use without listen.unix; allowed: only "
            "with it\n");
  EXPECT_EQ(of_listen("unix: /s, unix_uids: []"),
            "etc/semcached.yaml:1: listen.unix_uids: is empty; allowed: a list of " + uids);
  EXPECT_EQ(of_listen("unix: /s, unix_uids: 7"),
            "etc/semcached.yaml:1: listen.unix_uids: 7 is not a list; allowed: a list of whole "
            "numbers\n");
  EXPECT_EQ(
      of_listen("unix: /s, unix_uids: [root, -1, \"7\", 4294967295, [], 0]"),
      "etc/semcached.yaml:1: listen.unix_uids[0]: root is not a whole number; allowed: " + uids +
          "etc/semcached.yaml:1: listen.unix_uids[1]: -1 is out of range; allowed: " + uids +
          "etc/semcached.yaml:1: listen.unix_uids[2]: \"7\" is not a whole number; allowed: " +
          uids +
          "etc/semcached.yaml:1: listen.unix_uids[3]: 4294967295 is out of range; allowed: " +
          uids + "etc/semcached.yaml:1: listen.unix_uids[4]: is a list; allowed: " + uids);
  EXPECT_EQ(
      of_listen("unix: /s, max_connections: 100001"),
      "etc/semcached.yaml:1: listen.max_connections: 100001 is out of range; allowed: a whole "
      "number from 0 to 100000\n");
  EXPECT_EQ(
      ToString(Parse("listen: {tcp: h:1, unix_mode: 432}\nadmin: {unix: /s}\n" + rest).errors),
      "etc/semcached.yaml:1: listen.unix_mode: 432 is not a file mode; allowed: a 0 and "
      "three octal digits, e.g. 0660\n");
  EXPECT_EQ(
      ToString(Parse("listen: {unix: /d, tls: {key_file: k}}\nadmin: {unix: /s}\n" + rest).errors),
      "etc/semcached.yaml:1: listen.tls.certificate_file: is missing; allowed: a path\n"
      "etc/semcached.yaml:1: listen.tls: has no use without tcp; allowed: with listen.tcp\n");
}

// A change of such a file was never noticed, so that a token that was taken out stayed good.
TEST(ServerConfigTest, PrincipalsAreInAFileThatIsWatched) {
  for (const char* name : {"principals.yml", "/run/secrets/principals", ".principals.yaml"}) {
    const std::string errors =
        ToString(Parse(std::string(kLeast) + "access: {principals: " + name + "}").errors);
    EXPECT_NE(errors.find("access.principals: "), std::string::npos) << errors;
    EXPECT_NE(errors.find("allowed: a name that ends in .yaml"), std::string::npos) << errors;
  }
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

// The keys that the decoder allows under `prefix`, as its own complaint lists them.
std::string AllowedKeys(const std::vector<ConfigError>& errors) {
  for (const ConfigError& error : errors) {
    const std::string start = "is unknown; allowed: ";
    if (error.message.rfind(start, 0) == 0) return error.message.substr(start.size());
  }
  ADD_FAILURE() << "no complaint in: " << ToString(errors);
  return "";
}

void ExpectDocumented(const std::string& prefix, const std::string& keys) {
  const std::string page = Content(SourceFile("docs/configuration.md"));
  for (size_t begin = 0; begin < keys.size();) {
    const size_t end = std::min(keys.find(", ", begin), keys.size());
    const std::string key = prefix + keys.substr(begin, end - begin);
    begin = end + 2;
    const bool found = page.find("`" + key + "`") != std::string::npos ||
                       page.find("`" + key + ".") != std::string::npos;
    EXPECT_TRUE(found) << key;
  }
}

TEST(ServerConfigTest, EveryKeyIsDocumented) {
  const std::string wrong = "qqqqqqqqqq: 1";
  ExpectDocumented("", AllowedKeys(Parse(wrong).errors));
  for (const std::string map :
       {"listen", "access", "admin", "store", "classification", "load", "limits", "log"}) {
    ExpectDocumented(map + ".", AllowedKeys(Parse(map + ": {" + wrong + "}").errors));
  }
  ExpectDocumented("listen.tls.", AllowedKeys(Parse("listen: {tls: {" + wrong + "}}").errors));
  for (const std::string type : {"onnx", "http"}) {
    ExpectDocumented(
        "", AllowedKeys(Parse("embedders: {a: {type: " + type + ", " + wrong + "}}").errors));
  }
  for (const std::string kind : {"vllm", "metric"}) {
    ExpectDocumented(
        "", AllowedKeys(Parse("load: {scrape: [{kind: " + kind + ", " + wrong + "}]}").errors));
  }
  ExpectDocumented("", AllowedKeys(Parse("load: {leases: [{" + wrong + "}]}").errors));
  ExpectDocumented("load.weights.", AllowedKeys(Parse("load: {weights: {" + wrong + "}}").errors));
  ExpectDocumented("", AllowedKeys(ParseCategory("code.yaml", wrong).errors));
  for (const std::string map : {"quota", "index", "adaptation"}) {
    ExpectDocumented(map + ".",
                     AllowedKeys(ParseCategory("code.yaml", map + ": {" + wrong + "}").errors));
  }
}

}  // namespace
}  // namespace semcached
