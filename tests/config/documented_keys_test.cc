// docs/configuration.md has every key that the files may have.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "config/server_config_text.h"
#include "semcached/config/load.h"
#include "support/source_file.h"

namespace semcached {
namespace {

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
  std::ifstream input(SourceFile("docs/configuration.md"));
  const std::string page{std::istreambuf_iterator<char>(input), {}};
  for (size_t begin = 0; begin < keys.size();) {
    const size_t end = std::min(keys.find(", ", begin), keys.size());
    const std::string key = prefix + keys.substr(begin, end - begin);
    begin = end + 2;
    const bool found = page.find("`" + key + "`") != std::string::npos ||
                       page.find("`" + key + ".") != std::string::npos;
    EXPECT_TRUE(found) << key;
  }
}

TEST(DocumentedKeysTest, EveryKeyIsInThePage) {
  const std::string wrong = "qqqqqqqqqq: 1";
  ExpectDocumented("", AllowedKeys(ParseServer(wrong).errors));
  for (const std::string map :
       {"listen", "access", "admin", "store", "classification", "load", "limits", "log"}) {
    ExpectDocumented(map + ".", AllowedKeys(ParseServer(map + ": {" + wrong + "}").errors));
  }
  ExpectDocumented("listen.tls.",
                   AllowedKeys(ParseServer("listen: {tls: {" + wrong + "}}").errors));
  for (const std::string type : {"onnx", "http"}) {
    ExpectDocumented(
        "", AllowedKeys(ParseServer("embedders: {a: {type: " + type + ", " + wrong + "}}").errors));
  }
  for (const std::string kind : {"vllm", "metric"}) {
    ExpectDocumented(
        "",
        AllowedKeys(ParseServer("load: {scrape: [{kind: " + kind + ", " + wrong + "}]}").errors));
  }
  ExpectDocumented("", AllowedKeys(ParseServer("load: {leases: [{" + wrong + "}]}").errors));
  ExpectDocumented("load.weights.",
                   AllowedKeys(ParseServer("load: {weights: {" + wrong + "}}").errors));
  ExpectDocumented("", AllowedKeys(ParseCategory("code.yaml", wrong).errors));
  for (const std::string map : {"quota", "index", "adaptation"}) {
    ExpectDocumented(map + ".",
                     AllowedKeys(ParseCategory("code.yaml", map + ": {" + wrong + "}").errors));
  }
}

}  // namespace
}  // namespace semcached
