// The policy of a category, as its YAML file says it.
#ifndef SEMCACHED_CONFIG_CATEGORY_POLICY_H_
#define SEMCACHED_CONFIG_CATEGORY_POLICY_H_

#include <absl/time/time.h>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "semcached/base/types.h"

namespace semcached {

// All sizes in bytes. A category may borrow what others leave unused and gives it back.
struct QuotaPolicy {
  int64_t max_entries = 100'000;              // 1 or more
  int64_t max_memory_bytes = 256 << 20;       // vectors, index, keys; counts against memory_limit
  int64_t max_disk_bytes = int64_t{2} << 30;  // documents; counts against disk_limit
  double guaranteed_share = 0;                // of both limits, [0,1]; all files sum to <= 1
  double max_namespace_share = 1;             // of this quota, for one namespace, (0,1]
};

struct IndexPolicy {
  IndexType type = IndexType::kAuto;
  int m = 16;                 // links a node, 4..64
  int ef_construction = 200;  // candidates while building, 16..1000
  int ef_search = 16;         // candidates while searching, up to 10,000 entries, 8..512
};

// How far the load of a downstream model may move the policy.
struct AdaptationPolicy {
  AdaptationMode mode = AdaptationMode::kOff;
  std::string model = "request";       // whose load counts: the request's own, or a named one
  int order = 1;                       // categories with a lower number give way first, 1..100
  float max_threshold_drop = 0;        // at full load, [0,1]
  float min_similarity_threshold = 0;  // never below, whatever the load; default: the threshold
  double max_ttl_factor = 1;           // at full load, 1..100
  bool serve_stale = true;  // under load, what is past its TTL is served again and again, within
                            // stale_while_revalidate, and its refresh is put off

  // Not written in a file: which of the turns, into which all files' orders divide the way to full
  // load, is this category's. See AssignTurns().
  int turn = 0;
  int turns = 1;
};

// The second look at candidates around the threshold; without a trained verifier, none.
struct VerifierPolicy {
  VerifierMode mode = VerifierMode::kShadow;
  absl::Duration time_budget = absl::Milliseconds(2);  // of one lookup; then the cosine decides
};

struct CategoryPolicy {
  std::string category;  // [a-z0-9][a-z0-9-]*, equals the file's name
  std::string description;
  std::vector<std::string> examples;  // what the classifier learns from
  bool allow_caching = true;
  std::string embedding = "default";   // an embedder of semcached.yaml
  float similarity_threshold = 0.85F;  // cosine, (0,1]
  absl::Duration ttl = absl::Hours(24);
  TtlMode ttl_mode = TtlMode::kAbsolute;
  absl::Duration max_lifetime = absl::InfiniteDuration();  // caps a sliding ttl
  absl::Duration stale_while_revalidate = absl::ZeroDuration();
  bool store_query = true;           // false: guards compare what is kept in place of the text
  bool guards_without_text = false;  // `guards_without_text: skip`: serve where guards cannot run
  QuotaPolicy quota;
  EvictionKind eviction = EvictionKind::kLru;
  std::vector<GuardKind> guards;
  IndexPolicy index;
  Durability durability = Durability::kProcess;
  std::optional<double> false_hit_budget;        // share of hits that may be false, (0,1)
  BudgetMode budget_mode = BudgetMode::kShadow;  // what the budget may move
  WhenLosing when_losing = WhenLosing::kReport;
  double audit_rate = 0;       // share of semantic hits answered as a miss on purpose, [0,1)
  bool flag_conflicts = true;  // compare the answers to queries that would answer one another
  VerifierPolicy verifier;
  AdaptationPolicy adaptation;
};

// All categories of one load of the directory. Immutable once made.
struct CategoryPolicySet {
  std::map<std::string, CategoryPolicy, std::less<>> categories;
  std::string default_category;  // one of `categories`

  // nullptr if there is none of that name.
  const CategoryPolicy* Find(std::string_view category) const {
    const auto found = categories.find(category);
    return found == categories.end() ? nullptr : &found->second;
  }
};

// Gives the categories that adapt their turns: one for each different order of those that enforce,
// the lowest first. One in shadow gets the turn that it would have.
void AssignTurns(CategoryPolicySet* set);

using CategoryPolicySetPtr = std::shared_ptr<const CategoryPolicySet>;

}  // namespace semcached

#endif  // SEMCACHED_CONFIG_CATEGORY_POLICY_H_
