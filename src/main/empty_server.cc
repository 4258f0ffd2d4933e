#include "main/empty_server.h"

#include <grpcpp/grpcpp.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <iostream>
#include <memory>
#include <thread>
#include <vector>

#include "semcached/v1/semantic_cache.grpc.pb.h"

namespace semcached {
namespace {

v1::LookupResponse Answer(int response_bytes) {
  v1::LookupResponse answer;
  answer.set_category("code");
  if (response_bytes == 0) {
    answer.set_outcome(v1::OUTCOME_MISS);
    answer.set_miss_reason(v1::MISS_REASON_BELOW_THRESHOLD);
    answer.set_nearest_similarity(0.5F);
    answer.set_similarity_threshold(0.85F);
  } else {
    answer.set_outcome(v1::OUTCOME_HIT_SEMANTIC);
    answer.set_entry_id("0123456789abcdef0123456789abcdef");
    answer.mutable_response()->set_body(std::string(static_cast<size_t>(response_bytes), 'x'));
  }
  return answer;
}

class CallbackService final : public v1::SemanticCache::CallbackService {
 public:
  explicit CallbackService(int response_bytes) : answer_(Answer(response_bytes)) {}
  grpc::ServerUnaryReactor* Lookup(grpc::CallbackServerContext* context,
                                   const v1::LookupRequest* /*request*/,
                                   v1::LookupResponse* response) override {
    *response = answer_;
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    reactor->Finish(grpc::Status::OK);
    return reactor;
  }

 private:
  const v1::LookupResponse answer_;
};

// One call of a completion queue; asks for the next when its own has come.
class QueuedCall {
 public:
  QueuedCall(v1::SemanticCache::AsyncService* service, grpc::ServerCompletionQueue* queue,
             const v1::LookupResponse* answer)
      : service_(service), queue_(queue), answer_(answer), responder_(&context_) {
    service_->RequestLookup(&context_, &request_, &responder_, queue_, queue_, this);
  }

  void Proceed(bool ok) {
    if (!ok || answered_) {
      delete this;
      return;
    }
    new QueuedCall(service_, queue_, answer_);
    answered_ = true;
    responder_.Finish(*answer_, grpc::Status::OK, this);
  }

 private:
  v1::SemanticCache::AsyncService* const service_;
  grpc::ServerCompletionQueue* const queue_;
  const v1::LookupResponse* const answer_;
  grpc::ServerContext context_;
  v1::LookupRequest request_;
  grpc::ServerAsyncResponseWriter<v1::LookupResponse> responder_;
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
  v1::SemanticCache::AsyncService service;
  builder->RegisterService(&service);
  const unsigned count = std::max(1U, std::thread::hardware_concurrency());
  std::vector<std::unique_ptr<grpc::ServerCompletionQueue>> queues;
  for (unsigned i = 0; i < count; ++i) queues.push_back(builder->AddCompletionQueue());
  const std::unique_ptr<grpc::Server> server = builder->BuildAndStart();
  if (server == nullptr) return 2;
  const v1::LookupResponse answer = Answer(response_bytes);
  std::vector<std::thread> threads;
  for (const auto& queue : queues) {
    threads.emplace_back([&service, &answer, queue = queue.get()] {
      new QueuedCall(&service, queue, &answer);
      void* tag = nullptr;
      for (bool ok = false; queue->Next(&tag, &ok);) static_cast<QueuedCall*>(tag)->Proceed(ok);
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
