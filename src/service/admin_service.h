#ifndef SEMCACHED_SRC_SERVICE_ADMIN_SERVICE_H_
#define SEMCACHED_SRC_SERVICE_ADMIN_SERVICE_H_

#include "semcached/service/server.h"
#include "semcached/v1/admin.grpc.pb.h"
#include "service/convert.h"

namespace semcached {

// The admin plane: few calls, by people and scripts, so that plain blocking handlers do. Its Unix
// socket is the right to use it.
class AdminServiceImpl final : public v1::AdminService::Service {
 public:
  AdminServiceImpl(ServerParts parts, RequestRules rules);

  grpc::Status GetStats(grpc::ServerContext* context, const v1::GetStatsRequest* request,
                        v1::GetStatsResponse* response) override;
  grpc::Status Flush(grpc::ServerContext* context, const v1::FlushRequest* request,
                     v1::FlushResponse* response) override;
  grpc::Status Export(grpc::ServerContext* context, const v1::ExportRequest* request,
                      grpc::ServerWriter<v1::ExportedEntry>* writer) override;
  grpc::Status Import(grpc::ServerContext* context, grpc::ServerReader<v1::ExportedEntry>* reader,
                      v1::ImportResponse* response) override;
  grpc::Status ReportFeedback(grpc::ServerContext* context,
                              const v1::ReportFeedbackRequest* request,
                              v1::ReportFeedbackResponse* response) override;
  grpc::Status WhatIf(grpc::ServerContext* context, const v1::WhatIfRequest* request,
                      v1::WhatIfResponse* response) override;
  grpc::Status ListRecordedLookups(grpc::ServerContext* context,
                                   const v1::ListRecordedLookupsRequest* request,
                                   grpc::ServerWriter<v1::RecordedLookup>* writer) override;
  grpc::Status TrainVerifier(grpc::ServerContext* context,
                             grpc::ServerReader<v1::LabelledPair>* reader,
                             v1::TrainVerifierResponse* response) override;

 private:
  absl::Status CheckCategory(const std::string& category) const;

  const ServerParts parts_;
  const RequestRules rules_;
  const MonotonicTime started_;
};

}  // namespace semcached

#endif  // SEMCACHED_SRC_SERVICE_ADMIN_SERVICE_H_
