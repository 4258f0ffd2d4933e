// A category that keeps no texts: its guards work on, and its words are on no disk.
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "integration/gateway.h"
#include "integration/process.h"

namespace semcached {
namespace {

constexpr char kSecret[] = "zorblaxian";
constexpr char kSecretQuestion[] =
    "how do I sort a zorblaxian::array in ascending order in javascript";
constexpr char kSecretParaphrase[] =
    "how can I sort a zorblaxian::array in ascending order in javascript";
constexpr char kSecretOpposite[] =
    "how do I sort a zorblaxian::array in descending order in javascript";

class UnstoredQueryTest : public IntegrationTest {
 protected:
  // Which threshold a policy has tells that it holds.
  void Store(bool queries, float threshold) {
    server_.Replace("code", server_.Code(threshold) +
                                (queries ? "store_query: true\n" : "store_query: false\n"));
    ASSERT_TRUE(server_.AwaitCodeThreshold(threshold)) << server_.Log();
  }

  // In how many files of the server's directory `word` stands; the names of files count, too.
  int FilesWith(const std::string& word) const {
    int found = 0;
    for (const auto& entry :
         std::filesystem::recursive_directory_iterator(server_.directory().path())) {
      const std::string content =
          entry.is_regular_file() ? ReadFileOrEmpty(entry.path().string()) : "";
      const std::string name = entry.path().string();
      found += (name + "\n" + content).find(word) != std::string::npos ? 1 : 0;
    }
    return found;
  }

  void ExpectGuardedAnswers() const {
    EXPECT_EQ(gateway_.Ask(kSecretQuestion), std::string("exact:") + kAnswer);
    EXPECT_EQ(gateway_.Ask(kSecretParaphrase), std::string("semantic:") + kAnswer);
    EXPECT_EQ(gateway_.Ask(kSecretOpposite), "miss:guard");
  }
};

TEST_F(UnstoredQueryTest, GuardsWorkWithoutTheTextAndItsWordsAreNowhere) {
  Store(false, 0.87F);
  gateway_.Tell(kSecretQuestion, kAnswer);
  ExpectGuardedAnswers();

  v1::LookupRequest other =
      gateway_.Question("how do I sort a flurbian::array in ascending order in javascript");
  other.set_explain(true);
  const v1::LookupResponse response = gateway_.Lookup(other);
  ASSERT_EQ(response.explanation().candidates_size(), 1);
  ASSERT_EQ(response.explanation().candidates(0).guard_verdicts_size(), 1);
  EXPECT_EQ(response.explanation().candidates(0).guard_verdicts(0).reason(), "identifiers differ");

  // Of what is stored with its text it can be seen that this looks in the right place.
  Store(true, 0.88F);
  gateway_.Tell("what does gleeporification mean", "nothing");
  server_.Kill();
  EXPECT_GE(FilesWith("gleeporification"), 1);
  EXPECT_EQ(FilesWith(kSecret), 0);
  server_.Start();
  ExpectGuardedAnswers();
  EXPECT_EQ(gateway_.Ask("what does gleeporification mean"), "exact:nothing");
  EXPECT_EQ(server_.Stop(), 0);
  EXPECT_EQ(FilesWith(kSecret), 0);
}

}  // namespace
}  // namespace semcached
