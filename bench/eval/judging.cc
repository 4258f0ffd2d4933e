#include "eval/judging.h"

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>

#include <utility>

#include "eval/asking.h"
#include "eval/sweep.h"
#include "semcached/base/status.h"

namespace semcached::eval {
namespace {

std::vector<Question> Seconds(const std::vector<JudgedPair>& pairs) {
  std::vector<Question> questions;
  questions.reserve(pairs.size());
  for (const JudgedPair& row : pairs) {
    questions.push_back({row.scope, row.category, row.pair.text_b, ""});
  }
  return questions;
}

// Notes where each went.
absl::Status Store(const std::string& address, std::vector<JudgedPair>* pairs) {
  std::vector<Question> questions;
  questions.reserve(pairs->size());
  for (size_t i = 0; i < pairs->size(); ++i) {
    JudgedPair& row = (*pairs)[i];
    row.scope = absl::StrCat("pair-", i);
    questions.push_back({row.scope, row.category, row.pair.text_a, "answer"});
  }
  ASSIGN_OR_RETURN(const std::vector<Stored> stored, InsertAll(address, "inserts", questions));
  for (size_t i = 0; i < pairs->size(); ++i) {
    (*pairs)[i].bypassed = stored[i].empty();
    if (!stored[i].empty()) (*pairs)[i].category = stored[i];
  }
  return absl::OkStatus();
}

}  // namespace

Overrides ForcedThreshold(double threshold) {
  return {{"similarity_threshold", absl::StrCat(threshold)}};
}

Overrides ForcedThreshold(double threshold, const std::string& guards) {
  return {{"similarity_threshold", absl::StrCat(threshold)},
          {"guards", absl::StrCat("[", guards, "]")},
          {"verifier", ""}};
}

absl::Status JudgePairs(ServerUnderTest* server, std::vector<JudgedPair>* pairs) {
  RETURN_IF_ERROR(server->SetPolicies({}));
  ASSIGN_OR_RETURN(const auto policies, server->ListPolicies());
  for (const JudgedPair& row : *pairs) {
    if (row.category.empty() || policies.contains(row.category)) continue;
    return absl::InvalidArgumentError(absl::StrCat(row.pair.source, ": category \"", row.category,
                                                   "\" is not among the category files"));
  }
  const std::string address = server->address();
  RETURN_IF_ERROR(Store(address, pairs));
  const std::vector<Question> questions = Seconds(*pairs);
  ASSIGN_OR_RETURN(const std::vector<Reply> shipped,
                   LookUpAll(address, "lookups under the shipped policies", questions));
  RETURN_IF_ERROR(server->SetPolicies(ForcedThreshold(kLowestThreshold, "")));
  ASSIGN_OR_RETURN(const std::vector<Reply> open,
                   LookUpAll(address, "lookups without guards", questions));
  std::vector<size_t> near;
  std::vector<Question> near_questions;
  for (size_t i = 0; i < pairs->size(); ++i) {
    JudgedPair& row = (*pairs)[i];
    if (const auto found = policies.find(row.category); found != policies.end()) {
      row.threshold = found->second.threshold;
      row.guards = found->second.guards;
    }
    row.served = shipped[i].hit();
    row.exact = open[i].exact;
    row.similarity = open[i].similarity.value_or(-1);
    if (!open[i].semantic) continue;
    near.push_back(i);
    near_questions.push_back(questions[i]);
  }
  for (const GuardKind guard : kAllGuards) {
    RETURN_IF_ERROR(server->SetPolicies(ForcedThreshold(kLowestThreshold, Name(guard))));
    ASSIGN_OR_RETURN(
        const std::vector<Reply> guarded,
        LookUpAll(address, absl::StrCat("lookups with guard ", Name(guard)), near_questions));
    for (size_t i = 0; i < near.size(); ++i) {
      if (guarded[i].hit()) continue;
      if (!absl::StartsWith(guarded[i].verdict, absl::StrCat(Name(guard), ": "))) {
        return absl::InternalError(
            absl::StrCat("guard ", Name(guard),
                         " alone: a pair was refused by something else: ", guarded[i].verdict));
      }
      (*pairs)[near[i]].refused_by |= Bit(guard);
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<bool>> AskAgain(ServerUnderTest* server, const std::string& what,
                                           const std::vector<JudgedPair>& pairs,
                                           const Overrides& policies) {
  RETURN_IF_ERROR(server->SetPolicies(policies));
  ASSIGN_OR_RETURN(const std::vector<Reply> replies,
                   LookUpAll(server->address(), what, Seconds(pairs)));
  std::vector<bool> served;
  served.reserve(replies.size());
  for (const Reply& reply : replies) served.push_back(reply.hit());
  return served;
}

}  // namespace semcached::eval
