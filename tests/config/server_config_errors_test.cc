// What the server's file may not say, and how that is told.
#include <gtest/gtest.h>

#include <string>

#include "config/server_config_text.h"

namespace semcached {
namespace {

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

TEST(ServerConfigErrorsTest, SaysWhereWhatAndWhatIsAllowed) {
  for (const Broken& broken : kBroken) {
    const std::string expected = std::string("etc/semcached.yaml") + broken.error;
    const ConfigResult<ServerConfig> read =
        ParseServer(std::string(kLeast) + broken.content + "\n");
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

TEST(ServerConfigErrorsTest, SaysWhatIsMissing) {
  EXPECT_EQ(ToString(ParseServer("http: localhost:1\n").errors),
            "etc/semcached.yaml:1: listen: names no listener; allowed: unix, tcp or both\n"
            "etc/semcached.yaml:1: admin.unix: is missing; allowed: a path\n"
            "etc/semcached.yaml:1: store.path: is missing; allowed: a path\n"
            "etc/semcached.yaml:1: categories: is missing; allowed: a path\n");
}

TEST(ServerConfigErrorsTest, ListenersMustBePossible) {
  const std::string rest = "store: {path: x}\ncategories: c\n";
  EXPECT_EQ(ToString(ParseServer("listen: {unix: /s}\nadmin: {unix: /s}\n" + rest).errors),
            "etc/semcached.yaml:2: admin.unix: is the path of listen.unix; allowed: another one\n");
  EXPECT_EQ(ToString(ParseServer("listen: {unix: /" + std::string(107, 's') +
                                 "}\nadmin: {unix: /s}\n" + rest)
                         .errors),
            "etc/semcached.yaml:1: listen.unix: is 108 bytes long; allowed: a path of at most 107 "
            "bytes\n");
  const auto of_listen = [&rest](const std::string& listen) {
    return ToString(ParseServer("listen: {" + listen + "}\nadmin: {unix: /a}\n" + rest).errors);
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
      ToString(
          ParseServer("listen: {tcp: h:1, unix_mode: 432}\nadmin: {unix: /s}\n" + rest).errors),
      "etc/semcached.yaml:1: listen.unix_mode: 432 is not a file mode; allowed: a 0 and "
      "three octal digits, e.g. 0660\n");
  EXPECT_EQ(
      ToString(
          ParseServer("listen: {unix: /d, tls: {key_file: k}}\nadmin: {unix: /s}\n" + rest).errors),
      "etc/semcached.yaml:1: listen.tls.certificate_file: is missing; allowed: a path\n"
      "etc/semcached.yaml:1: listen.tls: has no use without tcp; allowed: with listen.tcp\n");
}

// A change of such a file was never noticed, so that a token that was taken out stayed good.
TEST(ServerConfigErrorsTest, PrincipalsAreInAFileThatIsWatched) {
  for (const char* name : {"principals.yml", "/run/secrets/principals", ".principals.yaml"}) {
    const std::string errors =
        ToString(ParseServer(std::string(kLeast) + "access: {principals: " + name + "}").errors);
    EXPECT_NE(errors.find("access.principals: "), std::string::npos) << errors;
    EXPECT_NE(errors.find("allowed: a name that ends in .yaml"), std::string::npos) << errors;
  }
}

}  // namespace
}  // namespace semcached
