// How the comparison of indexes makes its vectors, and what it says that it has measured.
#include <absl/strings/str_cat.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "peers/bench_vectors.h"
#include "peers/index_sections.h"
#include "peers/measure.h"
#include "peers/nearest.h"
#include "peers/semcached_peer.h"
#include "semcached/index/similarity.h"

namespace semcached::peers {
namespace {

using ::testing::Contains;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::internal::CaptureStdout;
using ::testing::internal::GetCapturedStdout;

constexpr double kChance = 0.03;  // how far a cosine of made vectors may be off

BenchVectors Synthetic() { return LoadVectors("", "", "", 2'000).value(); }

TEST(NearestTest, IsTheLargestCosine) {
  const std::vector<Vector> stored = {{1, 0}, {0.6F, 0.8F}, {0, 1}};
  const Nearest nearest = NearestOf(stored, {0.8F, 0.6F});
  EXPECT_EQ(nearest.position, 1);
  EXPECT_FLOAT_EQ(nearest.similarity, 0.96F);
}

TEST(TemplateTest, MembersAndQueriesAreAsNearAsIsSaid) {
  const Collection near = CollectTemplate(200, 50, 0.97);
  const Collection far = CollectTemplate(200, 50, 0.93);
  EXPECT_EQ(near.stored, far.stored);
  for (size_t i = 1; i < near.stored.size(); ++i) {
    EXPECT_NEAR(DotProduct(near.stored[0], near.stored[i]), kTemplateSimilarity, kChance);
  }
  for (const auto& [collection, cosine] : {std::pair{&near, 0.97}, std::pair{&far, 0.93}}) {
    ASSERT_EQ(collection->hits.size(), 50);
    for (size_t i = 0; i < collection->hits.size(); ++i) {
      const Nearest nearest = NearestOf(collection->stored, collection->hits[i]);
      EXPECT_EQ(nearest.position, collection->nearest_of_hits[i]);
      EXPECT_NEAR(nearest.similarity, cosine, kChance);
      for (const Vector& one : collection->stored) {
        EXPECT_GT(DotProduct(one, collection->hits[i]), kLeast);
      }
    }
  }
}

TEST(CollectTest, SaysHowManyAreMade) {
  const BenchVectors vectors = Synthetic();
  EXPECT_THAT(vectors.source, HasSubstr("synthetic"));
  const Collection fits = Collect(vectors, 500, 20);
  EXPECT_EQ(fits.made_stored, 0);
  EXPECT_EQ(fits.made_misses, 0);
  // No two vectors of a topic are as near as a hit must be.
  EXPECT_EQ(fits.made_hits, 20);
  const Collection more = Collect(vectors, 3'000, 20);
  EXPECT_EQ(more.made_stored, 3'000 - 1'900);
  EXPECT_EQ(more.stored.size(), 3'000);
}

TEST(RecallTest, CountsFromTheFirstId) {
  const Collection collection = Collect(Synthetic(), 100, 20);
  IndexOptions options;
  options.dimension = kDimension;
  SemcachedPeer index(options);
  for (size_t i = 0; i < 100; ++i) index.Insert(700 + i, collection.stored[i]);
  EXPECT_EQ(Recall(&index, collection, 700), 1);
  EXPECT_EQ(Recall(&index, collection), 0);
}

class SectionTest : public ::testing::Test {
 protected:
  testing::Matcher<const std::vector<eval::Bar>&> HasBar(const std::string& name) {
    return Contains(Field(&eval::Bar::name, name));
  }
  std::vector<eval::Bar> bars_;
};

TEST_F(SectionTest, MemoryNamesWhatWasMeasured) {
  CaptureStdout();
  MemorySection(Synthetic(), /*quick=*/true, &bars_);
  EXPECT_THAT(GetCapturedStdout(), HasSubstr("100 scopes of 10"));
  EXPECT_THAT(bars_, HasBar("speed.6 bytes an entry, auto, 1000 entries"));
  EXPECT_THAT(bars_, HasBar("speed.9 lookup among 100 scopes of 10"));
}

TEST_F(SectionTest, TurnoverWearsGraphsToo) {
  CaptureStdout();
  TurnoverSection(Synthetic(), /*quick=*/true, &bars_);
  const std::string report = GetCapturedStdout();
  for (const char* graph : {"auto | oldest", "auto | newest", "hnsw | oldest", "hnsw | newest"}) {
    EXPECT_THAT(report, HasSubstr(absl::StrCat("| ", graph, " | 200 | ")));
    EXPECT_THAT(report, Not(HasSubstr(absl::StrCat("| ", graph, " | 200 | 0 %"))));
  }
  EXPECT_EQ(bars_.size(), 3 * 2 * 3);
}

TEST_F(SectionTest, TemplatesAreAskedOfAllAndJudgedOfOurs) {
  CaptureStdout();
  TemplateSection(/*quick=*/true, /*queries=*/10, &bars_);
  EXPECT_THAT(GetCapturedStdout(), HasSubstr("| linear scan, float |  | 1.0000 |"));
  EXPECT_THAT(bars_, HasBar("speed.3 recall of a template asked at 0.97 flat, 1000 entries"));
  EXPECT_EQ(bars_.size(), 3 * 2);
}

TEST(EmptyCategoryTest, TellsWhatEachPartTakes) {
  std::vector<eval::Bar> bars;
  CaptureStdout();
  EmptyCategorySection(/*quick=*/true, &bars);
  EXPECT_THAT(GetCapturedStdout(), HasSubstr("| in the whole cache |"));
  ASSERT_EQ(bars.size(), 1U);
  EXPECT_GT(bars[0].value, 0);
}

TEST(CurvesTest, AreDrawnAndShown) {
  CaptureStdout();
  const auto plots = CurvesSection(Synthetic(), /*quick=*/true, /*shown=*/true);
  const std::string report = GetCapturedStdout();
  EXPECT_THAT(report, HasSubstr("| flat | 10000 | 1 |"));
  EXPECT_THAT(report, HasSubstr("| auto | 10000 | 1000 |"));
  EXPECT_EQ(plots.size(), 4U);
  for (const auto& [file, svg] : plots) {
    EXPECT_THAT(report, HasSubstr("](" + file + ")"));
    EXPECT_THAT(svg, HasSubstr("<polyline"));
  }
}

}  // namespace
}  // namespace semcached::peers
