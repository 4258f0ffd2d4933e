#include "service/what_if_answer.h"

#include <absl/strings/str_cat.h>

#include <utility>
#include <vector>

#include "semcached/base/status.h"
#include "semcached/config/load.h"
#include "semcached/policy/what_if.h"
#include "service/convert.h"

namespace semcached {
namespace {

CategoryPolicySet Configured(const PolicyManager& policies) {
  CategoryPolicySet set;
  PolicyViews views = policies.Views();
  set.default_category = std::move(views.default_category);
  for (CategoryView& view : views.categories) {
    std::string name = view.configured.category;
    set.categories.emplace(std::move(name), std::move(view.configured));
  }
  return set;
}

// The policies with those of the files in their place. InvalidArgument: with every error of all.
absl::StatusOr<CategoryPolicySet> Replaced(CategoryPolicySet set,
                                           const v1::WhatIfRequest& request) {
  std::vector<ConfigError> errors;
  for (const v1::WhatIfRequest::File& file : request.files()) {
    ConfigResult<CategoryPolicy> policy = ParseCategory(file.name(), file.content());
    if (!policy.ok()) {
      errors.insert(errors.end(), policy.errors.begin(), policy.errors.end());
      continue;
    }
    std::string name = policy.value->category;
    set.categories.insert_or_assign(std::move(name), *std::move(policy.value));
  }
  if (!errors.empty()) return absl::InvalidArgumentError(ToString(errors));
  return set;
}

void ToProto(const WhatIfSide& side, v1::WhatIfResponse::Side* proto) {
  proto->set_hit_count(side.hits);
  if (side.false_hits) proto->set_estimated_false_hit_count(*side.false_hits);
}

}  // namespace

absl::Status AnswerWhatIf(const ServerParts& parts, const v1::WhatIfRequest& request,
                          v1::WhatIfResponse* response) {
  if (!(parts.config->recording.share > 0)) {
    return absl::FailedPreconditionError(
        "nothing is recorded; set recording.share in semcached.yaml, e.g. to 0.1, and restart");
  }
  const CategoryPolicySet before = Configured(*parts.policies);
  ASSIGN_OR_RETURN(const CategoryPolicySet after, Replaced(before, request));
  const std::vector<RecordedLookup> lookups = parts.cache->RecordedLookups();
  for (const WhatIfRow& row : WhatIf(lookups, before, after, FalseHitShareFrom(parts.evidence))) {
    v1::WhatIfResponse::Row* added = response->add_rows();
    added->set_category(row.category);
    added->set_lookup_count(row.lookups);
    ToProto(row.before, added->mutable_before());
    ToProto(row.after, added->mutable_after());
    added->set_gained_count(row.gained);
    added->set_lost_count(row.lost);
  }
  if (lookups.empty()) return absl::OkStatus();
  SetTime(lookups.front().time, response->mutable_begin_time());
  SetTime(lookups.back().time, response->mutable_end_time());
  return absl::OkStatus();
}

}  // namespace semcached
