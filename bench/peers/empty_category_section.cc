#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>

#include <iostream>
#include <memory>
#include <string>
#include <utility>

#include "cache/cache_metrics.h"
#include "cache/category_cache.h"
#include "cache/kept_graphs.h"
#include "peers/index_sections.h"
#include "peers/measure.h"
#include "semcached/cache/semantic_cache.h"
#include "support/fake_document_store.h"
#include "support/manual_executor.h"

namespace semcached::peers {
namespace {

class SomePolicies final : public PolicySource {
 public:
  PoliciesPtr Current() const override { return current_; }
  void Publish(PoliciesPtr policies) { current_ = std::move(policies); }

 private:
  PoliciesPtr current_ = std::make_shared<const Policies>();
};

CategoryPolicy PolicyOf(size_t number) {
  CategoryPolicy policy;
  policy.category = absl::StrFormat("category-%05d", number);
  return policy;
}

// As the policy room publishes them.
PoliciesPtr PoliciesOf(size_t categories) {
  auto policies = std::make_shared<Policies>();
  for (size_t i = 0; i < categories; ++i) {
    CategoryInForce in_force;
    in_force.configured = PolicyOf(i);
    in_force.calm = {in_force.configured.similarity_threshold, in_force.configured.ttl, 0};
    policies->categories[in_force.configured.category] = in_force;
  }
  policies->default_category = policies->categories.begin()->first;
  return policies;
}

// Bytes of each of `more` that `make` makes and returns, to be kept until they are counted.
template <typename Make>
double BytesEach(size_t more, Make make) {
  const double before = AllocatedBytes();
  [[maybe_unused]] const auto made = make();
  return (AllocatedBytes() - before) / static_cast<double>(more);
}

struct InWholeCache {
  double policies = 0;
  double cache = 0;
};

// Of a cache that has as many already, so that what all share is not counted.
InWholeCache MeasureWhole(size_t more) {
  FakeDocumentStore store;
  ManualExecutor builds;
  Metrics metrics;
  RecentEmbeddings recent(100, HashKey{});
  SomePolicies source;
  source.Publish(PoliciesOf(more));
  CacheParts parts;
  parts.clock = &SystemClock();
  parts.random = &SystemRandom();
  parts.store = &store;
  parts.policies = &source;
  parts.recent_embeddings = &recent;
  parts.builds = &builds;
  parts.metrics = &metrics;
  SemanticCache cache(CacheOptions(), std::move(parts));
  cache.Tick();

  InWholeCache result;
  // The former ones go when the new ones come: all of them are counted, and divided by all.
  result.policies = BytesEach(2 * more, [&] { return PoliciesOf(2 * more); });
  source.Publish(PoliciesOf(2 * more));
  const double before = AllocatedBytes();
  cache.FollowPolicies();
  cache.Tick();
  result.cache = (AllocatedBytes() - before) / static_cast<double>(more);
  return result;
}

}  // namespace

void EmptyCategorySection(bool quick, std::vector<eval::Bar>* bars) {
  const size_t more = quick ? 100 : 1'000;
  std::cerr << "empty categories\n";
  const InWholeCache whole = MeasureWhole(more);
  const auto identities = std::make_shared<const std::set<std::string>>();
  SharedUsage total;
  ManualExecutor builds;
  Metrics unread;
  const KeptGraphs graphs("", &unread);
  const double category = BytesEach(more, [&] {
    std::vector<std::shared_ptr<CategoryCache>> made;
    made.reserve(more);
    for (size_t i = 0; i < more; ++i) {
      made.push_back(
          std::make_shared<CategoryCache>(PolicyOf(i), identities, &total, &builds, &graphs));
    }
    return made;
  });
  Metrics metrics;
  CacheMetrics counted(&metrics);
  const double counters = BytesEach(more, [&] {
    for (size_t i = 0; i < more; ++i) counted.AddCategory(PolicyOf(i).category);
    return 0;
  });
  std::cout << absl::StrFormat(
      "\n## An empty category\n\n"
      "Bytes that the allocator gave out for each of %d more categories, after a tick.\n\n"
      "| what | bytes |\n| --- | ---: |\n"
      "| in the whole cache | %.0f |\n"
      "| of that its entries, orders and indexes, all empty | %.0f |\n"
      "| of that what is counted of it for metrics, before its gauges | %.0f |\n"
      "| beside the cache, its policy in force | %.0f |\n",
      more, whole.cache, category, counters, whole.policies);
  bars->push_back({"speed.9 an empty category", whole.cache + whole.policies, "bytes", 4096, true,
                   absl::StrCat("given out by the allocator for each of ", more,
                                " more, in the cache and for its policy in force")});
}

}  // namespace semcached::peers
