#ifndef SEMCACHED_SRC_MAIN_LOAD_ANSWERS_H_
#define SEMCACHED_SRC_MAIN_LOAD_ANSWERS_H_

#include <string>

#include "semcached/v1/semantic_cache.pb.h"

namespace semcached {

// What a server that holds all entries answers to the calls of LoadRequests, told from the text of
// the request alone. The fields are those that semcached sets, so answers are of the same sizes.
// Immutable.
class LoadAnswers {
 public:
  explicit LoadAnswers(int response_bytes);

  void Answer(const v1::LookupRequest& request, v1::LookupResponse* answer) const;
  void Answer(const v1::InsertRequest& request, v1::InsertResponse* answer) const;

 private:
  const std::string body_;
  v1::LookupResponse hit_;
  v1::LookupResponse miss_;
  v1::InsertResponse stored_;
};

}  // namespace semcached

#endif  // SEMCACHED_SRC_MAIN_LOAD_ANSWERS_H_
