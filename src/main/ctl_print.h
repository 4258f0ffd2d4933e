#ifndef SEMCACHED_SRC_MAIN_CTL_PRINT_H_
#define SEMCACHED_SRC_MAIN_CTL_PRINT_H_

#include <google/protobuf/message.h>

#include <string>

#include "semcached/v1/admin.pb.h"
#include "semcached/v1/policy.pb.h"
#include "semcached/v1/semantic_cache.pb.h"

namespace semcached {

// The JSON form of protobuf: `bytes` are in base64. Fields at their defaults are there too.
std::string ToJson(const google::protobuf::Message& message, bool pretty);

// The same for people, on standard output.
void Print(const v1::LookupResponse& response);
void Print(const v1::InsertResponse& response);
void Print(const v1::GetStatsResponse& response);
void Print(const v1::ListPoliciesResponse& response);
void Print(const v1::ListPolicyEventsResponse& response);
void Print(const v1::ImportResponse& response);
void Print(const v1::ReportFeedbackResponse& response);
void Print(const v1::WhatIfResponse& response);
void Print(const v1::TrainVerifierResponse& response);

}  // namespace semcached

#endif  // SEMCACHED_SRC_MAIN_CTL_PRINT_H_
