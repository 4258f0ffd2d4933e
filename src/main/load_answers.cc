#include "main/load_answers.h"

#include "main/load_workload.h"

namespace semcached {
namespace {

// Any of the right length.
constexpr char kEntryId[] = "0123456789abcdef";
constexpr int64_t kSomeTime = 1'700'000'000;
constexpr int32_t kSomeNanos = 500'000'000;

}  // namespace

LoadAnswers::LoadAnswers(int response_bytes) : body_(static_cast<size_t>(response_bytes), 'x') {
  for (v1::LookupResponse* answer : {&hit_, &miss_}) {
    answer->set_category_source(v1::CATEGORY_SOURCE_REQUEST);
    answer->set_similarity_threshold(0.85F);
  }
  hit_.set_entry_id(kEntryId);
  hit_.mutable_age()->set_seconds(1);
  hit_.mutable_age()->set_nanos(kSomeNanos);
  hit_.set_similarity(0.95F);
  miss_.set_outcome(v1::OUTCOME_MISS);
  miss_.set_miss_reason(v1::MISS_REASON_BELOW_THRESHOLD);
  miss_.set_nearest_similarity(0.5F);
  stored_.set_result(v1::InsertResponse::RESULT_STORED);
  stored_.set_entry_id(kEntryId);
  stored_.set_durability(v1::DURABILITY_PROCESS);
  stored_.mutable_expire_time()->set_seconds(kSomeTime);
  stored_.mutable_expire_time()->set_nanos(kSomeNanos);
}

void LoadAnswers::Answer(const v1::LookupRequest& request, v1::LookupResponse* answer) const {
  const LoadRequests::Asked asked = LoadRequests::WhatIsAsked(request);
  *answer = asked.kind == LoadRequests::Kind::kMiss ? miss_ : hit_;
  answer->set_category(request.category());
  if (asked.kind == LoadRequests::Kind::kMiss) return;
  answer->set_outcome(asked.kind == LoadRequests::Kind::kExactHit ? v1::OUTCOME_HIT_EXACT
                                                                  : v1::OUTCOME_HIT_SEMANTIC);
  answer->mutable_response()->set_body(LoadRequests::BodyOf(asked.entry, body_));
}

void LoadAnswers::Answer(const v1::InsertRequest& request, v1::InsertResponse* answer) const {
  *answer = stored_;
  answer->set_category(request.category());
}

}  // namespace semcached
