#include "eval/join_reports.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/temp_dir.h"

namespace semcached::eval {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

TEST(Join, LeavesOneTableOfBars) {
  const std::string joined =
      Join({"# Truth\n\ntext\n\n## Bars\n\nits own table\n", "# Budget\n\nmore\n"},
           {{"truth.1 a", 0, "%", 1, true, ""}, {"truth.5 b", 2, "%", 1, true, ""}});
  EXPECT_THAT(joined, StartsWith("# Truth\n\ntext\n\n# Budget\n\nmore\n\n# Bars\n\n| bar |"));
  EXPECT_THAT(joined, Not(HasSubstr("its own table")));
  EXPECT_THAT(joined, EndsWith("\n1 of 2 bars hold.\n"));
}

TEST(Join, TheTableOfOneReportIsAPartOfIt) {
  EXPECT_THAT(Join({"# Start\n\ntext\n"}, {{"speed.8 a", 1, "s", 2, true, ""}}),
              StartsWith("# Start\n\ntext\n\n## Bars\n\n| bar |"));
}

TEST(PutBetweenMarks, ChangesWhatIsBetweenThemAlone) {
  const std::string page =
      std::string("# Page\n") + kBeginMark + "\nformer figures\n" + kEndMark + "\nfoot\n";
  const auto once = PutBetweenMarks(page, "# Truth\n\ntext\n");
  ASSERT_TRUE(once.ok()) << once.status();
  EXPECT_EQ(*once, std::string("# Page\n") + kBeginMark + "\n\n## Truth\n\ntext\n\n" + kEndMark +
                       "\nfoot\n");
  EXPECT_EQ(*PutBetweenMarks(*once, "# Truth\n\ntext\n"), *once);
}

TEST(PutBetweenMarks, RefusesAPageWithoutThem) {
  EXPECT_FALSE(PutBetweenMarks("# Page\n", "# Truth\n").ok());
  EXPECT_FALSE(PutBetweenMarks(std::string(kEndMark) + kBeginMark, "# Truth\n").ok());
}

TEST(ReadJson, ReadsWhatWasWritten) {
  const TempDir directory;
  const std::vector<Bar> bars = {{"truth.1 low", 0.5, "%", 1, true, "counted"},
                                 {"truth.1 high", 1.5, "%", 1, true, "counted"},
                                 {"truth.4 high", 1.5, "x", 1, false, "divided"},
                                 {"truth.4 low", 0.5, "x", 1, false, "divided"},
                                 {"truth.6 equal", 100, "%", 100, false, "counted"}};
  ASSERT_TRUE(WriteJson(bars, directory / "bars.json").ok());
  const auto read = ReadJson(directory / "bars.json");
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(ToMarkdown(*read), ToMarkdown(bars));
}

TEST(ReadJson, TellsTheSideOfALimitByWhatHolds) {
  const TempDir directory;
  const auto bars = ReadJson(directory.Write(
      "bars.json", R"([{"name": "load.1", "value": 2, "unit": "x", "limit": 1, "holds": true,
                        "method": "m"},
                       {"name": "load.2", "value": 2, "unit": "x", "limit": 1, "holds": false,
                        "method": "m"}])"));
  ASSERT_TRUE(bars.ok()) << bars.status();
  EXPECT_FALSE(bars->at(0).at_most);
  EXPECT_TRUE(bars->at(1).at_most);
}

TEST(ReadJson, NamesAFileThatIsNoneOrNotThere) {
  const TempDir directory;
  EXPECT_THAT(std::string(ReadJson(directory / "none.json").status().message()),
              HasSubstr("none.json"));
  const auto read = ReadJson(directory.Write("bad.json", "[{\"name\": 3}]"));
  EXPECT_EQ(read.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(read.status().message()), HasSubstr("bad.json"));
}

}  // namespace
}  // namespace semcached::eval
