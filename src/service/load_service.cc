#include "service/load_service.h"

#include "semcached/base/status.h"
#include "service/caller.h"
#include "service/convert.h"
#include "service/grpc_status.h"

namespace semcached {
namespace {

absl::Status TakeReport(const v1::ReportLoadRequest& request, const Clock& clock,
                        ReportedLoad* load) {
  ASSIGN_OR_RETURN(const LoadReport report, FromProto(request));
  return load->Report(request.model(), report, clock.Monotonic());
}

// Takes reports until the caller ends the stream or sends a bad one. Deletes itself.
class LoadStream final : public grpc::ServerReadReactor<v1::ReportLoadRequest> {
 public:
  LoadStream(const AccessControl& access, const grpc::CallbackServerContext& context,
             const Clock& clock, ReportedLoad* load, std::atomic<int>* streams)
      : access_(access), context_(context), clock_(clock), load_(load), streams_(streams) {
    streams_->fetch_add(1, std::memory_order_relaxed);
    if (const auto caller = CallerOf(access_, context_); caller.ok()) {
      StartRead(&request_);
    } else {
      Finish(ToGrpc(caller.status()));
    }
  }
  void OnReadDone(bool ok) override {
    if (!ok) return Finish(grpc::Status::OK);
    // Asked each time: a right may be withdrawn meanwhile.
    absl::Status status = Admit(access_, context_, Right::kLoad).status();
    if (status.ok()) status = TakeReport(request_, clock_, load_);
    if (!status.ok()) return Finish(ToGrpc(status));
    StartRead(&request_);
  }
  void OnDone() override {
    streams_->fetch_sub(1, std::memory_order_relaxed);
    delete this;
  }

 private:
  const AccessControl& access_;
  const grpc::CallbackServerContext& context_;  // lives until OnDone()
  const Clock& clock_;
  ReportedLoad* const load_;
  std::atomic<int>* const streams_;
  v1::ReportLoadRequest request_;
};

}  // namespace

grpc::ServerUnaryReactor* LoadServiceImpl::ReportLoad(grpc::CallbackServerContext* context,
                                                      const v1::ReportLoadRequest* request,
                                                      v1::ReportLoadResponse* /*response*/) {
  grpc::ServerUnaryReactor* reactor = calls_.Begin();
  absl::Status status = Admit(*access_, *context, Right::kLoad).status();
  if (status.ok()) status = TakeReport(*request, *clock_, load_);
  reactor->Finish(ToGrpc(status));
  return reactor;
}

grpc::ServerReadReactor<v1::ReportLoadRequest>* LoadServiceImpl::StreamLoad(
    grpc::CallbackServerContext* context, v1::ReportLoadResponse* /*response*/) {
  return new LoadStream(*access_, *context, *clock_, load_, &streams_);
}

}  // namespace semcached
