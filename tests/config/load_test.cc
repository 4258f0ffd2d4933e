#include "semcached/config/load.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <string>

#include "support/source_file.h"
#include "support/temp_dir.h"

namespace semcached {
namespace {

using ::testing::HasSubstr;

// A configuration on disk that is right until the test breaks it.
class LoadTest : public testing::Test {
 protected:
  LoadTest() {
    WriteServer("");
    WriteCategory("factual", "");
  }

  void WriteServer(const std::string& more) {
    directory_.Write("semcached.yaml",
                     "listen: {unix: s.sock}\nadmin: {unix: a.sock}\nstore: {path: data}\n"
                     "categories: categories\n" +
                         more);
  }

  void WriteCategory(const std::string& name, const std::string& more) {
    directory_.Write("categories/" + name + ".yaml", "category: " + name + "\n" + more);
  }

  ConfigResult<Config> Read() const { return ReadConfig(directory_ / "semcached.yaml"); }

  // With the directory cut from the front of each line.
  std::string Errors() const {
    std::string text = ToString(Read().errors);
    const std::string front = directory_.path() + "/";
    for (size_t at; (at = text.find(front)) != std::string::npos;) text.erase(at, front.size());
    return text;
  }

  const TempDir directory_;
};

constexpr const char* kNear = "embedders: {default: {type: onnx, model: m, tokenizer: t}}\n";
constexpr const char* kFar =
    "embedders: {default: {type: http, url: http://h, model: m, dimension: 3}}\n";

TEST_F(LoadTest, ReadsBothKindsOfFiles) {
  WriteCategory("code", "ttl: 7d\n");
  const ConfigResult<Config> read = Read();
  ASSERT_TRUE(read.ok()) << ToString(read.errors);
  EXPECT_EQ(read.value->server.store_path, directory_ / "data");
  const CategoryPolicySet& set = *read.value->categories;
  EXPECT_EQ(set.categories.size(), 2U);
  EXPECT_EQ(set.default_category, "factual");
  ASSERT_NE(set.Find("code"), nullptr);
  EXPECT_EQ(set.Find("code")->ttl, absl::Hours(168));
  EXPECT_EQ(set.Find("math"), nullptr);
}

TEST_F(LoadTest, OtherFilesAreNotRead) {
  directory_.Write("categories/.code.yaml", "no: 1");
  directory_.Write("categories/code.yaml~", "no: 1");
  directory_.Write("categories/README.md", "no: 1");
  EXPECT_EQ(Errors(), "");
}

TEST_F(LoadTest, ErrorsOfAllFilesComeInOneRun) {
  WriteServer("workers: many\n");
  WriteCategory("code", "ttl: 5\n");
  WriteCategory("math", "ttl: 0s\neviction: fifo\n");
  EXPECT_EQ(
      Errors(),
      "semcached.yaml:5: workers: many is not a whole number; allowed: a whole number from 0 "
      "to 256\n"
      "categories/code.yaml:2: ttl: 5 has no unit; allowed: a duration from 1ms to 520w\n"
      "categories/math.yaml:2: ttl: 0s is out of range; allowed: a duration from 1ms to 520w\n"
      "categories/math.yaml:3: eviction: fifo is not allowed here; allowed: lru, lfu, s3fifo, "
      "cost_aware\n");
}

TEST_F(LoadTest, GuaranteedSharesSumToOneAtMost) {
  for (const char* name : {"a", "b", "c", "d", "e", "f", "g", "h", "i"}) {
    WriteCategory(name, "quota: {guaranteed_share: 0.1}\n");
  }
  WriteCategory("factual", "quota: {guaranteed_share: 0.1}\n");
  EXPECT_EQ(Errors(), "");  // ten times 0.1, whatever floating point makes of it

  std::filesystem::remove_all(directory_ / "categories");
  WriteCategory("factual", "quota: {guaranteed_share: 0.7}\n");
  WriteCategory("code", "quota: {guaranteed_share: 0.5}\n");
  WriteCategory("math", "");
  EXPECT_EQ(Errors(),
            "categories: quota.guaranteed_share: all files sum to 1.2 (code 0.5, factual 0.7); "
            "allowed: at most 1\n");
}

TEST_F(LoadTest, CategoriesGiveWayInTurns) {
  WriteCategory("chat", "adaptation: {mode: enforce, order: 1}\n");
  WriteCategory("code", "adaptation: {mode: enforce, order: 7}\n");
  WriteCategory("docs", "adaptation: {mode: enforce, order: 7}\n");
  WriteCategory("news", "adaptation: {mode: shadow, order: 3}\n");
  const ConfigResult<Config> read = Read();
  ASSERT_TRUE(read.ok()) << ToString(read.errors);
  const auto turn = [&](const char* category) {
    const AdaptationPolicy& adaptation = read.value->categories->Find(category)->adaptation;
    return std::pair(adaptation.turn, adaptation.turns);
  };
  EXPECT_EQ(turn("chat"), std::pair(0, 2));
  EXPECT_EQ(turn("code"), std::pair(1, 2));
  EXPECT_EQ(turn("docs"), std::pair(1, 2));
  EXPECT_EQ(turn("news"), std::pair(1, 3));     // as if it were enforced, between the two
  EXPECT_EQ(turn("factual"), std::pair(0, 1));  // never moves
}

TEST_F(LoadTest, TheDefaultCategoryExists) {
  WriteServer("default_category: chat\n");
  WriteCategory("code", "");
  EXPECT_EQ(ReadConfig(directory_ / "semcached.yaml").errors.at(0).message,
            "chat has no file in " + (directory_ / "categories") + "; allowed: code, factual");
}

TEST_F(LoadTest, ABrokenDefaultCategoryIsNotSaidToBeMissingToo) {
  WriteCategory("factual", "ttl: 5\n");
  EXPECT_EQ(Errors(),
            "categories/factual.yaml:2: ttl: 5 has no unit; allowed: a duration from 1ms "
            "to 520w\n");
}

TEST_F(LoadTest, TheDefaultCategoryMayBeCached) {
  WriteCategory("factual", "allow_caching: false\n");
  EXPECT_EQ(Errors(),
            "semcached.yaml: default_category: factual has allow_caching: false; allowed: a "
            "category that may be cached\n");
}

TEST_F(LoadTest, EveryEmbeddingIsConfigured) {
  WriteServer(kNear);
  WriteCategory("code", "ttl: 1d\nembedding: big\n");
  EXPECT_EQ(Errors(),
            "categories/code.yaml:3: embedding: big is not an embedder of semcached.yaml; allowed: "
            "default\n");
}

TEST_F(LoadTest, WithoutEmbeddersCallersSendVectorsOfAnyName) {
  WriteCategory("code", "embedding: big\n");
  EXPECT_EQ(Errors(), "");
}

TEST_F(LoadTest, NoRemoteEmbedderSeesWhatMayNotBeCached) {
  WriteCategory("private", "allow_caching: false\n");
  WriteServer(kFar);
  EXPECT_EQ(Errors(),
            "semcached.yaml: classification.embedder: default would see the queries of private, "
            "which has allow_caching: false; allowed: an embedder of type onnx, or "
            "require_category: true\n");
  WriteServer(std::string(kFar) + "require_category: true\n");
  EXPECT_EQ(Errors(), "");
  WriteServer(kNear);
  EXPECT_EQ(Errors(), "");
}

TEST_F(LoadTest, WhatOnlyAllFilesShowComesBesideAnErrorOfTheServer) {
  WriteServer(std::string("workers: many\ndefault_category: chat\n") + kFar);
  WriteCategory("code", "embedding: big\n");
  WriteCategory("private", "allow_caching: false\n");
  const std::string errors = Errors();
  EXPECT_THAT(errors, HasSubstr("semcached.yaml:5: workers: many"));
  EXPECT_THAT(errors, HasSubstr("default_category: chat has no file"));
  EXPECT_THAT(errors, HasSubstr("code.yaml:2: embedding: big is not an embedder"));
  EXPECT_THAT(errors, HasSubstr("classification.embedder: default would see"));
}

TEST_F(LoadTest, NothingIsComparedWithWhatIsWrongItself) {
  WriteServer("default_category: No Name\nembedders: none\nrequire_category: perhaps\n");
  WriteCategory("code", "embedding: big\n");
  std::filesystem::remove(directory_ / "categories/factual.yaml");
  for (const ConfigError& error : Read().errors) {
    EXPECT_EQ(error.file, directory_ / "semcached.yaml") << error.ToString();
    EXPECT_GT(error.line, 0) << error.ToString();
  }
}

TEST_F(LoadTest, FilesThatThisMachineLacksAreNamedWhenAskedFor) {
  WriteServer(
      "embedders:\n"
      "  default: {type: onnx, model: here, tokenizer: gone}\n"
      "  far: {type: http, url: http://h, model: m, dimension: 3, api_key_file: key}\n"
      "load: {scrape: [{kind: vllm, model: m, url: \"http://h\", token_file: no-token}]}\n");
  directory_.Write("here", "a model");
  std::filesystem::create_directory(directory_ / "key");
  const ConfigResult<Config> read = Read();
  ASSERT_TRUE(read.ok()) << ToString(read.errors);
  const std::string at = directory_.path() + "/";
  EXPECT_EQ(ToString(CheckFiles(read.value->server)),
            at + "semcached.yaml: embedders.default.tokenizer: " + at +
                "gone cannot be read: No such file or directory; allowed: a readable file\n" + at +
                "semcached.yaml: embedders.far.api_key_file: " + at +
                "key is not a regular file; allowed: a readable file\n" + at +
                "semcached.yaml: load.scrape[0].token_file: " + at +
                "no-token cannot be read: No such file or directory; allowed: a readable file\n");
}

TEST_F(LoadTest, SaysWhatCannotBeRead) {
  std::filesystem::create_directory(directory_ / "categories/dir.yaml");
  ASSERT_EQ(mkfifo((directory_ / "categories/pipe.yaml").c_str(), 0600), 0);
  std::filesystem::create_symlink("nowhere", directory_ / "categories/gone.yaml");
  EXPECT_EQ(Errors(),
            "categories/dir.yaml: is not a regular file; allowed: a readable file\n"
            "categories/gone.yaml: cannot be read: No such file or directory; allowed: a readable "
            "file\n"
            "categories/pipe.yaml: is not a regular file; allowed: a readable file\n");
  std::filesystem::remove_all(directory_ / "categories");
  EXPECT_EQ(Errors(),
            "categories: cannot be read: No such file or directory; allowed: a directory of "
            "*.yaml\n");
  std::filesystem::create_directory(directory_ / "categories");
  EXPECT_EQ(Errors(), "categories: holds no *.yaml; allowed: one file a category\n");
  std::filesystem::remove(directory_ / "semcached.yaml");
  EXPECT_EQ(
      Errors(),
      "semcached.yaml: cannot be read: No such file or directory; allowed: a readable file\n");
}

TEST_F(LoadTest, ATooLargeFileIsRefused) {
  WriteCategory("code", std::string(1 << 20, '#'));
  EXPECT_EQ(Errors(), "categories/code.yaml: is larger than 1MiB; allowed: at most 1MiB\n");
}

TEST(ShippedConfigTest, LoadsWithoutError) {
  const ConfigResult<Config> read = ReadConfig(SourceFile("config/semcached.yaml"));
  EXPECT_TRUE(read.ok()) << ToString(read.errors);
}

}  // namespace
}  // namespace semcached
