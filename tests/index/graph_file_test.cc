// Which files of graphs there are, and what becomes of those that cannot be read or written.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "index/kept_graph_fixture.h"

namespace semcached {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class GraphFileTest : public KeptGraphFixture {};

TEST_F(GraphFileTest, WithoutADirectoryNothingIsKept) {
  IndexOptions options = KeptOptions();
  options.graph_directory.clear();
  Restart(options);
  InsertRandom(200);
  Tick();
  EXPECT_THAT(TakeTold(), IsEmpty());
  ExpectAllFound();
}

TEST_F(GraphFileTest, WhereItCannotBeReadTheIndexGoesOn) {
  directory_.Write("graphs", "a file in the way");
  Restart();
  InsertRandom(200);
  Tick();
  EXPECT_THAT(TakeTold(), ElementsAre("unread"));
  ExpectAllFound();
}

TEST_F(GraphFileTest, WhereItCannotBeWrittenTheIndexGoesOn) {
  fs::create_directories(directory_ / "graphs/code/0000000000000001fffffffffffffffe.graph.new/x");
  Restart();
  InsertRandom(200);
  Tick();
  EXPECT_THAT(TakeTold(), ElementsAre("not_written"));
  ExpectAllFound();
}

TEST_F(GraphFileTest, OfAScopeThatIsGoneNoFileStays) {
  Restart();
  InsertRandom(200);
  Tick();
  ASSERT_EQ(Files().size(), 1U);
  for (EntryId id = 1; id < next_id_; ++id) index_->Erase(id);
  Tick();
  EXPECT_THAT(Files(), IsEmpty());
  EXPECT_EQ(index_->Stats().graph_file_bytes, 0);
}

TEST_F(GraphFileTest, OfAScopeThatWentWhileItsGraphWasBuiltNoFileStays) {
  Restart();
  InsertRandom(200);
  index_->Maintain();
  Tick();
  InsertRandom(300);  // a build is queued
  const EntryId end = next_id_;
  for (EntryId id = 1; id < end; ++id) index_->Erase(id);
  Tick();
  Tick();
  EXPECT_THAT(Files(), IsEmpty());
}

TEST_F(GraphFileTest, OfAScopeThatHasShrunkNoFileStays) {
  Restart();
  InsertRandom(200);
  Tick();
  ASSERT_EQ(Files().size(), 1U);
  for (EntryId id = 1; id <= 151; ++id) {
    index_->Erase(id);
    executor_.RunAll();
  }
  Tick();
  EXPECT_EQ(index_->Stats().graph_count, 0U);
  EXPECT_THAT(Files(), IsEmpty());
}

// A file that could not be read now may be read another time.
TEST_F(GraphFileTest, WhatCannotBeReadIsNotOverwritten) {
  Restart();
  InsertRandom(200);
  Tick();
  const std::string file = TheFile();
  const std::string kept = file + ".kept";
  fs::rename(file, kept);
  fs::create_symlink(file, file);  // to read it fails
  Restart();
  ReadBack();
  EXPECT_THAT(TakeTold(), ElementsAre("unread"));
  fs::remove(file);
  fs::rename(kept, file);
  Restart();
  ReadBack();
  EXPECT_THAT(TakeTold(), ElementsAre("restored"));
}

// A pipe whose other end nobody opens would be waited for.
TEST_F(GraphFileTest, WhatIsNoFileIsReplaced) {
  Restart();
  InsertRandom(200);
  Tick();
  const std::string file = TheFile();
  fs::remove(file);
  ASSERT_EQ(mkfifo(file.c_str(), 0600), 0);
  Restart();
  ReadBack();
  EXPECT_THAT(TakeTold(), ElementsAre("damaged", "written"));
  EXPECT_TRUE(fs::is_regular_file(file));
}

TEST_F(GraphFileTest, WhatAKilledWriterLeftIsRemoved) {
  Restart();
  InsertRandom(200);
  Tick();
  std::ofstream(TheFile() + ".new") << "cut off";
  Restart();
  ReadBack();
  EXPECT_THAT(TakeTold(), ElementsAre("restored"));
  EXPECT_EQ(Files().size(), 1U);
}

TEST_F(GraphFileTest, WhatAnEarlierRunLeftBehindIsRemovedButNothingElse) {
  directory_.Write("graphs/code/00000000000000010000000000000002.graph", "of a scope that is gone");
  directory_.Write("graphs/code/00000000000000010000000000000002.graph.new", "cut off");
  const std::string other = directory_.Write("graphs/code/notes.txt", "somebody's");
  Restart();
  InsertRandom(200);
  Tick();
  EXPECT_EQ(Files().size(), 2U);
  EXPECT_TRUE(fs::exists(other));
}

}  // namespace
}  // namespace semcached
