#include "cache/document_check.h"

#include <gtest/gtest.h>

#include <cmath>

#include "support/vectors.h"

namespace semcached {
namespace {

class DocumentCheckTest : public ::testing::Test {
 protected:
  DocumentCheckTest() {
    document_.entry.id = 7;
    document_.entry.category = "code";
    document_.entry.scope = scope_;
    document_.entry.embedding = {"axes/8", Axis(0)};
    document_.entry.exact_key = {1, 2};
    document_.query = "how do I sort";
  }

  std::string Exact() {
    const auto rejection = CheckExact(document_, Expected(), {1, 2});
    return rejection.has_value() ? rejection->reason : "passes";
  }
  std::string Semantic(float threshold = 0.8F) {
    float similarity = 0;
    const auto rejection =
        CheckSemantic(document_, Expected(), "axes/8", vector_, threshold, &similarity);
    return rejection.has_value() ? rejection->reason : "passes";
  }
  Expectation Expected() const { return {7, &scope_, "code", query_}; }

  const Scope scope_{"acme", "model", "context"};
  Document document_;
  std::string query_ = "how do I sort";
  std::vector<float> vector_ = Axis(0);
};

TEST_F(DocumentCheckTest, TheRightDocumentPassesBoth) {
  EXPECT_EQ(Exact(), "passes");
  EXPECT_EQ(Semantic(), "passes");
}

TEST_F(DocumentCheckTest, EveryOtherPlaceIsRefusedOnBothPaths) {
  const Document right = document_;
  document_.entry.id = 8;
  EXPECT_EQ(Exact() + Semantic(), "idid");
  document_ = right;
  document_.entry.category = "chat";
  EXPECT_EQ(Exact() + Semantic(), "categorycategory");
  for (std::string Scope::*part : {&Scope::namespace_name, &Scope::model, &Scope::context}) {
    document_ = right;
    document_.entry.scope.*part += '\0';
    EXPECT_EQ(Exact() + Semantic(), "scopescope");
  }
}

TEST_F(DocumentCheckTest, AnExactHitIsEqualByteForByte) {
  query_ = "How do I sort";
  EXPECT_EQ(Exact(), "query");
}

TEST_F(DocumentCheckTest, NoNumberButASimilarityPasses) {
  for (const float wrong : {std::nanf(""), INFINITY, -INFINITY, 30.0F}) {
    document_.entry.embedding.values[0] = wrong;
    EXPECT_EQ(Semantic(), "similarity") << wrong;
  }
  document_.entry.embedding.values = Near(0, 0.79);
  EXPECT_EQ(Semantic(), "similarity");
  document_.entry.embedding.values = Near(0, 0.81);
  EXPECT_EQ(Semantic(), "passes");
}

TEST_F(DocumentCheckTest, AnotherSpaceIsRefused) {
  document_.entry.embedding.identity = "other/8";
  EXPECT_EQ(Semantic(), "identity");
  document_.entry.embedding = {"axes/8", Axis(0, 16)};
  EXPECT_EQ(Semantic(), "identity");
}

}  // namespace
}  // namespace semcached
