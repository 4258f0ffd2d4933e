#include "main/empty_server.h"

#include <absl/synchronization/mutex.h>
#include <grpcpp/grpcpp.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <iostream>
#include <memory>
#include <thread>
#include <vector>

#include "main/load_answers.h"
#include "semcached/v1/semantic_cache.grpc.pb.h"

namespace semcached {
namespace {

class CallbackService final : public v1::SemanticCache::CallbackService {
 public:
  explicit CallbackService(int response_bytes) : answers_(response_bytes) {}
  grpc::ServerUnaryReactor* Lookup(grpc::CallbackServerContext* context,
                                   const v1::LookupRequest* request,
                                   v1::LookupResponse* response) override {
    answers_.Answer(*request, response);
    return Finished(context);
  }
  grpc::ServerUnaryReactor* Insert(grpc::CallbackServerContext* context,
                                   const v1::InsertRequest* request,
                                   v1::InsertResponse* response) override {
    answers_.Answer(*request, response);
    return Finished(context);
  }

 private:
  static grpc::ServerUnaryReactor* Finished(grpc::CallbackServerContext* context) {
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    reactor->Finish(grpc::Status::OK);
    return reactor;
  }

  const LoadAnswers answers_;
};

using QueuedService = v1::SemanticCache::AsyncService;

// What a completion queue gives back.
class Tag {
 public:
  virtual ~Tag() = default;
  virtual void Proceed(bool ok) = 0;
};

// One call of a completion queue; asks for the next of its method when its own has come.
template <typename Request, typename Response>
class QueuedCall final : public Tag {
 public:
  using Method = void (QueuedService::*)(grpc::ServerContext*, Request*,
                                         grpc::ServerAsyncResponseWriter<Response>*,
                                         grpc::CompletionQueue*, grpc::ServerCompletionQueue*,
                                         void*);
  QueuedCall(QueuedService* service, Method method, grpc::ServerCompletionQueue* queue,
             const LoadAnswers* answers)
      : service_(service),
        method_(method),
        queue_(queue),
        answers_(answers),
        responder_(&context_) {
    (service_->*method_)(&context_, &request_, &responder_, queue_, queue_,
                         static_cast<Tag*>(this));
  }

  void Proceed(bool ok) override {
    if (!ok || answered_) {
      delete this;
      return;
    }
    new QueuedCall(service_, method_, queue_, answers_);
    answered_ = true;
    Response response;
    answers_->Answer(request_, &response);
    responder_.Finish(response, grpc::Status::OK, static_cast<Tag*>(this));
  }

 private:
  QueuedService* const service_;
  const Method method_;
  grpc::ServerCompletionQueue* const queue_;
  const LoadAnswers* const answers_;
  grpc::ServerContext context_;
  Request request_;
  grpc::ServerAsyncResponseWriter<Response> responder_;
  bool answered_ = false;
};

int AwaitTermination() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  int signal = 0;
  sigwait(&set, &signal);
  return 0;
}

int ServeByCallbacks(grpc::ServerBuilder* builder, int response_bytes) {
  CallbackService service(response_bytes);
  builder->RegisterService(&service);
  const std::unique_ptr<grpc::Server> server = builder->BuildAndStart();
  if (server == nullptr) return 2;
  AwaitTermination();
  server->Shutdown(std::chrono::system_clock::now());
  return 0;
}

int ServeByQueues(grpc::ServerBuilder* builder, int response_bytes) {
  QueuedService service;
  builder->RegisterService(&service);
  const unsigned count = std::max(1U, std::thread::hardware_concurrency());
  std::vector<std::unique_ptr<grpc::ServerCompletionQueue>> queues;
  for (unsigned i = 0; i < count; ++i) queues.push_back(builder->AddCompletionQueue());
  const std::unique_ptr<grpc::Server> server = builder->BuildAndStart();
  if (server == nullptr) return 2;
  const LoadAnswers answers(response_bytes);
  std::vector<std::thread> threads;
  threads.reserve(queues.size());
  for (const auto& queue : queues) {
    threads.emplace_back([&service, &answers, queue = queue.get()] {
      new QueuedCall<v1::LookupRequest, v1::LookupResponse>(&service, &QueuedService::RequestLookup,
                                                            queue, &answers);
      new QueuedCall<v1::InsertRequest, v1::InsertResponse>(&service, &QueuedService::RequestInsert,
                                                            queue, &answers);
      void* tag = nullptr;
      for (bool ok = false; queue->Next(&tag, &ok);) static_cast<Tag*>(tag)->Proceed(ok);
    });
  }
  AwaitTermination();
  server->Shutdown(std::chrono::system_clock::now());
  for (const auto& queue : queues) queue->Shutdown();
  for (std::thread& thread : threads) thread.join();
  return 0;
}

}  // namespace

int RunEmptyServer(const EmptyServerOptions& options) {
  // As semcached does.
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  // Before any thread: all inherit that the signals are taken by one alone.
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  grpc::ServerBuilder builder;
  builder.AddListeningPort("unix:" + options.unix_socket, grpc::InsecureServerCredentials());
  const int status = options.queues ? ServeByQueues(&builder, options.response_bytes)
                                    : ServeByCallbacks(&builder, options.response_bytes);
  if (status != 0) std::cerr << "cannot listen on " << options.unix_socket << "\n";
  return status;
}

EmptyServerProcess::EmptyServerProcess(const EmptyServerOptions& options)
    : target_(options.unix_socket) {
  const pid_t parent = getpid();
  pid_ = fork();
  if (pid_ != 0) return;
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(2);
  _exit(RunEmptyServer(options));
}

EmptyServerProcess::~EmptyServerProcess() {
  if (pid_ <= 0) return;
  kill(pid_, SIGTERM);
  waitpid(pid_, nullptr, 0);
}

}  // namespace semcached
