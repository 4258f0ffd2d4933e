#include "semcached/replay/variants.h"

#include <algorithm>

namespace semcached {
namespace {

constexpr float kLeastThreshold = 0.01F;

void Rest(CategoryPolicy* policy) {
  if (policy->adaptation.mode == AdaptationMode::kEnforce) {
    policy->adaptation.mode = AdaptationMode::kShadow;
  }
}

void Change(VariantKind kind, double drop, CategoryPolicy* policy) {
  AdaptationPolicy& adaptation = policy->adaptation;
  switch (kind) {
    case VariantKind::kNoCache:
    case VariantKind::kOff:
      Rest(policy);
      break;
    case VariantKind::kThreshold:
      adaptation.max_ttl_factor = 1;
      adaptation.serve_stale = false;
      break;
    case VariantKind::kTtl:
      adaptation.max_threshold_drop = 0;
      adaptation.serve_stale = false;
      break;
    case VariantKind::kStale:
      adaptation.max_threshold_drop = 0;
      adaptation.max_ttl_factor = 1;
      break;
    case VariantKind::kAll:
      break;
    case VariantKind::kEverywhere:
      if (adaptation.mode == AdaptationMode::kShadow) adaptation.mode = AdaptationMode::kEnforce;
      break;
    case VariantKind::kStatic:
      if (adaptation.mode == AdaptationMode::kEnforce) {
        const auto lower = static_cast<float>(drop) * adaptation.max_threshold_drop;
        policy->similarity_threshold =
            std::max(kLeastThreshold, policy->similarity_threshold - lower);
        adaptation.min_similarity_threshold =
            std::min(adaptation.min_similarity_threshold, policy->similarity_threshold);
      }
      Rest(policy);
      break;
  }
}

}  // namespace

const char* Name(VariantKind kind) {
  switch (kind) {
    case VariantKind::kNoCache:
      return "no cache";
    case VariantKind::kOff:
      return "adaptation off";
    case VariantKind::kThreshold:
      return "threshold only";
    case VariantKind::kTtl:
      return "TTL only";
    case VariantKind::kStale:
      return "stale serving only";
    case VariantKind::kAll:
      return "as shipped";
    case VariantKind::kEverywhere:
      return "enforced everywhere";
    case VariantKind::kStatic:
      return "static, looser";
  }
  return "";
}

CategoryPolicySetPtr PoliciesOf(VariantKind kind, const CategoryPolicySet& configured,
                                double drop) {
  auto changed = std::make_shared<CategoryPolicySet>(configured);
  for (auto& [name, policy] : changed->categories) {
    policy.examples.clear();
    policy.durability = Durability::kMemory;
    policy.index.type = IndexType::kFlat;
    Change(kind, drop, &policy);
  }
  return changed;
}

}  // namespace semcached
