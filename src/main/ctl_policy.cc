// The commands about policies and the load of models.

#include "main/ctl_call.h"

namespace semcached {

absl::Status CtlPolicies(const CtlOptions& options, const std::string& category) {
  v1::ListPoliciesRequest request;
  request.set_category(category);
  return CallAndPrint(options, options.admin, *PolicyStub(options),
                      &v1::PolicyService::Stub::ListPolicies, request);
}

absl::Status CtlWatchPolicies(const CtlOptions& options, const std::string& category,
                              absl::Duration interval, int rounds) {
  return Repeat(options, interval, rounds, [&] { return CtlPolicies(options, category); });
}

absl::Status CtlSetLoad(const CtlOptions& options, const std::string& model, double utilization,
                        absl::Duration duration) {
  v1::SetLoadRequest request;
  request.set_model(model);
  request.set_utilization(utilization);
  *request.mutable_duration() = ToProto(duration);
  return CallAndPrint(options, options.admin, *PolicyStub(options),
                      &v1::PolicyService::Stub::SetLoad, request);
}

absl::Status CtlClearLoad(const CtlOptions& options, const std::string& model) {
  v1::ClearLoadRequest request;
  request.set_model(model);
  return CallAndPrint(options, options.admin, *PolicyStub(options),
                      &v1::PolicyService::Stub::ClearLoad, request);
}

absl::Status CtlPolicyEvents(const CtlOptions& options) {
  return CallAndPrint(options, options.admin, *PolicyStub(options),
                      &v1::PolicyService::Stub::ListPolicyEvents, v1::ListPolicyEventsRequest());
}

absl::Status CtlReload(const CtlOptions& options) {
  return CallAndPrint(options, options.admin, *PolicyStub(options),
                      &v1::PolicyService::Stub::ReloadPolicies, v1::ReloadPoliciesRequest());
}

absl::Status CtlFreeze(const CtlOptions& options, bool frozen) {
  v1::FreezePoliciesRequest request;
  request.set_frozen(frozen);
  return CallAndPrint(options, options.admin, *PolicyStub(options),
                      &v1::PolicyService::Stub::FreezePolicies, request);
}

}  // namespace semcached
