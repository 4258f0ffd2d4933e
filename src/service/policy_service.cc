#include "service/policy_service.h"

#include <absl/strings/str_cat.h>

#include <string>
#include <utility>

#include "semcached/base/status.h"
#include "service/convert.h"
#include "service/grpc_status.h"

namespace semcached {
namespace {

void ToProto(const CategoryView& view, bool is_default, v1::CategoryPolicy* proto) {
  const CategoryPolicy& policy = view.configured;
  proto->set_category(policy.category);
  proto->set_description(policy.description);
  proto->set_is_default(is_default);
  proto->set_allow_caching(policy.allow_caching);
  proto->set_embedding(policy.embedding);
  proto->set_index_type(Name(policy.index.type));
  proto->set_eviction(Name(policy.eviction));
  proto->set_durability(Name(policy.durability));
  for (const GuardKind guard : policy.guards) proto->add_guards(Name(guard));
  proto->set_similarity_threshold(policy.similarity_threshold);
  SetDuration(policy.ttl, proto->mutable_ttl());
  proto->set_max_entries(policy.quota.max_entries);
  proto->set_max_memory_bytes(policy.quota.max_memory_bytes);
  proto->set_max_disk_bytes(policy.quota.max_disk_bytes);
  proto->set_guaranteed_share(policy.quota.guaranteed_share);
  proto->set_adaptation_mode(Name(policy.adaptation.mode));
  if (policy.false_hit_budget) proto->set_false_hit_budget(*policy.false_hit_budget);
  proto->set_budget_mode(Name(policy.budget_mode));
  proto->set_audit_rate(policy.audit_rate);
  proto->set_verifier_mode(Name(policy.verifier.mode));
  if (view.budget) {
    if (view.budget->held) proto->set_calibrated_threshold(view.budget->held->base);
    if (view.budget->rate_in_force) {
      proto->set_estimated_false_hit_rate(*view.budget->rate_in_force);
    }
    proto->set_calibration(view.budget->latest.reason);
    if (view.budget->at_full_load) {
      proto->set_full_load_extra_hits(view.budget->at_full_load->extra_hits);
      proto->set_full_load_extra_false_hits(view.budget->at_full_load->extra_false_hits);
    }
  }
  for (const EffectiveView& effective : view.effective) {
    v1::EffectivePolicy* added = proto->add_effective();
    added->set_model(effective.model);
    added->set_load_factor(effective.load_factor);
    added->set_similarity_threshold(effective.effective.similarity_threshold);
    SetDuration(effective.effective.ttl, added->mutable_ttl());
    if (!effective.would_be.has_value()) continue;
    added->set_shadow_similarity_threshold(effective.would_be->similarity_threshold);
    SetDuration(effective.would_be->ttl, added->mutable_shadow_ttl());
  }
}

void ToProto(const ModelLoadView& view, v1::ModelLoad* proto) {
  proto->set_model(view.model);
  proto->set_load_factor(view.load_factor);
  if (view.fused.utilization) proto->set_utilization(*view.fused.utilization);
  proto->set_utilization_source(view.fused.by);
  for (const SensorView& sensor : view.sensors) {
    v1::ModelLoad::Sensor* added = proto->add_sensors();
    added->set_name(sensor.sensor);
    if (sensor.utilization) added->set_utilization(*sensor.utilization);
    added->set_problem(sensor.problem);
  }
  if (view.manual_remaining) {
    SetDuration(*view.manual_remaining, proto->mutable_manual_remaining());
  }
}

}  // namespace

PolicyServiceImpl::PolicyServiceImpl(ServerParts parts) : parts_(std::move(parts)) {}

grpc::Status PolicyServiceImpl::ListPolicies(grpc::ServerContext* /*context*/,
                                             const v1::ListPoliciesRequest* request,
                                             v1::ListPoliciesResponse* response) {
  const PolicyViews views = parts_.policies->Views();
  for (const CategoryView& view : views.categories) {
    const std::string& name = view.configured.category;
    if (!request->category().empty() && request->category() != name) continue;
    ToProto(view, name == views.default_category, response->add_policies());
  }
  if (response->policies().empty() && !request->category().empty()) {
    return ToGrpc(absl::NotFoundError(absl::StrCat(
        "category \"", request->category(), "\" is not configured; without one, all are shown")));
  }
  response->set_generation(static_cast<int64_t>(views.generation));
  response->set_frozen(views.frozen);
  for (const ModelLoadView& load : views.loads) ToProto(load, response->add_loads());
  return grpc::Status::OK;
}

grpc::Status PolicyServiceImpl::ListPolicyEvents(grpc::ServerContext* /*context*/,
                                                 const v1::ListPolicyEventsRequest* /*request*/,
                                                 v1::ListPolicyEventsResponse* response) {
  for (const PolicyEvent& event : parts_.policies->Events()) {
    v1::PolicyEvent* added = response->add_events();
    added->mutable_time()->set_seconds(absl::ToUnixSeconds(event.time));
    added->set_reason(event.reason);
    added->set_model(event.model);
    if (event.category.empty()) continue;
    added->set_category(event.category);
    added->set_load_factor(event.after.load_factor);
    added->set_similarity_threshold(event.after.similarity_threshold);
    SetDuration(event.after.ttl, added->mutable_ttl());
    added->set_shadow(event.shadow);
    if (!event.expected) continue;
    added->set_expected_extra_hits(event.expected->extra_hits);
    added->set_expected_extra_false_hits(event.expected->extra_false_hits);
  }
  return grpc::Status::OK;
}

grpc::Status PolicyServiceImpl::ReloadPolicies(grpc::ServerContext* /*context*/,
                                               const v1::ReloadPoliciesRequest* /*request*/,
                                               v1::ReloadPoliciesResponse* response) {
  if (absl::Status status = parts_.reload(); !status.ok()) return ToGrpc(status);
  const PolicyViews views = parts_.policies->Views();
  response->set_generation(static_cast<int64_t>(views.generation));
  response->set_category_count(static_cast<int>(views.categories.size()));
  return grpc::Status::OK;
}

grpc::Status PolicyServiceImpl::FreezePolicies(grpc::ServerContext* /*context*/,
                                               const v1::FreezePoliciesRequest* request,
                                               v1::FreezePoliciesResponse* response) {
  if (request->frozen()) {
    parts_.policies->Freeze();
  } else {
    parts_.policies->Unfreeze();
  }
  response->set_frozen(request->frozen());
  return grpc::Status::OK;
}

grpc::Status PolicyServiceImpl::SetLoad(grpc::ServerContext* /*context*/,
                                        const v1::SetLoadRequest* request,
                                        v1::SetLoadResponse* /*response*/) {
  const auto set = [&]() -> absl::Status {
    RETURN_IF_ERROR(CheckText("model", request->model(), kMaxModelBytes));
    ASSIGN_OR_RETURN(const absl::Duration duration, ToDuration("duration", request->duration()));
    return parts_.policies->SetLoad(request->model(), request->utilization(), duration);
  };
  return ToGrpc(set());
}

grpc::Status PolicyServiceImpl::ClearLoad(grpc::ServerContext* /*context*/,
                                          const v1::ClearLoadRequest* request,
                                          v1::ClearLoadResponse* /*response*/) {
  return ToGrpc(parts_.policies->ClearLoad(request->model()));
}

}  // namespace semcached
