#ifndef SEMCACHED_TESTS_INTEGRATION_GATEWAY_H_
#define SEMCACHED_TESTS_INTEGRATION_GATEWAY_H_

#include <gtest/gtest.h>

#include <string>

#include "integration/running_server.h"

namespace semcached {

// The caller of a story. Verbs that are not about an error fail the test on any.
class Gateway {
 public:
  explicit Gateway(RunningServer* server) : server_(*server) {}

  // The same gateway on behalf of somebody or something else.
  Gateway As(const std::string& tenant) const;
  Gateway ForModel(const std::string& model) const;
  Gateway WithContext(const std::string& context) const;
  Gateway In(const std::string& category) const;

  v1::LookupRequest Question(const std::string& query) const;
  v1::InsertRequest Telling(const std::string& query, const std::string& answer) const;

  v1::LookupResponse Lookup(const v1::LookupRequest& request) const;
  v1::InsertResponse Insert(const v1::InsertRequest& request) const;
  grpc::Status TryLookup(const v1::LookupRequest& request, v1::LookupResponse* response) const;
  grpc::Status TryInsert(const v1::InsertRequest& request, v1::InsertResponse* response) const;

  // "exact:BODY", "semantic:BODY", "miss:REASON" or "bypass".
  std::string Ask(const std::string& query) const { return Ask(Question(query)); }
  std::string Ask(const v1::LookupRequest& request) const;
  // The id of the new entry.
  std::string Tell(const std::string& query, const std::string& answer) const;

 private:
  RunningServer& server_;
  std::string tenant_ = "acme";
  std::string model_ = "gpt-4o";
  std::string context_ = "system-prompt-1";
  std::string category_ = "code";
};

// A server and who calls it.
class IntegrationTest : public ::testing::Test {
 protected:
  explicit IntegrationTest(const ServerSetup& setup = {}) : server_(setup) {}

  RunningServer server_;
  const Gateway gateway_{&server_};
};

// What stories ask. The last one differs from the first in one word, and needs another answer.
inline constexpr char kQuestion[] = "how do I sort an array in ascending order in javascript";
inline constexpr char kParaphrase[] = "how can I sort an array in ascending order in javascript";
inline constexpr char kOpposite[] = "how do I sort an array in descending order in javascript";
inline constexpr char kAnswer[] = "array.sort((a, b) => a - b)";

}  // namespace semcached

#endif  // SEMCACHED_TESTS_INTEGRATION_GATEWAY_H_
