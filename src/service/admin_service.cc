#include "service/admin_service.h"

#include <absl/strings/str_cat.h>

#include <string>
#include <utility>

#include "semcached/base/status.h"
#include "service/grpc_status.h"
#include "service/process_metrics.h"

namespace semcached {
namespace {

void ToProto(const std::string& name, const CategoryCounts& counts, v1::CategoryStats* proto) {
  proto->set_category(name);
  proto->set_entry_count(counts.entries);
  proto->set_memory_bytes(counts.memory_bytes);
  proto->set_disk_bytes(counts.disk_bytes);
  proto->set_scope_count(counts.scopes);
  proto->set_graph_entry_count(counts.graph_entries);
  proto->set_hit_exact_count(counts.hits_exact);
  proto->set_hit_semantic_count(counts.hits_semantic);
  proto->set_bypass_count(counts.bypasses);
  proto->mutable_miss_counts()->insert(counts.misses.begin(), counts.misses.end());
  proto->set_insert_count(counts.inserts);
  proto->set_eviction_count(counts.evictions);
  proto->set_expiry_count(counts.expiries);
  proto->mutable_answered_by()->insert(counts.answered_by.begin(), counts.answered_by.end());
}

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

}  // namespace

AdminServiceImpl::AdminServiceImpl(ServerParts parts, RequestRules rules)
    : parts_(std::move(parts)), rules_(std::move(rules)), started_(parts_.clock->Monotonic()) {}

absl::Status AdminServiceImpl::CheckCategory(const std::string& category) const {
  if (category.empty() || parts_.policies->Current()->Find(category) != nullptr) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(absl::StrCat("category \"", category, "\" is not configured"));
}

grpc::Status AdminServiceImpl::GetStats(grpc::ServerContext* /*context*/,
                                        const v1::GetStatsRequest* /*request*/,
                                        v1::GetStatsResponse* response) {
  const CacheStats stats = parts_.cache->Stats();
  int64_t entries = 0;
  for (const auto& [name, counts] : stats.categories) {
    ToProto(name, counts, response->add_categories());
    entries += counts.entries;
  }
  response->set_entry_count(entries);
  SetDuration(parts_.clock->Monotonic() - started_, response->mutable_uptime());
  response->set_warm_ratio(stats.warm_ratio);
  response->mutable_memory_bytes()->insert(stats.memory_bytes.begin(), stats.memory_bytes.end());
  response->set_memory_limit_bytes(parts_.config->memory_limit_bytes);
  response->set_disk_bytes(stats.disk_bytes);
  response->set_disk_limit_bytes(parts_.config->disk_limit_bytes);
  response->set_resident_bytes(ResidentBytes());
  SetDuration(CpuTime(), response->mutable_cpu_time());
  return grpc::Status::OK;
}

grpc::Status AdminServiceImpl::Flush(grpc::ServerContext* context, const v1::FlushRequest* request,
                                     v1::FlushResponse* response) {
  if (absl::Status status = CheckCategory(request->category()); !status.ok()) {
    return ToGrpc(status);
  }
  InvalidateRequest all;
  all.category = request->category();
  all.inserted_before = absl::InfiniteFuture();
  const Call call(*parts_.clock, absl::InfiniteDuration(),
                  [context] { return context->IsCancelled(); });
  const absl::StatusOr<int64_t> count = parts_.cache->Invalidate(all, call);
  if (!count.ok()) return ToGrpc(count.status());
  response->set_count(*count);
  return grpc::Status::OK;
}

grpc::Status AdminServiceImpl::Export(grpc::ServerContext* /*context*/,
                                      const v1::ExportRequest* request,
                                      grpc::ServerWriter<v1::ExportedEntry>* writer) {
  if (absl::Status status = CheckCategory(request->category()); !status.ok()) {
    return ToGrpc(status);
  }
  const absl::Status status =
      parts_.cache->ForEachLive(request->category(), [&](const Document& document) {
        v1::ExportedEntry entry;
        semcached::ToProto(document, &entry);
        return writer->Write(entry);
      });
  return ToGrpc(status);
}

grpc::Status AdminServiceImpl::Import(grpc::ServerContext* context,
                                      grpc::ServerReader<v1::ExportedEntry>* reader,
                                      v1::ImportResponse* response) {
  const Call call(*parts_.clock, absl::InfiniteDuration(),
                  [context] { return context->IsCancelled(); });
  v1::ExportedEntry entry;
  auto& declined = *response->mutable_declined_counts();
  while (reader->Read(&entry)) {
    const absl::StatusOr<InsertRequest> insert = FromProto(rules_, entry, parts_.clock->Wall());
    if (!insert.ok()) {
      ++declined[absl::StatusCodeToString(insert.status().code())];
      continue;
    }
    const absl::StatusOr<InsertResult> result = parts_.cache->Insert(*insert, call);
    if (!result.ok()) {
      if (!absl::IsInvalidArgument(result.status())) return ToGrpc(result.status());
      ++declined[absl::StatusCodeToString(result.status().code())];
    } else if (result->kind == InsertResult::Kind::kDeclined) {
      ++declined[result->decline_reason];
    } else {
      response->set_stored_count(response->stored_count() + 1);
    }
  }
  return grpc::Status::OK;
}

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
    return ToGrpc(absl::NotFoundError(
        absl::StrCat("category \"", request->category(), "\" is not configured")));
  }
  response->set_generation(static_cast<int64_t>(views.generation));
  response->set_frozen(views.frozen);
  return grpc::Status::OK;
}

grpc::Status PolicyServiceImpl::ListPolicyEvents(grpc::ServerContext* /*context*/,
                                                 const v1::ListPolicyEventsRequest* /*request*/,
                                                 v1::ListPolicyEventsResponse* response) {
  for (const PolicyEvent& event : parts_.policies->Events()) {
    v1::PolicyEvent* added = response->add_events();
    added->mutable_time()->set_seconds(absl::ToUnixSeconds(event.time));
    added->set_model(event.model);
    added->set_category(event.category);
    added->set_load_factor(event.after.load_factor);
    added->set_similarity_threshold(event.after.similarity_threshold);
    SetDuration(event.after.ttl, added->mutable_ttl());
    added->set_shadow(event.shadow);
    added->set_reason(event.reason);
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

}  // namespace semcached
