// Good requests, and the mistakes that make one wrong.
#ifndef SEMCACHED_TESTS_SERVICE_CONVERT_REQUESTS_H_
#define SEMCACHED_TESTS_SERVICE_CONVERT_REQUESTS_H_

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <limits>
#include <ostream>
#include <string>
#include <vector>

#include "service/convert.h"

namespace semcached {

inline constexpr char kIdentity[] = "minilm@0123/3";
inline constexpr char kBroken[] = "caf\xe9";  // Latin-1
inline constexpr float kInfinity = std::numeric_limits<float>::infinity();
inline constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

inline RequestRules Rules() {
  RequestRules rules;
  rules.dimensions[kIdentity] = 3;
  return rules;
}

inline v1::LookupRequest GoodLookup() {
  v1::LookupRequest request;
  request.mutable_scope()->set_namespace_("acme");
  request.mutable_scope()->set_model("gpt-4o");
  request.mutable_scope()->set_context("v1");
  request.set_query("why is the sky blue");
  return request;
}

inline v1::InsertRequest GoodInsert() {
  v1::InsertRequest request;
  *request.mutable_scope() = GoodLookup().scope();
  request.set_query("why is the sky blue");
  request.mutable_response()->set_body("it scatters");
  return request;
}

inline void SetVector(const std::string& identity, const std::vector<float>& values,
                      v1::Embedding* embedding) {
  embedding->set_identity(identity);
  embedding->mutable_values()->Assign(values.begin(), values.end());
}

// A good request that one change makes wrong, and what the refusal has to say.
template <typename Proto>
struct Mistake {
  const char* name;
  std::function<void(Proto*)> make;
  std::vector<std::string> says;

  friend void PrintTo(const Mistake& mistake, std::ostream* out) { *out << mistake.name; }
};

template <typename Proto>
std::string NameOf(const ::testing::TestParamInfo<Mistake<Proto>>& info) {
  return info.param.name;
}

template <typename Proto>
void ExpectRefused(Proto request, const Mistake<Proto>& mistake) {
  ASSERT_TRUE(FromProto(Rules(), request).ok());
  mistake.make(&request);
  const absl::Status status = FromProto(Rules(), request).status();
  ASSERT_TRUE(absl::IsInvalidArgument(status)) << status;
  for (const std::string& part : mistake.says) {
    EXPECT_THAT(std::string(status.message()), ::testing::HasSubstr(part));
  }
}

}  // namespace semcached

#endif  // SEMCACHED_TESTS_SERVICE_CONVERT_REQUESTS_H_
