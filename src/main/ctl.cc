// The commands about what is cached.

#include "main/ctl.h"

#include <absl/strings/str_cat.h>
#include <absl/time/clock.h>
#include <google/protobuf/util/json_util.h>
#include <google/protobuf/util/time_util.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

#include "main/ctl_call.h"
#include "main/labelled_texts.h"

namespace semcached {
namespace {

void SetScope(const CtlQuery& query, v1::Scope* scope) {
  scope->set_namespace_(query.namespace_name);
  scope->set_model(query.model);
  scope->set_context(query.context);
}

}  // namespace

absl::Status CtlLookup(const CtlOptions& options, const CtlQuery& query,
                       const CtlLookupFlags& flags) {
  v1::LookupRequest request;
  SetScope(query, request.mutable_scope());
  request.set_query(query.query);
  request.set_category(query.category);
  request.set_explain(flags.explain);
  request.set_near_hits(flags.near_hits);
  request.set_no_store(flags.no_store);
  request.set_bypass(flags.bypass);
  if (flags.min_similarity) request.set_min_similarity(*flags.min_similarity);
  if (flags.max_age) *request.mutable_max_age() = ToProto(*flags.max_age);
  absl::Duration deadline = kDeadline;
  if (flags.lease) {
    request.set_on_miss(v1::ON_MISS_LEASE);
    if (flags.max_wait) *request.mutable_max_wait() = ToProto(*flags.max_wait);
    deadline = kLongDeadline;  // the wait has its own end
  }
  return CallDataAndPrint(options, &v1::SemanticCache::Stub::Lookup, request, deadline);
}

absl::Status CtlRenewLease(const CtlOptions& options, const std::string& lease) {
  v1::RenewLeaseRequest request;
  request.set_lease(lease);
  return CallDataAndPrint(options, &v1::SemanticCache::Stub::RenewLease, request);
}

absl::Status CtlAbandonLease(const CtlOptions& options, const std::string& lease) {
  v1::AbandonLeaseRequest request;
  request.set_lease(lease);
  return CallDataAndPrint(options, &v1::SemanticCache::Stub::AbandonLease, request);
}

absl::Status CtlInsert(const CtlOptions& options, const CtlQuery& query, const CtlAnswer& answer) {
  v1::InsertRequest request;
  SetScope(query, request.mutable_scope());
  request.set_query(query.query);
  request.set_category(query.category);
  request.mutable_response()->set_content_type(answer.content_type);
  request.mutable_response()->set_body(
      answer.body == "-" ? std::string(std::istreambuf_iterator<char>(std::cin), {}) : answer.body);
  if (answer.ttl) *request.mutable_ttl() = ToProto(*answer.ttl);
  for (const std::string& tag : answer.tags) request.add_tags(tag);
  grpc::ClientContext context;
  SetDeadline(&context, kDeadline);
  v1::InsertResponse response;
  ASSIGN_OR_RETURN(const auto stub, DataStub(options));
  RETURN_IF_ERROR(FromGrpc(stub->Insert(&context, request, &response), options.target));
  const bool declined = response.result() == v1::InsertResponse::RESULT_DECLINED;
  if (options.json || !declined) PrintResponse(options, response);
  if (!declined) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat("declined: ", response.decline_reason()));
}

absl::Status CtlInvalidate(const CtlOptions& options, const CtlInvalidation& which) {
  v1::InvalidateRequest request;
  request.set_category(which.category);
  if (!which.namespace_name.empty()) request.set_namespace_(which.namespace_name);
  if (!which.model.empty()) request.set_model(which.model);
  request.set_tag(which.tag);
  if (which.older_than) {
    *request.mutable_inserted_before() = google::protobuf::util::TimeUtil::NanosecondsToTimestamp(
        absl::ToUnixNanos(absl::Now() - *which.older_than));
  }
  if (!which.near.empty()) {
    request.mutable_near()->set_query(which.near);
    request.mutable_near()->set_similarity(which.similarity);
  }
  request.set_dry_run(which.dry_run);
  grpc::ClientContext context;
  SetDeadline(&context, kLongDeadline);
  v1::InvalidateResponse response;
  ASSIGN_OR_RETURN(const auto stub, DataStub(options));
  RETURN_IF_ERROR(FromGrpc(stub->Invalidate(&context, request, &response), options.target));
  if (options.json) {
    std::cout << ToJson(response, true) << "\n";
  } else {
    std::cout << (which.dry_run ? "would delete " : "deleted ") << response.count() << "\n";
  }
  return absl::OkStatus();
}

