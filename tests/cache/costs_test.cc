// What lookups cost and save is counted, and a category that loses is kept out of.
#include <gtest/gtest.h>

#include <string>

#include "cache/cache_fixture.h"

namespace semcached {
namespace {

class CostsTest : public CacheTest {
 protected:
  CategoryCosts Costs() const { return cache_->Costs().at("code"); }
  void Lose() {
    policies_.categories.at("code").bypassed_as_losing = true;
    Reload();
  }
};

TEST_F(CostsTest, LookupsAndAnswersOfTheModelAreSummedUp) {
  embedder_.Take(absl::Milliseconds(3), &clock_);
  const LookupResult miss = Lookup(Ask("what is a cat"));
  Advance(absl::Milliseconds(500));
  InsertRequest insert;
  insert.lookup_id = miss.lookup_id;
  insert.response.body = "an animal";
  insert.response.metadata = {{"tokens", "120"}, {"cost", "0.25"}};
  Insert(insert);
  Lookup(Ask("what is a cat"));
  Lookup(Ask("what is a cat"));
  const CategoryCosts costs = Costs();
  EXPECT_EQ(costs.misses, 1);
  EXPECT_EQ(costs.miss_time, absl::Milliseconds(3));
  EXPECT_EQ(costs.hits, 2);
  EXPECT_EQ(costs.hit_time, absl::ZeroDuration());
  EXPECT_EQ(costs.model_answers, 1);
  EXPECT_EQ(costs.model_time, absl::Milliseconds(500));
  EXPECT_EQ(costs.tokens_saved, 240);
  EXPECT_EQ(costs.cost_saved, 0.5);
}

TEST_F(CostsTest, MetadataThatIsNoNumberSavesNothing) {
  InsertRequest insert = Tell("q", Axis(0), "a");
  insert.response.metadata = {{"tokens", "many"}, {"cost", "inf"}};
  Insert(insert);
  Lookup(Ask("q"));
  EXPECT_EQ(Costs().tokens_saved, 0);
  EXPECT_EQ(Costs().cost_saved, 0);
}

TEST_F(CostsTest, ALosingCategoryIsBypassedButForAFew) {
  Insert(Tell("q", Axis(0), "a"));
  Lose();
  EXPECT_EQ(Answer(Ask("q")), "exact:a");  // one of the few
  random_.GoOnFrom(uint64_t{1} << 63);
  EXPECT_EQ(Answer(Ask("q")), "bypass");
  EXPECT_EQ(Costs().hits, 1);  // what the hit rate is judged by
}

TEST_F(CostsTest, WhoAsksForAnExplanationIsNotBypassed) {
  Insert(Tell("q", Axis(0), "a"));
  Lose();
  LookupRequest request = Ask("q");
  request.explain = true;
  random_.GoOnFrom(uint64_t{1} << 63);
  EXPECT_EQ(Answer(request), "exact:a");
}

}  // namespace
}  // namespace semcached
