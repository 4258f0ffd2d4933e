#include "semcached/guard/redaction.h"

#include <gtest/gtest.h>

#include <array>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "guard/known_words.h"
#include "guard/lexicon.h"
#include "guard/prepared.h"
#include "guard/pseudonym.h"
#include "guard/text.h"
#include "guard/units.h"
#include "support/source_file.h"

namespace semcached {
namespace {

constexpr HashKey kKey = {1, 2, 3};

std::string Redact(std::string_view text) { return RedactForGuards(text, kKey); }

bool Holds(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

// --- what stays, what goes ---

TEST(RedactionTest, WhatTheGuardsKnowStaysAsItIsWritten) {
  for (const char* text :
       {"How do I turn off dark mode in Python 3.11?", "is it $5 or 3.5 km/h, at most 10%?",
        "was Napoleon born in New York on 1769-08-15", "what does \"\\d\" mean in a (x+y)*2",
        "wie schließe ich kein Fenster", "isn't group b the second largest?"}) {
    const std::string redacted = Redact(text);
    for (const char* kept : {"turn off dark", "3.11", "$5 or 3.5 km/h", "10%", "New York",
                             "1769-08-15", "\"\\d\"", "(x+y)*2", "kein", "isn't group b"}) {
      EXPECT_TRUE(!Holds(text, kept) || Holds(redacted, kept)) << redacted;
    }
  }
}

TEST(RedactionTest, TheWritersOwnWordsAreGone) {
  const std::string redacted = Redact(
      "Does Dr. Kowalczyk prescribe ZORBLAXIN to grüezi@flurbly.example, Vandergelt's unflurbed "
      "account or FlurbFactory::dezorbify() of 雨雪風?");
  for (const char* word : {"owalcz", "KOWALC", "orblax", "ORBLAX", "rüez", "flurb", "Flurb",
                           "andergelt", "zorbif", "雨", "雪"}) {
    EXPECT_FALSE(Holds(redacted, word)) << word << " in " << redacted;
  }
  for (const char* sign : {". ", "@", "'s ", "::", "()", " un", "account", "?"}) {
    EXPECT_TRUE(Holds(redacted, sign)) << sign << " in " << redacted;
  }
}

// A unit behind the next number made an amount of the card's.
TEST(RedactionTest, AnAccountBeforeAnAmountIsGone) {
  for (const char* joint : {" to ", " or ", " - ", " and "}) {
    const std::string redacted =
        Redact(std::string("limit of card 4111111111111111") + joint + "5000 dollars");
    EXPECT_FALSE(Holds(redacted, "4111111111111111")) << redacted;
    EXPECT_TRUE(Holds(redacted, "5000 dollars")) << redacted;
  }
}

TEST(RedactionTest, DigitsOfAnAccountAreGoneAndAmountsStay) {
  for (const char* text : {"my account 12345678 is locked", "card 4111 1111 1111 1111",
                           "call 555-123-4567 today", "passport AB12345", "error 0x80070057"}) {
    const std::string redacted = Redact(text);
    for (const char* digits : {"12345", "4111", "1111", "555", "4567", "80070057"}) {
      EXPECT_FALSE(Holds(redacted, digits)) << redacted;
    }
  }
  for (const char* text : {"$1500000 a year", "10000000 bytes", "3.14159265", "1,234,567 people",
                           "2024-05-17 10:30", "iphone 4090", "192.168.100.200"}) {
    EXPECT_EQ(Redact(text).substr(0, 4), std::string(text).substr(0, 4)) << Redact(text);
    EXPECT_FALSE(guard::HasPseudonym(Redact(text))) << Redact(text);
  }
}

TEST(RedactionTest, TheShapeThatGuardsLookAtStays) {
  const std::string capital = Redact("ask Zorblax");
  EXPECT_EQ(capital.substr(0, 5), "ask Z");
  EXPECT_EQ(capital[5], guard::PseudonymOf("zorblax", "zorblax", kKey)[1]);
  const std::string camel = Redact("getZorblaxFlurb");
  EXPECT_NE(camel, Redact("getzorblaxflurb"));
  EXPECT_NE(camel, Redact("getZorblaxflurB"));
  EXPECT_TRUE(Holds(Redact("call foozle_barzle(1)"), "_"));
}

TEST(RedactionTest, EmptyAndOddTextsAreRead) {
  EXPECT_EQ(Redact(""), "");
  EXPECT_EQ(Redact("  \t\n "), "");
  EXPECT_EQ(Redact("\n how  to "), "how to");
  EXPECT_EQ(Redact("\u2018how\u2019 \u00BD"), "'how' 1/2");
}

TEST(RedactionTest, TwoKeysShareNothing) {
  EXPECT_EQ(Redact("zorblax"), Redact("zorblax"));
  EXPECT_NE(Redact("zorblax"), RedactForGuards("zorblax", HashKey{7}));
  EXPECT_NE(Redact("12345678"), RedactForGuards("12345678", HashKey{7}));
}

// --- pseudonyms ---

// Words that nobody knows, of all lengths and with all endings.
std::vector<std::string> MadeUpWords() {
  std::vector<std::string> words;
  for (const char* start : {"zob", "flurb", "gleepor", "crumfid", "vlogg", "unsnark", "hyperglim",
                            "preflurb", "snizzle", "brotty", "mattress", "aquelz"}) {
    for (const char* end :
         {"",      "s",   "es",  "ed",   "ing", "ly", "e",   "er",  "est",  "able",
          "ation", "ate", "ful", "less", "'s",  "y",  "ies", "ity", "ness", "ous"}) {
      words.push_back(std::string(start) + end);
    }
  }
  return words;
}

TEST(PseudonymTest, NoGuardTakesOneForAnythingElse) {
  for (int i = 0; i < 20'000; ++i) {
    const std::string word = "zo" + std::to_string(i);
    const std::string name = guard::PseudonymOf(word, word, kKey);
    ASSERT_EQ(name.size(), guard::kPseudonymCore);
    ASSERT_FALSE(guard::IsKnownWord(name)) << name;
    ASSERT_EQ(guard::StemOf(name), name);
    const guard::Prepared text(name);
    ASSERT_TRUE(text.numbers.empty() && text.opposable.sides.empty() && text.foci == 0) << name;
    ASSERT_EQ(text.words.size(), 1U);
    ASSERT_TRUE(text.words[0].rare() && !text.words[0].capital) << name;
  }
}

TEST(PseudonymTest, OneStemIsOnePseudonymsStemAndTheOtherWayRound) {
  std::map<guard::WordId, std::set<guard::WordId>> ids;
  std::map<guard::WordId, std::string> words;
  std::set<guard::WordId> all;
  for (const std::string& word : MadeUpWords()) {
    const guard::WordId id = guard::IdOf(guard::PseudonymOf(word, word, kKey));
    ids[guard::IdOf(word)].insert(id);
    words[guard::IdOf(word)] += word + " ";
    all.insert(id);
  }
  for (const auto& [id, pseudonyms] : ids) EXPECT_EQ(pseudonyms.size(), 1U) << words[id];
  EXPECT_EQ(all.size(), ids.size());
}

TEST(PseudonymTest, DigitsBecomeOtherDigits) {
  const std::string digits = guard::DigitsFor("12345678", kKey);
  EXPECT_EQ(digits.size(), 15U);
  EXPECT_NE(digits, guard::DigitsFor("12345679", kKey));
  EXPECT_TRUE(guard::HasPseudonym("numbers differ: " + digits));
  EXPECT_FALSE(guard::HasPseudonym("numbers differ: 12345 against 2 strengths"));
}

// --- reasons ---

TEST(RedactionTest, AReasonShowsNoPseudonym) {
  const auto shown = [](GuardKind guard, std::string_view a, std::string_view b) -> std::string {
    const std::string left = Redact(a);
    const std::string right = Redact(b);
    auto refusal = CheckGuards({&guard, 1}, left, right);
    if (!refusal.has_value()) return "passed";
    HidePseudonyms(&*refusal);
    return refusal->reason;
  };
  EXPECT_EQ(shown(GuardKind::kNumbers, "3 zorblaxes", "5 zorblaxes"),
            "numbers differ: 3 against 5");
  EXPECT_EQ(shown(GuardKind::kNumbers, "account 12345678", "account 12345679"), "numbers differ");
  EXPECT_EQ(shown(GuardKind::kNegation, "enable zorblax", "disable zorblax"),
            "opposites: enable against disable");
  EXPECT_EQ(shown(GuardKind::kNegation, "my flurbed pan", "my unflurbed pan"), "opposites");
  EXPECT_EQ(shown(GuardKind::kEntities, "the zorblax of spain", "the flurb of spain"),
            "names differ");
  EXPECT_EQ(shown(GuardKind::kIdentifiers, "call flurb_zob", "call flurb_gleep"),
            "identifiers differ");
  EXPECT_EQ(
      shown(GuardKind::kRoles, "did Zorblax beat Flurbington", "did Flurbington beat Zorblax"),
      "roles are swapped");
}

// --- the pairs of the tree ---

struct Counts {
  size_t pairs = 0;
  size_t refused = 0;      // with the words
  size_t let_through = 0;  // of them, without the words
  size_t more = 0;         // refused without the words only
  std::string which;
};

using PairCounts = std::array<Counts, 2>;  // by label

void Count(std::string_view a, std::string_view b, Counts* counts) {
  const std::string left = Redact(a);
  const std::string right = Redact(b);
  for (const GuardKind guard : kAllGuards) {
    ++counts->pairs;
    const bool with = CheckGuards({&guard, 1}, a, b).has_value();
    const bool without = CheckGuards({&guard, 1}, left, right).has_value();
    counts->refused += with ? 1 : 0;
    counts->let_through += with && !without ? 1 : 0;
    counts->more += without && !with ? 1 : 0;
    if (with != without) counts->which.append(a).append(" | ").append(b).append("\n");
  }
}

std::vector<std::vector<std::string>> ReadRows(const std::string& file) {
  std::ifstream input(SourceFile(file));
  std::vector<std::vector<std::string>> rows;
  std::string line;
  std::getline(input, line);
  while (std::getline(input, line)) {
    std::stringstream fields(line);
    std::vector<std::string>& row = rows.emplace_back();
    for (std::string field; std::getline(fields, field, '\t');) row.push_back(field);
  }
  return rows;
}

TEST(RedactedPairsTest, WhatIsRefusedWithTheWordsIsRefusedWithoutThem) {
  PairCounts counts;
  for (const auto& row : ReadRows("tests/guard/pairs.tsv")) {
    Count(row[2], row[3], &counts[row[1] == "1" ? 1 : 0]);
  }
  for (const auto& row : ReadRows("bench/eval/near_opposites.tsv")) {
    Count(row[2], row[3], &counts[0]);
    Count(row[2], row[4], &counts[1]);
  }
  EXPECT_GT(counts[0].refused, 700U);
  EXPECT_EQ(counts[0].let_through, 0U) << counts[0].which;
  // "mould" is no spelling of "mold" without the letters, and then the roles are not compared.
  EXPECT_LE(counts[1].let_through, 1U) << counts[1].which;
  EXPECT_LE(counts[1].more, 10U) << counts[1].which;
}

TEST(RedactedPairsTest, NoWordIsKeptThatIsNotPublic) {
  std::vector<std::string> texts;
  for (const auto& row : ReadRows("bench/eval/near_opposites.tsv")) {
    texts.insert(texts.end(), {row[2], row[3], row[4]});
  }
  size_t pseudonyms = 0;
  for (const std::string& text : texts) {
    const std::string redacted = Redact(text);
    const guard::Prepared prepared(redacted);
    std::set<uint32_t> of_phrases;  // tokens
    for (const guard::Word& word : prepared.words) {
      const size_t tokens = guard::Text(word.text).tokens().size();
      for (uint32_t i = 0; i < tokens; ++i) of_phrases.insert(word.token + i);
      if (tokens == 1) of_phrases.erase(word.token);
    }
    const auto& tokens = prepared.text.tokens();
    for (uint32_t i = 0; i < tokens.size(); ++i) {
      const std::string_view word = tokens[i].text;
      if (tokens[i].kind != guard::TokenKind::kWord || word.size() == 1) continue;
      if (of_phrases.contains(i) || guard::IsKnownWord(word)) continue;
      // Around the core of a pseudonym only beginnings and endings are left.
      if (guard::HasPseudonym(word)) {
        ++pseudonyms;
        EXPECT_LE(word.size(), guard::kPseudonymCore + 14) << word;
        continue;
      }
      // "unbake": a public beginning and a public word.
      bool built = false;
      for (size_t size = 1; size < word.size(); ++size) {
        built = built || guard::IsKnownWord(word.substr(size));
      }
      EXPECT_TRUE(built) << word << " of " << text;
    }
  }
  EXPECT_GT(pseudonyms, 500U);
}

}  // namespace
}  // namespace semcached
