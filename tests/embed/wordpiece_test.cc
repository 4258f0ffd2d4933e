#include "embed/wordpiece.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <random>

#include "embed/models.h"

namespace semcached {
namespace {

using Ids = std::vector<int64_t>;
using testing::HasSubstr;

// The vocabulary of bert-base-uncased: 101 [CLS], 102 [SEP], 100 [UNK].
class WordPieceTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    std::ifstream file(ModelFile("tokenizer.json"), std::ios::binary);
    const std::string json{std::istreambuf_iterator<char>(file), {}};
    absl::StatusOr<WordPiece> parsed = WordPiece::Parse(json);
    ASSERT_TRUE(parsed.ok()) << parsed.status() << ": has scripts/install.sh been run?";
    tokenizer_ = new WordPiece(*std::move(parsed));
  }
  static void TearDownTestSuite() {
    delete tokenizer_;
    tokenizer_ = nullptr;
  }
  void SetUp() override { ASSERT_NE(tokenizer_, nullptr); }

  // Without the [CLS] and [SEP] around them.
  static Ids Encode(std::string_view text, size_t max_tokens = 256) {
    Ids ids = tokenizer_->Encode(text, max_tokens);
    EXPECT_GE(ids.size(), 2U);
    EXPECT_LE(ids.size(), max_tokens);
    EXPECT_EQ(ids.front(), 101);
    EXPECT_EQ(ids.back(), 102);
    return Ids(ids.begin() + 1, ids.end() - 1);
  }

  static WordPiece* tokenizer_;
};

WordPiece* WordPieceTest::tokenizer_ = nullptr;

TEST_F(WordPieceTest, WordsOfTheVocabulary) {
  EXPECT_EQ(tokenizer_->Encode("hello world", 256), (Ids{101, 7592, 2088, 102}));
  EXPECT_EQ(Encode("Hello WORLD"), (Ids{7592, 2088}));
}

TEST_F(WordPieceTest, WordsOfPieces) {
  EXPECT_EQ(Encode("embeddings"), (Ids{7861, 8270, 4667, 2015}));  // em ##bed ##ding ##s
  EXPECT_EQ(Encode("unaffable"), (Ids{14477, 20961, 3468}));       // una ##ffa ##ble
}

TEST_F(WordPieceTest, PunctuationStandsAlone) {
  EXPECT_EQ(Encode("don't!?"), (Ids{2123, 1005, 1056, 999, 1029}));
  EXPECT_EQ(Encode("$3.14"), (Ids{1002, 1017, 1012, 2403}));
  EXPECT_EQ(Encode("que\xC2\xBF"), (Ids{10861, 1094}));  // not only ASCII's
}

TEST_F(WordPieceTest, AccentsAreStripped) {
  EXPECT_EQ(Encode("caf\xC3\xA9 R\xC3\x89SUM\xC3\x89"), (Ids{7668, 13746}));
  EXPECT_EQ(Encode("cafe\xCC\x81"), (Ids{7668}));  // e and a combining accent
  EXPECT_EQ(Encode("na\xC3\xAFve"), (Ids{15743}));
}

TEST_F(WordPieceTest, LettersThatDecomposeIntoLetters) {
  // One Hangul syllable is three jamo.
  EXPECT_EQ(Encode("\xED\x95\x9C"), (Ids{1469, 30006, 30021}));
  EXPECT_EQ(Encode("stra\xC3\x9F"
                   "e"),
            (Ids{2358, 27807}));
}

TEST_F(WordPieceTest, IdeographsStandAlone) {
  EXPECT_EQ(Encode("\xE6\x9D\xB1\xE4\xBA\xAC"), (Ids{1879, 1755}));
  EXPECT_EQ(Encode("hello\xE4\xB8\xAD"
                   "world"),
            (Ids{7592, 1746, 2088}));
}

TEST_F(WordPieceTest, UnknownWordsAreOneToken) {
  EXPECT_EQ(Encode("hello \xF0\x9F\xA6\x84 world"), (Ids{7592, 100, 2088}));  // a unicorn
  EXPECT_EQ(Encode("hello\xF0\x9F\xA6\x84"), (Ids{100}));  // no piece: the whole word
}

