#include "semcached/config/load.h"

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <sys/stat.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <memory>
#include <set>
#include <utility>

#include "config/decode.h"
#include "config/error_list.h"
#include "config/file.h"
#include "config/scalar.h"
#include "semcached/config/principals.h"

namespace semcached {
namespace {

struct CategoryFiles {
  std::vector<std::string> names;                  // of categories, readable or not
  std::map<std::string, DecodedCategory> decoded;  // those without errors, by path
};

std::string Unreadable(const absl::Status& status, absl::string_view allowed) {
  return absl::StrCat(status.message(), "; allowed: ", allowed);
}

// Reads `file` and gives it to `decode`; an error if it cannot be read.
template <typename Decode>
void DecodeFile(ErrorList* errors, Decode decode) {
  const absl::StatusOr<std::string> content = ReadFile(errors->file());
  if (content.ok()) {
    decode(*content);
  } else {
    errors->Add(0, "", Unreadable(content.status(), "a readable file"));
  }
}

CategoryFiles DecodeCategoryFiles(const std::string& directory, std::vector<ConfigError>* errors) {
  CategoryFiles files;
  const absl::StatusOr<std::vector<std::string>> names = ListYamlFiles(directory);
  if (!names.ok()) {
    errors->push_back({directory, 0, "", Unreadable(names.status(), "a directory of *.yaml")});
    return files;
  }
  if (names->empty()) {
    errors->push_back({directory, 0, "", "holds no *.yaml; allowed: one file a category"});
  }
  for (const std::string& name : *names) {
    ErrorList list(absl::StrCat(directory, "/", name));
    DecodeFile(&list, [&](absl::string_view content) {
      DecodedCategory decoded = DecodeCategory(content, &list);
      if (list.empty()) files.decoded.emplace(list.file(), std::move(decoded));
    });
    list.MoveTo(errors);
    files.names.push_back(name.substr(0, name.size() - std::string_view(".yaml").size()));
  }
  return files;
}

void CheckShares(const std::string& directory, const CategoryFiles& files,
                 std::vector<ConfigError>* errors) {
  double sum = 0;
  std::vector<std::string> parts;
  for (const auto& [file, decoded] : files.decoded) {
    const double share = decoded.policy.quota.guaranteed_share;
    sum += share;
    if (share > 0) parts.push_back(absl::StrCat(decoded.policy.category, " ", share));
  }
  constexpr double kRounding = 1e-9;  // ten times 0.1 is 1 to a reader
  if (sum <= 1 + kRounding) return;
  errors->push_back({directory, 0, "quota.guaranteed_share",
                     absl::StrCat("all files sum to ", sum, " (", absl::StrJoin(parts, ", "),
                                  "); allowed: at most 1")});
}

void CheckDefaultCategory(const ServerConfig& server, const CategoryFiles& files,
                          std::vector<ConfigError>* errors) {
  const std::string& name = server.default_category;
  if (std::find(files.names.begin(), files.names.end(), name) == files.names.end()) {
    if (files.names.empty()) return;  // reported as such
    errors->push_back({server.file, 0, "default_category",
                       absl::StrCat(name, " has no file in ", server.categories_dir,
                                    "; allowed: ", absl::StrJoin(files.names, ", "))});
  }
  for (const auto& [file, decoded] : files.decoded) {
    if (decoded.policy.category != name || decoded.policy.allow_caching) continue;
    errors->push_back({server.file, 0, "default_category",
                       absl::StrCat(name,
                                    " has allow_caching: false; allowed: a category that "
                                    "may be cached")});
  }
}

void CheckEmbeddings(const ServerConfig& server, const CategoryFiles& files,
                     std::vector<ConfigError>* errors) {
  if (server.embedders.empty()) return;  // callers send vectors
  std::vector<absl::string_view> names;
  for (const auto& [name, embedder] : server.embedders) names.emplace_back(name);
  for (const auto& [file, decoded] : files.decoded) {
    if (server.embedders.count(decoded.policy.embedding) > 0) continue;
    errors->push_back({file, decoded.embedding_line, "embedding",
                       absl::StrCat(decoded.policy.embedding, " is not an embedder of ",
                                    server.file, "; allowed: ", absl::StrJoin(names, ", "))});
  }
}

void CheckClassifier(const ServerConfig& server, const CategoryFiles& files,
                     std::vector<ConfigError>* errors) {
  const auto embedder = server.embedders.find(server.classification.embedder);
  if (server.require_category || embedder == server.embedders.end()) return;
  if (embedder->second.type != EmbedderType::kHttp) return;
  for (const auto& [file, decoded] : files.decoded) {
    if (decoded.policy.allow_caching) continue;
    errors->push_back(
        {server.file, 0, "classification.embedder",
         absl::StrCat(embedder->first, " would see the queries of ", decoded.policy.category,
                      ", which has allow_caching: false; allowed: an embedder "
                      "of type onnx, or require_category: true")});
  }
}

// What only all files together can show. `of_server`: what is wrong in semcached.yaml itself; with
// that, nothing is compared.
void CheckTogether(const ServerConfig& server, const std::vector<ConfigError>& of_server,
                   const CategoryFiles& files, std::vector<ConfigError>* errors) {
  const auto is_right = [&](const std::string& key) {
    return std::none_of(of_server.begin(), of_server.end(), [&](const ConfigError& error) {
      return error.key.empty() || error.key == key;  // without a key: the file as a whole
    });
  };
  CheckShares(server.categories_dir, files, errors);
  if (is_right("default_category")) CheckDefaultCategory(server, files, errors);
  if (is_right("embedders")) CheckEmbeddings(server, files, errors);
  if (is_right("embedders") && is_right("classification.embedder") &&
      is_right("require_category")) {
    CheckClassifier(server, files, errors);
  }
}

CategoryPolicySetPtr MakeSet(const ServerConfig& server, CategoryFiles&& files) {
  auto set = std::make_shared<CategoryPolicySet>();
  for (auto& [file, decoded] : files.decoded) {
    std::string name = decoded.policy.category;
    set->categories.emplace(std::move(name), std::move(decoded.policy));
  }
  set->default_category = server.default_category;
  AssignTurns(set.get());
  return set;
}

// Who can read the key can be this server to everybody.
void CheckKey(const ServerConfig& server, std::vector<ConfigError>* errors) {
  const std::string& path = server.listen_tls.key_file;
  struct stat status;
  if (path.empty() || stat(path.c_str(), &status) != 0) return;  // reported as such
  if ((status.st_mode & S_IRWXO) == 0) return;
  errors->push_back({server.file, 0, "listen.tls.key_file",
                     absl::StrCat(path,
                                  " is open to everybody on this machine; allowed: a file "
                                  "of mode 0640 or less")});
}

ServerConfig DecodeServerFile(const std::string& file, std::vector<ConfigError>* errors) {
  ErrorList list(file);
  ServerConfig server;
  DecodeFile(&list,
             [&](absl::string_view content) { server = DecodeServerConfig(content, &list); });
  list.MoveTo(errors);
  return server;
}

}  // namespace

void AssignTurns(CategoryPolicySet* set) {
  std::set<int> enforced;
  for (const auto& [name, policy] : set->categories) {
    const AdaptationPolicy& adaptation = policy.adaptation;
    if (adaptation.mode == AdaptationMode::kEnforce) enforced.insert(adaptation.order);
  }
  for (auto& [name, policy] : set->categories) {
    AdaptationPolicy& adaptation = policy.adaptation;
    if (adaptation.mode == AdaptationMode::kOff) continue;
    std::set<int> orders = enforced;  // of one in shadow: as if it were enforced too
    const auto own = orders.insert(adaptation.order).first;
    adaptation.turn = static_cast<int>(std::distance(orders.begin(), own));
    adaptation.turns = static_cast<int>(orders.size());
  }
}

ConfigResult<ServerConfig> ReadServerConfig(const std::string& file) {
  ConfigResult<ServerConfig> result;
  ServerConfig server = DecodeServerFile(file, &result.errors);
  if (result.ok()) result.value = std::move(server);
  return result;
}

ConfigResult<CategoryPolicySetPtr> ReadCategories(const ServerConfig& server) {
  ConfigResult<CategoryPolicySetPtr> result;
  CategoryFiles files = DecodeCategoryFiles(server.categories_dir, &result.errors);
  CheckTogether(server, {}, files, &result.errors);
  if (result.ok()) result.value = MakeSet(server, std::move(files));
  return result;
}

ConfigResult<Config> ReadConfig(const std::string& file) {
  ConfigResult<Config> result;
  ServerConfig server = DecodeServerFile(file, &result.errors);
  if (server.categories_dir.empty()) return result;  // reported as such
  const std::vector<ConfigError> of_server = result.errors;
  CategoryFiles files = DecodeCategoryFiles(server.categories_dir, &result.errors);
  CheckTogether(server, of_server, files, &result.errors);
  if (!server.principals_file.empty()) {
    const std::vector<ConfigError> more = ReadPrincipals(server.principals_file).errors;
    result.errors.insert(result.errors.end(), more.begin(), more.end());
  }
  if (result.ok()) {
    CategoryPolicySetPtr categories = MakeSet(server, std::move(files));
    result.value = Config{std::move(server), std::move(categories)};
  }
  return result;
}

std::vector<ConfigError> CheckFiles(const ServerConfig& server) {
  std::vector<ConfigError> errors;
  const auto check = [&](const std::string& owner, absl::string_view key, const std::string& path) {
    if (path.empty()) return;
    const absl::Status status = ReadFile(path).status();
    if (status.ok()) return;
    errors.push_back({server.file, 0, absl::StrCat(owner, ".", key),
                      absl::StrCat(path, " ", status.message(), "; allowed: a readable file")});
  };
  const auto check_pem = [&](absl::string_view key, const std::string& path,
                             absl::string_view what) {
    const size_t before = errors.size();
    check("listen.tls", key, path);
    if (path.empty() || errors.size() > before) return;
    if (absl::StrContains(*ReadFile(path), what)) return;
    errors.push_back({server.file, 0, absl::StrCat("listen.tls.", key),
                      absl::StrCat(path, " holds no ", what, "; allowed: a file in PEM")});
  };
  check_pem("certificate_file", server.listen_tls.certificate_file, "BEGIN CERTIFICATE");
  check_pem("key_file", server.listen_tls.key_file, "PRIVATE KEY");
  check_pem("client_ca_file", server.listen_tls.client_ca_file, "BEGIN CERTIFICATE");
  CheckKey(server, &errors);
  for (const auto& [name, embedder] : server.embedders) {
    const std::string owner = absl::StrCat("embedders.", name);
    check(owner, "model", embedder.model_path);
    check(owner, "tokenizer", embedder.tokenizer_path);
    check(owner, "api_key_file", embedder.api_key_file);
    check(owner, "ca_file", embedder.ca_file);
  }
  for (size_t i = 0; i < server.load.scrape.size(); ++i) {
    const std::string owner = absl::StrCat("load.scrape[", i, "]");
    check(owner, "token_file", server.load.scrape[i].token_file);
    check(owner, "ca_file", server.load.scrape[i].ca_file);
  }
  return errors;
}

ConfigResult<ServerConfig> ParseServerConfig(const std::string& file, std::string_view content) {
  ConfigResult<ServerConfig> result;
  ErrorList list(file);
  ServerConfig server = DecodeServerConfig({content.data(), content.size()}, &list);
  list.MoveTo(&result.errors);
  if (result.ok()) result.value = std::move(server);
  return result;
}

ConfigResult<CategoryPolicy> ParseCategory(const std::string& file, std::string_view content) {
  ConfigResult<CategoryPolicy> result;
  ErrorList list(file);
  DecodedCategory decoded = DecodeCategory({content.data(), content.size()}, &list);
  list.MoveTo(&result.errors);
  if (result.ok()) result.value = std::move(decoded.policy);
  return result;
}

std::optional<absl::Duration> ParseConfigDuration(std::string_view text) {
  return DecodeDuration({text.data(), text.size()});
}

}  // namespace semcached
