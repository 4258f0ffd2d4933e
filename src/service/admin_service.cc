#include "service/admin_service.h"

#include <absl/strings/str_cat.h>

#include <set>
#include <string>
#include <utility>

#include "semcached/base/status.h"
#include "semcached/policy/economics.h"
#include "service/grpc_status.h"
#include "service/process_metrics.h"
#include "service/training_pairs.h"
#include "service/what_if_answer.h"

namespace semcached {
namespace {

// Reasons name values, so there may be as many as entries.
constexpr int kMostReasons = 32;

void CountDeclined(const absl::Status& status, google::protobuf::Map<std::string, int64_t>* by) {
  std::string reason(status.message());
  if (by->size() >= kMostReasons && !by->contains(reason)) {
    reason = absl::StatusCodeToString(status.code());
  }
  ++(*by)[reason];
}

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

void ToProto(const Economics& economics, bool losing, v1::Economics* proto) {
  if (economics.hit_rate) proto->set_hit_rate(*economics.hit_rate);
  if (economics.break_even) proto->set_break_even_hit_rate(*economics.break_even);
  if (economics.hit_cost) SetDuration(*economics.hit_cost, proto->mutable_hit_cost());
  if (economics.miss_cost) SetDuration(*economics.miss_cost, proto->mutable_miss_cost());
  if (economics.model_latency) {
    SetDuration(*economics.model_latency, proto->mutable_model_latency());
  }
  SetDuration(economics.time_saved, proto->mutable_time_saved());
  proto->set_tokens_saved(economics.tokens_saved);
  proto->set_cost_saved(economics.cost_saved);
  proto->set_losing(losing);
}

}  // namespace

AdminServiceImpl::AdminServiceImpl(ServerParts parts, RequestRules rules)
    : parts_(std::move(parts)), rules_(std::move(rules)), started_(parts_.clock->Monotonic()) {}

absl::Status AdminServiceImpl::CheckCategory(const std::string& category) const {
  if (category.empty()) return absl::OkStatus();
  return parts_.policies->Current()->Get(category).status();
}

grpc::Status AdminServiceImpl::GetStats(grpc::ServerContext* /*context*/,
                                        const v1::GetStatsRequest* /*request*/,
                                        v1::GetStatsResponse* response) {
  const CacheStats stats = parts_.cache->Stats();
  int64_t entries = 0;
  const std::set<std::string> losing = parts_.policies->Losing();
  for (const auto& [name, counts] : stats.categories) {
    v1::CategoryStats* const category = response->add_categories();
    ToProto(name, counts, category);
    ToProto(EconomicsOf(counts.costs), losing.contains(name), category->mutable_economics());
    entries += counts.entries;
  }
  response->set_entry_count(entries);
  SetDuration(parts_.clock->Monotonic() - started_, response->mutable_uptime());
  response->set_warm_ratio(stats.warm_ratio);
  response->mutable_memory_bytes()->insert(stats.memory_bytes.begin(), stats.memory_bytes.end());
  response->set_memory_limit_bytes(parts_.config->memory_limit_bytes);
  response->set_disk_bytes(stats.disk_bytes);
  response->mutable_disk_part_bytes()->insert(stats.disk_part_bytes.begin(),
                                              stats.disk_part_bytes.end());
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
    absl::StatusOr<InsertRequest> insert = FromProto(rules_, entry, parts_.clock->Wall());
    if (!insert.ok()) {
      CountDeclined(insert.status(), &declined);
      continue;
    }
    const absl::StatusOr<InsertResult> result = parts_.cache->Insert(*std::move(insert), call);
    if (!result.ok()) {
      if (!absl::IsInvalidArgument(result.status())) return ToGrpc(result.status());
      CountDeclined(result.status(), &declined);
    } else if (result->kind == InsertResult::Kind::kDeclined) {
      ++declined[result->decline_reason];
    } else {
      response->set_stored_count(response->stored_count() + 1);
    }
  }
  return grpc::Status::OK;
}

grpc::Status AdminServiceImpl::ReportFeedback(grpc::ServerContext* /*context*/,
                                              const v1::ReportFeedbackRequest* request,
                                              v1::ReportFeedbackResponse* response) {
  const absl::StatusOr<Feedback> feedback = FromProto(*request);
  if (!feedback.ok()) return ToGrpc(feedback.status());
  const absl::StatusOr<FeedbackResult> result = parts_.cache->Report(*feedback);
  if (!result.ok()) return ToGrpc(result.status());
  semcached::ToProto(*result, response);
  return grpc::Status::OK;
}

grpc::Status AdminServiceImpl::WhatIf(grpc::ServerContext* /*context*/,
                                      const v1::WhatIfRequest* request,
                                      v1::WhatIfResponse* response) {
  return ToGrpc(AnswerWhatIf(parts_, *request, response));
}

grpc::Status AdminServiceImpl::ListRecordedLookups(grpc::ServerContext* /*context*/,
                                                   const v1::ListRecordedLookupsRequest* request,
                                                   grpc::ServerWriter<v1::RecordedLookup>* writer) {
  if (absl::Status status = CheckCategory(request->category()); !status.ok()) {
    return ToGrpc(status);
  }
  for (const RecordedLookup& lookup : parts_.cache->RecordedLookups()) {
    if (!request->category().empty() && request->category() != lookup.category) continue;
    v1::RecordedLookup proto;
    semcached::ToProto(lookup, &proto);
    if (!writer->Write(proto)) break;
  }
  return grpc::Status::OK;
}

grpc::Status AdminServiceImpl::TrainVerifier(grpc::ServerContext* context,
                                             grpc::ServerReader<v1::LabelledPair>* reader,
                                             v1::TrainVerifierResponse* response) {
  const Call call(*parts_.clock, absl::InfiniteDuration(),
                  [context] { return context->IsCancelled(); });
  TrainingPairs pairs(parts_);
  v1::LabelledPair pair;
  while (reader->Read(&pair)) {
    if (absl::Status status = pairs.Take(pair); !status.ok()) return ToGrpc(status);
  }
  return ToGrpc(pairs.Train(call, response));
}

}  // namespace semcached
