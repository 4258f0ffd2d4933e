#include "semcached/config/category_policy.h"

#include <gtest/gtest.h>

#include <string>

#include "semcached/config/load.h"

namespace semcached {
namespace {

ConfigResult<CategoryPolicy> Parse(const std::string& content) {
  return ParseCategory("dir/code.yaml", content);
}

TEST(CategoryPolicyTest, OneKeyIsEnoughAndTheRestHasDefaults) {
  const ConfigResult<CategoryPolicy> read = Parse("category: code\n");
  ASSERT_TRUE(read.ok()) << ToString(read.errors);
  const CategoryPolicy& policy = *read.value;
  EXPECT_EQ(policy.category, "code");
  EXPECT_TRUE(policy.allow_caching);
  EXPECT_FLOAT_EQ(policy.similarity_threshold, 0.85F);
  EXPECT_EQ(policy.ttl, absl::Hours(24));
  EXPECT_EQ(policy.max_lifetime, absl::InfiniteDuration());
  EXPECT_EQ(policy.false_hit_budget, std::nullopt);
  EXPECT_EQ(policy.budget_mode, BudgetMode::kShadow);
  EXPECT_EQ(policy.audit_rate, 0);
  EXPECT_TRUE(policy.flag_conflicts);
  EXPECT_EQ(policy.adaptation.mode, AdaptationMode::kOff);
  EXPECT_FLOAT_EQ(policy.adaptation.min_similarity_threshold, 0.85F);
}

// They compare what is kept in place of the text.
TEST(CategoryPolicyTest, GuardsNeedNoStoredQuery) {
  const ConfigResult<CategoryPolicy> read =
      Parse("category: code\nstore_query: false\nguards: [numbers]\n");
  ASSERT_TRUE(read.ok()) << ToString(read.errors);
  EXPECT_FALSE(read.value->store_query);
  EXPECT_FALSE(read.value->guards_without_text);
}

TEST(CategoryPolicyTest, EveryKeyArrives) {
  const ConfigResult<CategoryPolicy> read = Parse(R"(category: code
description: Programming questions
examples:
  - how do I reverse a linked list
  - "42"
allow_caching: false
embedding: local
similarity_threshold: 0.90
ttl: 7d
ttl_mode: sliding
max_lifetime: 30d
stale_while_revalidate: 90s
store_query: false
guards_without_text: skip
quota:
  max_entries: 5
  max_memory: 2MiB
  max_disk: 3GiB
  guaranteed_share: 0.25
  max_namespace_share: 0.5
eviction: s3fifo
guards: [negation, numbers]
index: {type: hnsw, m: 8, ef_construction: 100, ef_search: 32}
durability: durable
false_hit_budget: 0.01
budget_mode: enforce
audit_rate: 0.02
flag_conflicts: false
when_losing: report
adaptation:
  mode: shadow
  model: big
  order: 7
  max_threshold_drop: 0.05
  min_similarity_threshold: 0.80
  max_ttl_factor: 2.5
)");
  ASSERT_TRUE(read.ok()) << ToString(read.errors);
  const CategoryPolicy& policy = *read.value;
  EXPECT_EQ(policy.description, "Programming questions");
  EXPECT_EQ(policy.examples, (std::vector<std::string>{"how do I reverse a linked list", "42"}));
  EXPECT_FALSE(policy.allow_caching);
  EXPECT_EQ(policy.embedding, "local");
  EXPECT_FLOAT_EQ(policy.similarity_threshold, 0.90F);
  EXPECT_EQ(policy.ttl, absl::Hours(7 * 24));
  EXPECT_EQ(policy.ttl_mode, TtlMode::kSliding);
  EXPECT_EQ(policy.max_lifetime, absl::Hours(30 * 24));
  EXPECT_EQ(policy.stale_while_revalidate, absl::Seconds(90));
  EXPECT_FALSE(policy.store_query);
  EXPECT_TRUE(policy.guards_without_text);
  EXPECT_EQ(policy.quota.max_entries, 5);
  EXPECT_EQ(policy.quota.max_memory_bytes, 2 << 20);
  EXPECT_EQ(policy.quota.max_disk_bytes, int64_t{3} << 30);
  EXPECT_EQ(policy.quota.guaranteed_share, 0.25);
  EXPECT_EQ(policy.quota.max_namespace_share, 0.5);
  EXPECT_EQ(policy.eviction, EvictionKind::kS3Fifo);
  EXPECT_EQ(policy.guards, (std::vector<GuardKind>{GuardKind::kNegation, GuardKind::kNumbers}));
  EXPECT_EQ(policy.index.type, IndexType::kHnsw);
  EXPECT_EQ(policy.index.m, 8);
  EXPECT_EQ(policy.index.ef_construction, 100);
  EXPECT_EQ(policy.index.ef_search, 32);
  EXPECT_EQ(policy.durability, Durability::kDurable);
  EXPECT_EQ(policy.false_hit_budget, 0.01);
  EXPECT_EQ(policy.budget_mode, BudgetMode::kEnforce);
  EXPECT_EQ(policy.audit_rate, 0.02);
  EXPECT_FALSE(policy.flag_conflicts);
  EXPECT_EQ(policy.adaptation.mode, AdaptationMode::kShadow);
  EXPECT_EQ(policy.adaptation.model, "big");
  EXPECT_EQ(policy.adaptation.order, 7);
  EXPECT_FLOAT_EQ(policy.adaptation.max_threshold_drop, 0.05F);
  EXPECT_FLOAT_EQ(policy.adaptation.min_similarity_threshold, 0.80F);
  EXPECT_EQ(policy.adaptation.max_ttl_factor, 2.5);
}

TEST(CategoryPolicyTest, AFloorEqualToTheThresholdIsAllowed) {
  // 0.9 as a float is not 0.9: compared as such, the two would differ.
  const ConfigResult<CategoryPolicy> read = Parse(
      "category: code\nsimilarity_threshold: 0.9\nadaptation: {min_similarity_threshold: 0.9}\n");
  EXPECT_TRUE(read.ok()) << ToString(read.errors);
}

struct Broken {
  const char* content;  // behind `category: code`, hence from line 2 on
  const char* error;    // without the file
};

const Broken kBroken[] = {
    {"tll: 1d", ":2: tll: is unknown, perhaps ttl; allowed: "},
    // Found by fuzzing: as a float it is 0, and anything would have been near enough.
    {"similarity_threshold: 0.0000000000000000000000000000000000000000000000001",
     ":2: similarity_threshold: 0.0000000000000000000000000000000000000000000000001 is out of "
     "range; allowed: a number above 0 to 1\n"},
    // Found by fuzzing: a long value was cut within a character.
    {"ttl: xéééééééééééééééééééééééééééééééééééé",
     ":2: ttl: xééééééééééééééééééééééééééééé... is not a duration; allowed: "},
    {"gaurds: []", ":2: gaurds: is unknown, perhaps guards; allowed: "},
    {"quota: {max_entry: 1}",
     ":2: quota.max_entry: is unknown; allowed: max_entries, max_memory, max_disk, "
     "guaranteed_share, max_namespace_share\n"},
    {"index: {typ: flat}",
     ":2: index.typ: is unknown, perhaps type; allowed: type, m, ef_construction, ef_search\n"},
    {"ttl: 1d\nttl: 2d", ":3: ttl: is given again, first in line 2; allowed: once\n"},
    {"quota: {max_entries: 1, max_entries: 2}",
     ":2: quota.max_entries: is given again, first in line 2; allowed: once\n"},
    {"category: code", ":2: category: is given again, first in line 1; allowed: once\n"},
    {"ttl: 60", ":2: ttl: 60 has no unit; allowed: a duration from 1ms to 520w\n"},
    {"ttl: soon", ":2: ttl: soon is not a duration; allowed: a duration from 1ms to 520w\n"},
    {"ttl: 0s", ":2: ttl: 0s is out of range; allowed: a duration from 1ms to 520w\n"},
    {"ttl: 521w", ":2: ttl: 521w is out of range; allowed: a duration from 1ms to 520w\n"},
    {"ttl: -1d", ":2: ttl: -1d is not a duration; allowed: a duration from 1ms to 520w\n"},
    {"ttl:", ":2: ttl: is empty; allowed: a duration from 1ms to 520w\n"},
    {"ttl: [1d]", ":2: ttl: is a list; allowed: a duration from 1ms to 520w\n"},
    {"ttl: {a: 1}", ":2: ttl: is a map; allowed: a duration from 1ms to 520w\n"},
    {"ttl: \"1d\"", ":2: ttl: \"1d\" is not a duration; allowed: a duration from 1ms to 520w\n"},
    {"ttl_mode: sliding\nmax_lifetime: 1h",
     ":3: max_lifetime: is shorter than the ttl; allowed: the ttl or longer\n"},
    {"ttl_mode: slide", ":2: ttl_mode: slide is not allowed here; allowed: absolute, sliding\n"},
    {"allow_caching: yes", ":2: allow_caching: yes is not a truth; allowed: true or false\n"},
    {"allow_caching: \"true\"",
     ":2: allow_caching: \"true\" is not a truth; allowed: true or false\n"},
    {"similarity_threshold: 0",
     ":2: similarity_threshold: 0 is out of range; allowed: a number above 0 to 1\n"},
    {"similarity_threshold: 1.01",
     ":2: similarity_threshold: 1.01 is out of range; allowed: a number above 0 to 1\n"},
    {"similarity_threshold: high",
     ":2: similarity_threshold: high is not a number; allowed: a number above 0 to 1\n"},
    {"similarity_threshold: .nan",
     ":2: similarity_threshold: .nan is not a number; allowed: a number above 0 to 1\n"},
    {"embedding: Big",
     ":2: embedding: Big is not a name; allowed: 1 to 64 of a-z, 0-9 and -, not beginning with "
     "-\n"},
    {"description: \"\"", ":2: description: is empty; allowed: text\n"},
    {"examples: one", ":2: examples: one is not a list; allowed: a list of texts\n"},
    {"examples:\n  - a\n  -", ":2: examples[1]: is empty; allowed: text\n"},
    {"examples:\n  - [a]", ":3: examples[0]: is a list; allowed: text\n"},
    {"quota: 5", ":2: quota: 5 is not a map; allowed: a map of keys and values\n"},
    {"quota:", ":2: quota: is empty; allowed: a map of keys and values\n"},
    {"quota: {max_entries: 0}",
     ":2: quota.max_entries: 0 is out of range; allowed: a whole number from 1 to 1000000000\n"},
    {"quota: {max_entries: 99999999999999999999}",
     ":2: quota.max_entries: 99999999999999999999 is out of range; allowed: a whole number from 1 "
     "to 1000000000\n"},
    {"quota: {max_entries: 1.5}",
     ":2: quota.max_entries: 1.5 is not a whole number; allowed: a whole number from 1 to "
     "1000000000\n"},
    {"quota: {max_entries: 010}",
     ":2: quota.max_entries: 010 is not a whole number; allowed: a whole number from 1 to "
     "1000000000\n"},
    {"quota: {max_memory: 256MB}",
     ":2: quota.max_memory: 256MB is not a size in B, KiB, MiB, GiB or TiB; allowed: a size from "
     "1KiB to 1024TiB\n"},
    {"quota: {max_memory: 268435456}",
     ":2: quota.max_memory: 268435456 has no unit; allowed: a size from 1KiB to 1024TiB\n"},
    {"quota: {max_disk: 1B}",
     ":2: quota.max_disk: 1B is out of range; allowed: a size from 1KiB to 1024TiB\n"},
    {"quota:\n  guaranteed_share: 1.1",
     ":3: quota.guaranteed_share: 1.1 is out of range; allowed: a number from 0 to 1\n"},
    {"quota:\n  guaranteed_share: -0.1",
     ":3: quota.guaranteed_share: -0.1 is out of range; allowed: a number from 0 to 1\n"},
    {"eviction: random",
     ":2: eviction: random is not allowed here; allowed: lru, lfu, s3fifo, cost_aware\n"},
    {"guards: [spelling]",
     ":2: guards[0]: spelling is not allowed here; allowed: numbers, negation, identifiers, "
     "entities, focus, roles\n"},
    {"guards: numbers",
     ":2: guards: numbers is not a list; allowed: a list of numbers, negation, "
     "identifiers, entities, focus, roles\n"},
    {"guards: [numbers, numbers]", ":2: guards[1]: numbers is given again; allowed: once\n"},
    {"guards_without_text: serve",
     ":2: guards_without_text: serve is not allowed here; allowed: refuse, skip\n"},
    {"index: {m: 3}", ":2: index.m: 3 is out of range; allowed: a whole number from 4 to 64\n"},
    {"durability: ram",
     ":2: durability: ram is not allowed here; allowed: memory, process, durable\n"},
    {"false_hit_budget: 1",
     ":2: false_hit_budget: 1 is out of range; allowed: a number above 0 and below 1\n"},
    {"budget_mode: off", ":2: budget_mode: off is not allowed here; allowed: shadow, enforce\n"},
    {"audit_rate: 1", ":2: audit_rate: 1 is out of range; allowed: a number from 0 and below 1\n"},
    {"when_losing: pray", ":2: when_losing: pray is not allowed here; allowed: report, bypass\n"},
    {"adaptation: {mode: on}",
     ":2: adaptation.mode: on is not allowed here; allowed: off, shadow, enforce\n"},
    {"adaptation: {min_similarity_threshold: 0.9}",
     ":2: adaptation.min_similarity_threshold: 0.9 is above the similarity_threshold; allowed: at "
     "most 0.85\n"},
    {"adaptation: {max_ttl_factor: 0.5}",
     ":2: adaptation.max_ttl_factor: 0.5 is out of range; allowed: a number from 1 to 100\n"},
    {"description: &a text\nembedding: *a",
     ":2: an anchor (&) is used; allowed: values without anchors\n"
     "dir/code.yaml:3: an alias (*) is used; allowed: the value itself\n"},
    {"<<: {ttl: 1d}", ":2: <<: merges a map; allowed: the keys themselves\n"},
    {"ttl: !!str 1d", ":2: a tag (!) is used; allowed: values without tags\n"},
    {"[a, b]: 1", ":2: a key is a list; allowed: text\n"},
    {"---\nttl: 1d", ":2: a second document begins; allowed: one document a file\n"},
    {"ttl: [1d", ":3: is not YAML: "},
    {"\tttl: 1d", ":2: is not YAML: "},
    {"description: \x01", ":2: holds the control character 0x01; allowed: text\n"},
    {"description: \xFF", ": is not UTF-8; allowed: text in UTF-8\n"},
};

TEST(CategoryPolicyTest, SaysWhereWhatAndWhatIsAllowed) {
  for (const Broken& broken : kBroken) {
    const std::string expected = std::string("dir/code.yaml") + broken.error;
    const ConfigResult<CategoryPolicy> read =
        Parse(std::string("category: code\n") + broken.content + "\n");
    EXPECT_FALSE(read.value.has_value()) << broken.content;
    const std::string errors = ToString(read.errors);
    if (expected.back() == '\n') {
      EXPECT_EQ(errors, expected) << broken.content;
    } else {  // the rest of the line is a long list, or yaml-cpp's
      EXPECT_EQ(errors.substr(0, expected.size()), expected) << broken.content;
      EXPECT_EQ(read.errors.size(), 1U) << broken.content;
    }
  }
}

TEST(CategoryPolicyTest, TheCategoryIsTheFilesName) {
  EXPECT_EQ(ToString(Parse("ttl: 1d\n").errors),
            "dir/code.yaml:1: category: is missing; allowed: code, as the file is called\n");
  EXPECT_EQ(ToString(Parse("category: chat\n").errors),
            "dir/code.yaml:1: category: chat is not the file's name; allowed: code, as the file is "
            "called\n");
  EXPECT_EQ(ToString(ParseCategory("Code.yaml", "ttl: 1d\n").errors),
            "Code.yaml: is not named like a category; allowed: 1 to 64 of a-z, 0-9 and -, not "
            "beginning with -\n"
            "Code.yaml:1: category: is missing; allowed: Code, as the file is called\n");
}

TEST(CategoryPolicyTest, AFileWithoutADocumentIsRefused) {
  for (const char* empty : {"", "\n\n", "# a comment\n", "---\n", "~\n"}) {
    EXPECT_EQ(ToString(Parse(empty).errors),
              "dir/code.yaml: is empty; allowed: one document of keys and values\n")
        << empty;
  }
  EXPECT_EQ(ToString(Parse("- a\n").errors),
            "dir/code.yaml:1: is not a map; allowed: one document of keys and values\n");
}

TEST(CategoryPolicyTest, AllErrorsComeInOneRunInTheOrderOfLines) {
  EXPECT_EQ(ToString(Parse("index: {m: 1}\nttl: 5\ncategory: code\neviction: fifo\n").errors),
            "dir/code.yaml:1: index.m: 1 is out of range; allowed: a whole number from 4 to 64\n"
            "dir/code.yaml:2: ttl: 5 has no unit; allowed: a duration from 1ms to 520w\n"
            "dir/code.yaml:4: eviction: fifo is not allowed here; allowed: lru, lfu, s3fifo, "
            "cost_aware\n");
}

TEST(CategoryPolicyTest, EndlessErrorsAreCutAndSaySo) {
  std::string content = "category: code\n";
  for (int i = 0; i < 2000; ++i) content += "key" + std::to_string(i) + ": 1\n";
  const ConfigResult<CategoryPolicy> read = Parse(content);
  ASSERT_EQ(read.errors.size(), 1001U);
  EXPECT_EQ(read.errors.back().ToString(), "dir/code.yaml: has more errors than the 1000 above");
}

TEST(CategoryPolicyTest, MessagesShowALongOrUnprintableValueOnOneShortLine) {
  const std::string errors =
      ToString(Parse("category: code\nttl: \"a\\n" + std::string(500, 'x') + "\"\n").errors);
  EXPECT_EQ(errors, "dir/code.yaml:2: ttl: \"a\\n" + std::string(58, 'x') +
                        "...\" is not a duration; allowed: a duration from 1ms to 520w\n");
}

}  // namespace
}  // namespace semcached
