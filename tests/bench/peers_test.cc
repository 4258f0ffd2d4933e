// How the comparison of indexes makes its vectors, and what it says that it has measured.
#include <absl/strings/str_cat.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "peers/bench_vectors.h"
#include "peers/index_sections.h"
#include "peers/measure.h"
#include "peers/semcached_peer.h"

namespace semcached::peers {
namespace {

using ::testing::Contains;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::internal::CaptureStdout;
using ::testing::internal::GetCapturedStdout;

BenchVectors Synthetic() { return LoadVectors("", "", "", 2'000).value(); }

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

}  // namespace
}  // namespace semcached::peers
