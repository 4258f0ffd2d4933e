// Who may do what, as a file of principals says it (`access.principals`).
#ifndef SEMCACHED_CONFIG_PRINCIPALS_H_
#define SEMCACHED_CONFIG_PRINCIPALS_H_

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "semcached/base/secret.h"
#include "semcached/config/load.h"

namespace semcached {

enum class Right {
  kLookup,    // look up, and hold leases
  kInsert,    // insert, and delete within its own namespaces
  kFeedback,  // report wrong answers, which takes them out
  kLoad,      // report the load of models, which moves policies
  kAdmin,     // delete whatever it is
};
const char* Name(Right value);

// One caller, or several that are one to the cache. At least one of tokens and certificate.
struct PrincipalConfig {
  std::string name;                // 1 to 64 of a-z, 0-9 and -
  std::vector<Sha256Hash> tokens;  // of the bearer tokens, up to 8
  std::string certificate;         // a subject alternative name of its TLS certificate
  std::vector<Right> rights;       // one at least
  bool all_namespaces = false;     // or
  std::set<std::string, std::less<>> namespaces;  // these, byte for byte
  double max_rate = 0;         // requests a second, a batch counts each; 0: any number
  double max_insert_rate = 0;  // of these, inserts
};

// Strict, as all configuration. No two principals have a token or a certificate in common.
ConfigResult<std::vector<PrincipalConfig>> ReadPrincipals(const std::string& file);
ConfigResult<std::vector<PrincipalConfig>> ParsePrincipals(const std::string& file,
                                                           std::string_view content);

}  // namespace semcached

#endif  // SEMCACHED_CONFIG_PRINCIPALS_H_
