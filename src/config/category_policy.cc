#include "semcached/config/category_policy.h"

#include <absl/strings/str_cat.h>

#include <filesystem>

#include "config/decode.h"
#include "config/map_reader.h"
#include "config/scalar.h"

namespace semcached {
namespace {

constexpr NumberRange kShare{0, 1};
constexpr NumberRange kPositiveShare{.least = 0, .most = 1, .above_least = true};
constexpr NumberRange kBudget{.least = 0, .most = 1, .above_least = true, .below_most = true};
constexpr NumberRange kAuditRate{.least = 0, .most = 1, .below_most = true};
constexpr int64_t kMostBytes = int64_t{1024} << 40;

// Longer than anybody means, short enough to be multiplied without care.
const absl::Duration kTenYears = absl::Hours(24 * 7 * 520);

void DecodeQuota(MapReader reader, QuotaPolicy* quota) {
  reader.Integer("max_entries", int64_t{1}, int64_t{1'000'000'000}, &quota->max_entries);
  reader.Size("max_memory", 1 << 10, kMostBytes, &quota->max_memory_bytes);
  reader.Size("max_disk", 1 << 10, kMostBytes, &quota->max_disk_bytes);
  reader.Number("guaranteed_share", kShare, &quota->guaranteed_share);
  reader.Number("max_namespace_share", kPositiveShare, &quota->max_namespace_share);
  reader.Finish();
}

void DecodeIndex(MapReader reader, IndexPolicy* index) {
  reader.Choice("type", {IndexType::kAuto, IndexType::kHnsw, IndexType::kFlat}, &index->type);
  reader.Integer("m", 4, 64, &index->m);
  reader.Integer("ef_construction", 16, 1000, &index->ef_construction);
  reader.Integer("ef_search", 8, 512, &index->ef_search);
  reader.Finish();
}

void DecodeAdaptation(MapReader reader, double threshold, AdaptationPolicy* adaptation) {
  reader.Choice("mode", {AdaptationMode::kOff, AdaptationMode::kShadow, AdaptationMode::kEnforce},
                &adaptation->mode);
  reader.Text("model", "request, or the name of a model", &adaptation->model);
  reader.Integer("order", 1, 100, &adaptation->order);
  reader.Number("max_threshold_drop", kShare, &adaptation->max_threshold_drop);
  double least = threshold;
  reader.Number("min_similarity_threshold", kPositiveShare, &least);
  if (least > threshold) {
    reader.Fail(
        "min_similarity_threshold",
        absl::StrCat(least, " is above the similarity_threshold; allowed: at most ", threshold));
  }
  adaptation->min_similarity_threshold = static_cast<float>(least);
  reader.Number("max_ttl_factor", {1, 100}, &adaptation->max_ttl_factor);
  reader.Bool("serve_stale", &adaptation->serve_stale);
  reader.Finish();
}

void DecodeVerifier(MapReader reader, VerifierPolicy* verifier) {
  reader.Choice("mode", {VerifierMode::kOff, VerifierMode::kShadow, VerifierMode::kEnforce},
                &verifier->mode);
  reader.Duration("time_budget", {absl::Milliseconds(1), absl::Seconds(1)}, &verifier->time_budget);
  reader.Finish();
}

void DecodeLifetime(MapReader* reader, CategoryPolicy* policy) {
  const DurationRange positive{absl::Milliseconds(1), kTenYears};
  reader->Duration("ttl", positive, &policy->ttl);
  reader->Choice("ttl_mode", {TtlMode::kAbsolute, TtlMode::kSliding}, &policy->ttl_mode);
  reader->Duration("max_lifetime", positive, &policy->max_lifetime);
  if (policy->max_lifetime < policy->ttl) {
    reader->Fail("max_lifetime", "is shorter than the ttl; allowed: the ttl or longer");
  }
  reader->Duration("stale_while_revalidate", {absl::ZeroDuration(), kTenYears},
                   &policy->stale_while_revalidate);
}

// What of a query is kept, and the guards that look at it.
void DecodeGuards(MapReader* reader, CategoryPolicy* policy) {
  reader->Bool("store_query", &policy->store_query);
  std::string without_text = "refuse";
  reader->OneOf("guards_without_text", {"refuse", "skip"}, &without_text);
  policy->guards_without_text = without_text == "skip";
  reader->Choices("guards",
                  {GuardKind::kNumbers, GuardKind::kNegation, GuardKind::kIdentifiers,
                   GuardKind::kEntities, GuardKind::kFocus, GuardKind::kRoles},
                  &policy->guards);
}

void DecodeBudget(MapReader* reader, CategoryPolicy* policy) {
  double budget = 0;
  reader->Number("false_hit_budget", kBudget, &budget);
  if (reader->Has("false_hit_budget")) policy->false_hit_budget = budget;
  reader->Choice("budget_mode", {BudgetMode::kShadow, BudgetMode::kEnforce}, &policy->budget_mode);
  reader->Number("audit_rate", kAuditRate, &policy->audit_rate);
  reader->Bool("flag_conflicts", &policy->flag_conflicts);
  reader->Choice("when_losing", {WhenLosing::kReport, WhenLosing::kBypass}, &policy->when_losing);
}

}  // namespace

DecodedCategory DecodeCategory(absl::string_view content, ErrorList* errors) {
  DecodedCategory decoded;
  CategoryPolicy& policy = decoded.policy;
  const std::optional<YamlNode> root = ParseYaml(content, errors);
  if (!root) return decoded;
  MapReader reader(*root, "", errors);

  const std::string stem = std::filesystem::path(errors->file()).stem().string();
  if (!IsName(stem)) {
    errors->Add(0, "", absl::StrCat("is not named like a category; allowed: ", kNameAllowed));
  }
  const std::string allowed = absl::StrCat(stem, ", as the file is called");
  reader.Require("category", allowed);
  reader.Identifier("category", &policy.category);
  if (!policy.category.empty() && policy.category != stem) {
    reader.Fail("category",
                absl::StrCat(policy.category, " is not the file's name; allowed: ", allowed));
  }
  reader.Text("description", "text", &policy.description);
  reader.Texts("examples", &policy.examples);
  reader.Bool("allow_caching", &policy.allow_caching);
  reader.Identifier("embedding", &policy.embedding);
  if (reader.Has("embedding")) decoded.embedding_line = reader.Line("embedding");

  // Judged as it is written: as a float, 0.9 would be a little less or more.
  double threshold = 0.85;
  reader.Number("similarity_threshold", kPositiveShare, &threshold);
  policy.similarity_threshold = static_cast<float>(threshold);

  DecodeLifetime(&reader, &policy);
  DecodeQuota(reader.Map("quota"), &policy.quota);
  reader.Choice(
      "eviction",
      {EvictionKind::kLru, EvictionKind::kLfu, EvictionKind::kS3Fifo, EvictionKind::kCostAware},
      &policy.eviction);
  DecodeGuards(&reader, &policy);
  DecodeIndex(reader.Map("index"), &policy.index);
  reader.Choice("durability", {Durability::kMemory, Durability::kProcess, Durability::kDurable},
                &policy.durability);
  DecodeBudget(&reader, &policy);
  DecodeVerifier(reader.Map("verifier"), &policy.verifier);
  DecodeAdaptation(reader.Map("adaptation"), threshold, &policy.adaptation);
  reader.Finish();
  return decoded;
}

}  // namespace semcached