TEST_F(WordPieceTest, WordsBeyondTheLimitAreUnknown) {
  EXPECT_EQ(Encode(std::string(101, 'a')), (Ids{100}));
  EXPECT_NE(Encode(std::string(100, 'a')), (Ids{100}));
  EXPECT_EQ(Encode("hello " + std::string(1 << 20, 'a') + " world"), (Ids{7592, 100, 2088}));
}

TEST_F(WordPieceTest, SpaceAndControlCharacters) {
  EXPECT_EQ(Encode(" \t hello\r\n\xC2\xA0\xE3\x80\x80world "), (Ids{7592, 2088}));
  EXPECT_EQ(Encode(std::string_view("he\0ll\x7F\xE2\x80\x8Bo", 10)), (Ids{7592}));
}

TEST_F(WordPieceTest, NothingIsNothing) {
  EXPECT_EQ(Encode(""), Ids{});
  EXPECT_EQ(Encode(" \n"), Ids{});
}

TEST_F(WordPieceTest, SpecialTokensInATextAreText) {
  EXPECT_EQ(Encode("[SEP]"), (Ids{1031, 19802, 1033}));
}

TEST_F(WordPieceTest, LongTextsAreCut) {
  std::string text;
  for (int i = 0; i < 1000; ++i) text += "hello ";
  EXPECT_EQ(Encode(text, 256), Ids(254, 7592));
  EXPECT_EQ(Encode("hello world", 3), (Ids{7592}));
  EXPECT_EQ(Encode("embeddings", 4), (Ids{7861, 8270}));
  EXPECT_EQ(Encode("hello", 2), Ids{});
}

TEST_F(WordPieceTest, BytesThatAreNoUtf8AreDropped) {
  EXPECT_EQ(Encode("he\xFFllo wo\xC3rld\xE6\x9D"), (Ids{7592, 2088}));
}

TEST_F(WordPieceTest, TakesAnyBytes) {
  const uint64_t seed = std::random_device()();
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  std::mt19937_64 random(seed);
  for (int i = 0; i < 500; ++i) {
    std::string bytes(random() % 200, '\0');
    for (char& byte : bytes) byte = static_cast<char>(random());
    for (const int64_t id : Encode(bytes, 64)) EXPECT_LE(id, tokenizer_->largest_id());
  }
}

constexpr std::string_view kTiny = R"({
  "normalizer": {"type": "BertNormalizer", "lowercase": false, "strip_accents": null},
  "pre_tokenizer": {"type": "BertPreTokenizer"},
  "model": {"type": "WordPiece", "unk_token": "[UNK]",
            "vocab": {"[UNK]": 0, "[CLS]": 1, "[SEP]": 2, "A": 3, "caf\u00e9": 4}}})";

std::string Tiny(const std::string& change, const std::string& into) {
  std::string json(kTiny);
  return json.replace(json.find(change), change.size(), into);
}

TEST(WordPieceParseTest, ReadsTheRules) {
  const absl::StatusOr<WordPiece> cased = WordPiece::Parse(kTiny);
  ASSERT_TRUE(cased.ok()) << cased.status();
  EXPECT_EQ(cased->Encode("A a caf\xC3\xA9", 9), (Ids{1, 3, 0, 4, 2}));
  EXPECT_EQ(cased->largest_id(), 4);
}

TEST(WordPieceParseTest, RefusesOtherFiles) {
  for (const auto& [json, says] : std::vector<std::pair<std::string, std::string>>{
           {"", "not JSON"},
           {"[]", "model.type"},
           {Tiny("WordPiece", "BPE"), "model.type"},
           {Tiny("BertNormalizer", "NFC"), "normalizer.type"},
           {Tiny("BertPreTokenizer", "Whitespace"), "pre_tokenizer.type"},
           {Tiny("vocab", "words"), "model.vocab is missing"},
           {Tiny("[SEP]", "[END]"), "lacks [SEP]"},
           {Tiny("\"A\": 3", "\"A\": -3"), "no token number"},
           {Tiny("\"A\": 3", "\"A\": 3000000000"), "no token number"}}) {
    const absl::Status status = WordPiece::Parse(json).status();
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << json;
    EXPECT_THAT(std::string(status.message()), HasSubstr(says));
  }
}

}  // namespace
}  // namespace semcached
