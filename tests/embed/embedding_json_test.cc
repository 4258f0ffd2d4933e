#include "embed/embedding_json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace semcached {
namespace {

using testing::HasSubstr;

TEST(EmbeddingRequestTest, IsWhatOpenAiDocuments) {
  const std::vector<std::string_view> texts = {"a \"quoted\" one", "two"};
  EXPECT_EQ(EmbeddingRequest("small", texts),
            R"({"encoding_format":"float","input":["a \"quoted\" one","two"],"model":"small"})");
}

TEST(EmbeddingRequestTest, ReplacesBytesThatAreNoUtf8) {
  const std::vector<std::string_view> texts = {"a\xFFz"};
  EXPECT_THAT(EmbeddingRequest("small", texts), HasSubstr("a\xEF\xBF\xBDz"));
}

TEST(ParseEmbeddingAnswerTest, SortsByIndexAndScales) {
  const auto vectors = ParseEmbeddingAnswer(
      R"({"data":[{"index":1,"embedding":[0,-2]},{"index":0,"embedding":[3,4.0]}]})", 2, 2);
  ASSERT_TRUE(vectors.ok()) << vectors.status();
  EXPECT_EQ((*vectors)[0], (std::vector<float>{0.6F, 0.8F}));
  EXPECT_EQ((*vectors)[1], (std::vector<float>{0, -1}));
}

TEST(ParseEmbeddingAnswerTest, ScalesWhatWouldOverflowAFloat) {
  const auto vectors =
      ParseEmbeddingAnswer(R"({"data":[{"index":0,"embedding":[3e300,4e300]}]})", 1, 2);
  ASSERT_TRUE(vectors.ok()) << vectors.status();
  EXPECT_EQ((*vectors)[0], (std::vector<float>{0.6F, 0.8F}));
}

struct Broken {
  const char* body;
  const char* says;
};

class BrokenAnswerTest : public testing::TestWithParam<Broken> {};

TEST_P(BrokenAnswerTest, IsUnavailableAndSaysWhy) {
  const absl::Status status = ParseEmbeddingAnswer(GetParam().body, 1, 2).status();
  EXPECT_TRUE(absl::IsUnavailable(status)) << status;
  EXPECT_THAT(status.message(), HasSubstr(GetParam().says));
}

INSTANTIATE_TEST_SUITE_P(
    All, BrokenAnswerTest,
    testing::Values(
        Broken{"", "not JSON"}, Broken{"<html>", "not JSON"}, Broken{"{\"data\":[", "not JSON"},
        Broken{R"({"data":[{"index":0,"embedding":[NaN,1]}]})", "not JSON"},
        Broken{R"({"data":[{"index":0,"embedding":[1e999,1]}]})", "not JSON"},
        Broken{"[]", "\"data\""}, Broken{"{}", "\"data\""}, Broken{R"({"data":{}})", "\"data\""},
        Broken{R"({"data":[]})", "0 embeddings for 1 texts"},
        Broken{R"({"data":[{"index":0,"embedding":[1,0]},{"index":1,"embedding":[1,0]}]})",
               "2 embeddings for 1 texts"},
        Broken{R"({"data":[7]})", "without \"index\""},
        Broken{R"({"data":[{"embedding":[1,0]}]})", "without \"index\""},
        Broken{R"({"data":[{"index":-1,"embedding":[1,0]}]})", "without \"index\""},
        Broken{R"({"data":[{"index":0}]})", "without \"index\""},
        Broken{R"({"data":[{"index":1,"embedding":[1,0]}]})", "out of range"},
        Broken{R"({"data":[{"index":0,"embedding":"AAAA"}]})", "no array"},
        Broken{R"({"data":[{"index":0,"embedding":[1,2,3]}]})", "3 components; 2"},
        Broken{R"({"data":[{"index":0,"embedding":[1,null]}]})", "no number"},
        Broken{R"({"data":[{"index":0,"embedding":[0,0]}]})", "zeros"}));

TEST(ParseEmbeddingAnswerTest, RefusesAnIndexTwice) {
  const absl::Status status =
      ParseEmbeddingAnswer(
          R"({"data":[{"index":0,"embedding":[1,0]},{"index":0,"embedding":[0,1]}]})", 2, 2)
          .status();
  EXPECT_THAT(status.message(), HasSubstr("index twice"));
}

}  // namespace
}  // namespace semcached
