#ifndef SEMCACHED_TESTS_EMBED_STAND_IN_SERVER_H_
#define SEMCACHED_TESTS_EMBED_STAND_IN_SERVER_H_

#include <absl/strings/str_cat.h>

#include <functional>
#include <string>
#include <vector>

#include "semcached/base/mutex.h"
#include "support/fake_embedder.h"

namespace semcached {

// An embeddings endpoint on a free port of this machine, which answers as a FakeEmbedder would
// unless the test has something else in mind.
class StandInServer {
 public:
  struct Answer {
    int status = 200;
    std::string body;
  };
  // Makes the answer to the request's body.
  using Script = std::function<Answer(const std::string& request)>;

  StandInServer();
  ~StandInServer();

  std::string url() const;

  // The next requests are answered by these, one each; those after them as a FakeEmbedder would.
  void Next(std::vector<Script> scripts) ABSL_LOCKS_EXCLUDED(mutex_);

  // A script that answers no sooner than the server's end, after calling `reached`.
  Script Hang(std::function<void()> reached = nullptr);

  // What a good endpoint answers.
  Answer GoodAnswer(const std::string& request) const;

  size_t requests() const ABSL_LOCKS_EXCLUDED(mutex_);
  std::string last_authorization() const ABSL_LOCKS_EXCLUDED(mutex_);
  size_t connections() const ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  struct Http;

  Answer Handle(int remote_port, const std::string& authorization, const std::string& request)
      ABSL_LOCKS_EXCLUDED(mutex_);

  const FakeEmbedder model_;
  std::unique_ptr<Http> http_;

  mutable Mutex mutex_;
  CondVar changed_;
  std::vector<Script> scripts_ ABSL_GUARDED_BY(mutex_);
  bool ending_ ABSL_GUARDED_BY(mutex_) = false;
  size_t requests_ ABSL_GUARDED_BY(mutex_) = 0;
  std::string last_authorization_ ABSL_GUARDED_BY(mutex_);
  std::vector<int> remote_ports_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace semcached

#endif  // SEMCACHED_TESTS_EMBED_STAND_IN_SERVER_H_
