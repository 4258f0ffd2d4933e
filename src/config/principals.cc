#include "semcached/config/principals.h"

#include <absl/strings/str_cat.h>

#include <optional>
#include <utility>

#include "config/error_list.h"
#include "config/file.h"
#include "config/map_reader.h"
#include "config/yaml_document.h"

namespace semcached {
namespace {

constexpr size_t kMostTokens = 8;
constexpr size_t kMostPrincipals = 256;  // each call compares its token with all
constexpr NumberRange kRate{.least = 0, .most = 1e6, .above_least = true};

constexpr const char* kTokensAllowed =
    "up to 8 SHA-256 hashes of tokens, 64 hexadecimal digits each; `semcachectl new-token` makes "
    "one of each";

// False: none are listed.
bool DecodeTokens(MapReader* reader, PrincipalConfig* principal) {
  std::vector<std::string> texts;
  reader->Texts("tokens_sha256", &texts);
  if (texts.size() > kMostTokens) {
    reader->Fail("tokens_sha256",
                 absl::StrCat("has ", texts.size(), " elements; allowed: ", kTokensAllowed));
  }
  for (const std::string& text : texts) {
    if (const std::optional<Sha256Hash> hash = Sha256FromHex(text)) {
      principal->tokens.push_back(*hash);
    } else {
      // Not what it says: it may be the token itself.
      reader->Fail("tokens_sha256",
                   absl::StrCat("has an element of ", text.size(),
                                " characters that is no hash; allowed: ", kTokensAllowed));
    }
  }
  return !texts.empty();
}

void DecodeNamespaces(MapReader* reader, PrincipalConfig* principal) {
  reader->Bool("all_namespaces", &principal->all_namespaces);
  std::vector<std::string> names;
  reader->Texts("namespaces", &names);
  principal->namespaces.insert(names.begin(), names.end());
  if (principal->all_namespaces == principal->namespaces.empty()) return;
  reader->Fail("namespaces",
               principal->all_namespaces
                   ? "stands beside all_namespaces: true; allowed: one of the two"
                   : "names none; allowed: a list of namespaces, or all_namespaces: true");
}

PrincipalConfig DecodePrincipal(const std::string& name, MapReader reader) {
  PrincipalConfig principal;
  principal.name = name;
  const bool no_tokens = !DecodeTokens(&reader, &principal);
  reader.Text("certificate", "a subject alternative name, e.g. gateway.example.org",
              &principal.certificate);
  const bool has_tokens = reader.Has("tokens_sha256");
  if (!reader.Has("certificate") && (!has_tokens || no_tokens)) {
    reader.Fail(
        "tokens_sha256",
        "is missing or empty, and certificate too: nobody could be it; allowed: one of the two, or "
        "both");
  }
  reader.Require("rights", "lookup, insert, feedback, load, admin");
  reader.Choices("rights",
                 {Right::kLookup, Right::kInsert, Right::kFeedback, Right::kLoad, Right::kAdmin},
                 &principal.rights);
  if (reader.Has("rights") && principal.rights.empty()) {
    reader.Fail("rights", "names none; allowed: lookup, insert, feedback, load, admin");
  }
  DecodeNamespaces(&reader, &principal);
  reader.Number("max_rate", kRate, &principal.max_rate);
  reader.Number("max_insert_rate", kRate, &principal.max_insert_rate);
  reader.Finish();
  return principal;
}

// A token or a certificate that two had in common would make whoever shows it either.
void CheckDistinct(const std::vector<PrincipalConfig>& principals, MapReader* reader) {
  std::set<Sha256Hash> tokens;
  std::set<std::string> certificates;
  for (const PrincipalConfig& principal : principals) {
    for (const Sha256Hash& token : principal.tokens) {
      if (tokens.insert(token).second) continue;
      reader->Fail(principal.name, "has a token that stands in this file before; allowed: another");
    }
    if (principal.certificate.empty()) continue;
    if (certificates.insert(principal.certificate).second) continue;
    reader->Fail(principal.name, absl::StrCat("has the certificate ", principal.certificate,
                                              " of another principal; allowed: another"));
  }
}

std::vector<PrincipalConfig> Decode(absl::string_view content, ErrorList* errors) {
  std::vector<PrincipalConfig> principals;
  const std::optional<YamlNode> root = ParseYaml(content, errors);
  if (!root) return principals;
  MapReader reader(*root, "", errors);
  reader.Require("principals", "a map of principals, by names of your own");
  MapReader named = reader.Map("principals");
  reader.Finish();
  for (const std::string& name : named.TakeNames()) {
    principals.push_back(DecodePrincipal(name, named.Map(name)));
  }
  if (principals.size() > kMostPrincipals) {
    reader.Fail("principals", absl::StrCat("has ", principals.size(),
                                           " elements; allowed: at most ", kMostPrincipals));
  }
  CheckDistinct(principals, &named);
  return principals;
}

}  // namespace

const char* Name(Right value) {
  switch (value) {
    case Right::kLookup:
      return "lookup";
    case Right::kInsert:
      return "insert";
    case Right::kFeedback:
      return "feedback";
    case Right::kLoad:
      return "load";
    case Right::kAdmin:
      return "admin";
  }
  return "";
}

ConfigResult<std::vector<PrincipalConfig>> ParsePrincipals(const std::string& file,
                                                           std::string_view content) {
  ConfigResult<std::vector<PrincipalConfig>> result;
  ErrorList list(file, /*secret=*/true);
  std::vector<PrincipalConfig> principals = Decode({content.data(), content.size()}, &list);
  list.MoveTo(&result.errors);
  if (result.ok()) result.value = std::move(principals);
  return result;
}

ConfigResult<std::vector<PrincipalConfig>> ReadPrincipals(const std::string& file) {
  const absl::StatusOr<std::string> content = ReadFile(file);
  if (content.ok()) return ParsePrincipals(file, *content);
  ConfigResult<std::vector<PrincipalConfig>> result;
  result.errors.push_back(
      {file, 0, "", absl::StrCat(content.status().message(), "; allowed: a readable file")});
  return result;
}

}  // namespace semcached