absl::Status CtlDelete(const CtlOptions& options, const std::string& entry_id) {
  v1::DeleteRequest request;
  request.set_entry_id(entry_id);
  return CallDataAndPrint(options, &v1::SemanticCache::Stub::Delete, request);
}

absl::Status CtlFeedback(const CtlOptions& options, const std::string& entry_id,
                         const std::string& lookup_id, bool wrong) {
  v1::ReportFeedbackRequest request;
  request.set_entry_id(entry_id);
  request.set_lookup_id(lookup_id);
  request.set_verdict(wrong ? v1::ReportFeedbackRequest::VERDICT_WRONG
                            : v1::ReportFeedbackRequest::VERDICT_CORRECT);
  return CallAndPrint(options, options.admin, *AdminStub(options),
                      &v1::AdminService::Stub::ReportFeedback, request);
}

absl::Status CtlWhatIf(const CtlOptions& options, const std::string& directory) {
  v1::WhatIfRequest request;
  std::error_code error;
  for (const auto& file : std::filesystem::directory_iterator(directory, error)) {
    if (file.path().extension() != ".yaml") continue;
    std::ifstream input(file.path(), std::ios::binary);
    v1::WhatIfRequest::File* added = request.add_files();
    added->set_name(file.path().filename().string());
    added->set_content(std::string(std::istreambuf_iterator<char>(input), {}));
  }
  if (error || request.files().empty()) {
    return absl::NotFoundError(absl::StrCat(
        directory, ": no *.yaml is there; name a directory of category files to compare with"));
  }
  return CallAndPrint(options, options.admin, *AdminStub(options), &v1::AdminService::Stub::WhatIf,
                      request);
}

absl::Status CtlTrainVerifier(const CtlOptions& options, const std::string& category,
                              const std::string& file) {
  ASSIGN_OR_RETURN(const std::vector<LabelledTexts> pairs, ReadLabelledTexts(file));
  grpc::ClientContext context;
  SetDeadline(&context, kLongDeadline);
  v1::TrainVerifierResponse response;
  const auto stub = AdminStub(options);
  const auto writer = stub->TrainVerifier(&context, &response);
  std::cerr << "semcachectl: " << pairs.size()
            << " pairs; embedding takes about 3 ms each, learning a minute or two\n";
  for (const LabelledTexts& pair : pairs) {
    v1::LabelledPair proto;
    proto.set_category(category);
    proto.set_duplicate(pair.duplicate);
    proto.set_text_a(pair.text_a);
    proto.set_text_b(pair.text_b);
    if (!writer->Write(proto)) break;  // Finish() says why
  }
  writer->WritesDone();
  RETURN_IF_ERROR(FromGrpc(writer->Finish(), options.admin));
  PrintResponse(options, response);
  return absl::OkStatus();
}

absl::Status CtlRecorded(const CtlOptions& options, const std::string& category) {
  grpc::ClientContext context;
  SetDeadline(&context, kLongDeadline);
  v1::ListRecordedLookupsRequest request;
  request.set_category(category);
  const auto stub = AdminStub(options);
  const auto reader = stub->ListRecordedLookups(&context, request);
  v1::RecordedLookup lookup;
  while (reader->Read(&lookup)) std::cout << ToJson(lookup, false) << "\n";
  return FromGrpc(reader->Finish(), options.admin);
}

absl::Status CtlStats(const CtlOptions& options) {
  return CallAndPrint(options, options.admin, *AdminStub(options),
                      &v1::AdminService::Stub::GetStats, v1::GetStatsRequest());
}

