#include "semcached/base/tsv.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support/temp_dir.h"

namespace semcached {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class TsvTest : public ::testing::Test {
 protected:
  absl::Status Read(const std::string& content, size_t columns) {
    return ReadTsv(directory_.Write("table.tsv", content), columns,
                   [this](const TsvFields& fields) { rows_.push_back(fields); });
  }

  const TempDir directory_;
  std::vector<TsvFields> rows_;
};

TEST_F(TsvTest, GivesRowsAndLeavesOutEmptyLinesAndRemarks) {
  ASSERT_TRUE(Read("# a remark\na\tb\n\nc\t\n", 2).ok());
  EXPECT_THAT(rows_, ElementsAre(ElementsAre("a", "b"), ElementsAre("c", "")));
}

TEST_F(TsvTest, NamesTheLineWithAnotherNumberOfColumns) {
  const absl::Status status = Read("a\tb\nc\n", 2);
  EXPECT_TRUE(absl::IsInvalidArgument(status)) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr("table.tsv:2: has 1 columns"));
}

TEST_F(TsvTest, NamesTheFileThatIsNotThere) {
  const absl::Status status = ReadTsv(directory_ / "none.tsv", 1, [](const TsvFields&) {});
  EXPECT_TRUE(absl::IsNotFound(status)) << status;
}

}  // namespace
}  // namespace semcached
