#include "semcached/cache/learn_classifier.h"

#include <gtest/gtest.h>

#include <fstream>

#include "support/fake_clock.h"
#include "support/fake_embedder.h"
#include "support/temp_dir.h"

namespace semcached {
namespace {

class LearnClassifierTest : public ::testing::Test {
 protected:
  LearnClassifierTest() {
    categories_.default_category = "cooking";
    Add("cooking", {"boil an egg", "bake a cake"});
    Add("gardening", {"plant a tree", "water the roses"});
  }

  void Add(const std::string& name, std::vector<std::string> examples) {
    CategoryPolicy policy;
    policy.category = name;
    policy.examples = std::move(examples);
    categories_.categories[name] = policy;
  }
  // What a new process makes of `query`.
  std::string CategoryOf(const std::string& query) {
    ClassifierTeacher teacher(file_);
    return Taught(&teacher, query);
  }
  std::string Taught(ClassifierTeacher* teacher, const std::string& query) {
    PrototypeOptions options;
    options.default_category = categories_.default_category;
    const auto classifier = teacher->Learn(categories_, options, &embedder_, Call(clock_));
    if (!classifier.ok()) return std::string(classifier.status().message());
    return (*classifier)->Classify(embedder_.VectorOf(query)).category;
  }

  TempDir directory_;
  const std::string file_ = directory_ / "examples.vectors";
  FakeClock clock_;
  FakeEmbedder embedder_;
  CategoryPolicySet categories_;
};

TEST_F(LearnClassifierTest, TheSecondStartEmbedsNothing) {
  EXPECT_EQ(CategoryOf("plant a tree"), "gardening");
  EXPECT_EQ(embedder_.texts(), 4u);
  EXPECT_EQ(CategoryOf("plant a tree"), "gardening");
  EXPECT_EQ(embedder_.texts(), 4u);
}

TEST_F(LearnClassifierTest, OnlyANewExampleIsEmbedded) {
  ClassifierTeacher teacher(file_);
  Taught(&teacher, "x");
  Add("cooking", {"boil an egg", "bake a cake", "fry an onion"});
  Taught(&teacher, "x");
  EXPECT_EQ(embedder_.texts(), 5u);
}

TEST_F(LearnClassifierTest, ADamagedFileIsNotRead) {
  CategoryOf("x");
  std::string bytes;
  {
    std::ifstream in(file_, std::ios::binary);
    bytes.assign(std::istreambuf_iterator<char>(in), {});
  }
  for (size_t i = 0; i < bytes.size(); i += 7) {
    std::string damaged = bytes;
    damaged[i] = static_cast<char>(damaged[i] ^ 1);
    std::ofstream(file_, std::ios::binary) << damaged;
    const size_t before = embedder_.texts();
    EXPECT_EQ(CategoryOf("plant a tree"), "gardening");
    EXPECT_EQ(embedder_.texts(), before + 4) << "byte " << i;
  }
  std::ofstream(file_, std::ios::binary) << bytes.substr(0, bytes.size() / 2);
  EXPECT_EQ(CategoryOf("plant a tree"), "gardening");
}

TEST_F(LearnClassifierTest, VectorsOfAnotherEmbeddingAreNotUsed) {
  CategoryOf("x");
  FakeEmbedder other("another-model");
  ClassifierTeacher teacher(file_);
  ASSERT_TRUE(
      teacher.Learn(categories_, {.default_category = "cooking"}, &other, Call(clock_)).ok());
  EXPECT_EQ(other.texts(), 4u);
}

TEST_F(LearnClassifierTest, AFailingEmbedderIsTold) {
  embedder_.FailWith(absl::UnavailableError("down"));
  EXPECT_EQ(CategoryOf("plant a tree"), "down");
}

}  // namespace
}  // namespace semcached