absl::Status CtlTop(const CtlOptions& options, int rounds) {
  return Repeat(options, absl::Seconds(1), rounds, [&options] { return CtlStats(options); });
}

absl::Status CtlFlush(const CtlOptions& options, const std::string& category) {
  grpc::ClientContext context;
  SetDeadline(&context, kLongDeadline);
  v1::FlushRequest request;
  request.set_category(category);
  v1::FlushResponse response;
  RETURN_IF_ERROR(FromGrpc(AdminStub(options)->Flush(&context, request, &response), options.admin));
  if (options.json) {
    std::cout << ToJson(response, true) << "\n";
  } else {
    std::cout << "deleted " << response.count() << "\n";
  }
  return absl::OkStatus();
}

absl::Status CtlExport(const CtlOptions& options, const std::string& category,
                       const std::string& file) {
  std::ofstream to_file;
  if (file != "-") {
    to_file.open(file);
    if (!to_file) return absl::InvalidArgumentError(absl::StrCat("cannot write ", file));
  }
  std::ostream& out = file == "-" ? std::cout : to_file;
  grpc::ClientContext context;
  SetDeadline(&context, kLongDeadline);
  v1::ExportRequest request;
  request.set_category(category);
  const auto stub = AdminStub(options);
  const auto reader = stub->Export(&context, request);
  v1::ExportedEntry entry;
  int64_t count = 0;
  while (reader->Read(&entry)) {
    out << ToJson(entry, false) << "\n";
    if (++count % 10'000 == 0) std::cerr << "exported " << count << "\n";
  }
  RETURN_IF_ERROR(FromGrpc(reader->Finish(), options.admin));
  if (!out.flush()) return absl::DataLossError(absl::StrCat("writing ", file, " failed"));
  if (options.json && file != "-") {
    std::cout << "{\"exported_count\": " << count << "}\n";
  } else {
    std::cerr << "exported " << count << " entries\n";
  }
  return absl::OkStatus();
}

absl::Status CtlImport(const CtlOptions& options, const std::string& file) {
  std::ifstream from_file;
  if (file != "-") {
    from_file.open(file);
    if (!from_file || std::filesystem::is_directory(file))
      return absl::InvalidArgumentError(absl::StrCat("cannot read ", file));
  }
  std::istream& in = file == "-" ? std::cin : from_file;
  grpc::ClientContext context;
  SetDeadline(&context, kLongDeadline);
  v1::ImportResponse response;
  const auto stub = AdminStub(options);
  const auto writer = stub->Import(&context, &response);
  std::string line;
  for (int64_t number = 1; std::getline(in, line); ++number) {
    if (line.empty()) continue;
    v1::ExportedEntry entry;
    const auto parsed = google::protobuf::util::JsonStringToMessage(line, &entry);
    if (!parsed.ok()) {
      context.TryCancel();
      writer->Finish();
      return absl::InvalidArgumentError(
          absl::StrCat(file, ":", number, ": is not an exported entry"));
    }
    if (!writer->Write(entry)) break;
  }
  writer->WritesDone();
  RETURN_IF_ERROR(FromGrpc(writer->Finish(), options.admin));
  PrintResponse(options, response);
  int64_t declined = 0;
  for (const auto& [reason, count] : response.declined_counts()) declined += count;
  if (declined == 0) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat("entries declined: ", declined));
}

absl::Status CtlHealth(const CtlOptions& options) {
  grpc::ClientContext context;
  SetDeadline(&context, absl::Seconds(3));
  v1::GetServerInfoResponse response;
  ASSIGN_OR_RETURN(const auto stub, DataStub(options));
  RETURN_IF_ERROR(FromGrpc(stub->GetServerInfo(&context, v1::GetServerInfoRequest(), &response),
                           options.target));
  if (options.json) {
    std::cout << ToJson(response, true) << "\n";
  } else {
    std::cout << "serving, version " << response.version() << ", warm "
              << static_cast<int>(100 * response.warm_ratio()) << " %\n";
  }
  return absl::OkStatus();
}

}  // namespace semcached
