#include "config/yaml_document.h"

#include <gtest/gtest.h>

#include <string>

namespace semcached {
namespace {

std::string Repeat(const std::string& text, size_t bytes) {
  std::string all;
  while (all.size() + text.size() <= bytes) all += text;
  return all;
}

// The errors that parsing gives, a line each.
std::string ErrorsOf(const std::string& content) {
  ErrorList list("f.yaml");
  ParseYaml(content, &list);
  std::vector<ConfigError> errors;
  list.MoveTo(&errors);
  return ToString(errors);
}

TEST(YamlDocumentTest, KeepsOrderLinesDuplicatesAndQuotes) {
  ErrorList errors("f.yaml");
  const std::optional<YamlNode> root = ParseYaml("a: 1\nb: [x, \"y\"]\na:\n", &errors);
  ASSERT_TRUE(root.has_value());
  EXPECT_TRUE(errors.empty());
  ASSERT_EQ(root->children.size(), 6U);
  EXPECT_EQ(root->children[0].text, "a");
  EXPECT_EQ(root->children[0].line, 1);
  EXPECT_EQ(root->children[3].children[0].quoted, false);
  EXPECT_EQ(root->children[3].children[1].quoted, true);
  EXPECT_EQ(root->children[4].text, "a");
  EXPECT_EQ(root->children[4].line, 3);
  EXPECT_EQ(root->children[5].kind, YamlNode::Kind::kNull);
}

TEST(YamlDocumentTest, ToleratesAByteOrderMarkAndCarriageReturns) {
  ErrorList errors("f.yaml");
  const std::optional<YamlNode> root = ParseYaml(
      "\xEF\xBB\xBF"
      "a: x\r\nb: y\r\n",
      &errors);
  ASSERT_TRUE(root.has_value());
  EXPECT_EQ(root->children[0].text, "a");
  EXPECT_EQ(root->children[1].text, "x");
  EXPECT_EQ(root->children[2].line, 2);
}

TEST(YamlDocumentTest, TakesOneMegabyteAndNotAByteMore) {
  const std::string head = "a: 1\n";
  const std::string full = head + std::string(kMaxYamlBytes - head.size(), '#');
  EXPECT_EQ(ErrorsOf(full), "");
  EXPECT_EQ(ErrorsOf(full + "#"), "f.yaml: is larger than 1MiB; allowed: at most 1MiB\n");
}

TEST(YamlDocumentTest, TakesThirtyTwoLevelsAndNotOneMore) {
  const auto nested = [](int lists) {  // in one map
    return "a: " + std::string(lists, '[') + std::string(lists, ']') + "\n";
  };
  EXPECT_EQ(ErrorsOf(nested(31)), "");
  EXPECT_EQ(ErrorsOf(nested(32)), "f.yaml:1: is nested too deep; allowed: at most 32 levels\n");
}

// Each would crash or stall a parser that recurses, looks back or expands without bounds.
TEST(YamlDocumentTest, EndsOnMalice) {
  for (const char* unit :
       {"[", "{",  "- ", "? ", "[a: ", "{a: ", "&a ",    "*a ", "!a ",   "[\n",
        "|", "\"", "'",  "%",  "]",    ":",    "--- \n", "\r",  "- -\n", "&a1 [*a1,"}) {
    EXPECT_NE(ErrorsOf(Repeat(unit, kMaxYamlBytes / 4)), "") << unit;
  }
}

TEST(YamlDocumentTest, AnAliasBombIsRefusedWithoutBeingExpanded) {
  std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 30; ++i) {
    const std::string last = "*a" + std::to_string(i - 1);
    const std::string name = "a" + std::to_string(i);
    bomb += name + ": &" + name + " [" + last;
    for (int j = 0; j < 9; ++j) bomb += ", " + last;
    bomb += "]\n";
  }
  EXPECT_NE(ErrorsOf(bomb).find("f.yaml:30: an alias (*) is used; allowed: the value itself"),
            std::string::npos);
}

}  // namespace
}  // namespace semcached
