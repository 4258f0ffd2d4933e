#include "guard/known_words.h"

#include <gtest/gtest.h>

#include <cctype>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>

#include "support/source_file.h"

namespace semcached::guard {
namespace {

TEST(KnownWordsTest, WhatTheTablesHoldIsKnown) {
  for (const char* word : {"how", "the", "running", "repaired", "three", "kilometres", "france",
                           "schließe", "jamás", "viii", "arcsin", "kittens", "n", "tensorflow"}) {
    EXPECT_TRUE(IsKnownWord(word) || std::string(word).size() == 1) << word;
  }
  for (const char* word : {"zorblax", "kowalczyk", "gogh", "untether", "grüezi", ""}) {
    EXPECT_FALSE(IsKnownWord(word)) << word;
  }
}

// Every word that stands in quotes in a file of the room.
std::set<std::string> QuotedWords(const std::filesystem::path& file) {
  std::ifstream input(file);
  std::set<std::string> words;
  for (std::string line; std::getline(input, line);) {
    if (line.starts_with("#include") || line.find("Against(\"") != std::string::npos) continue;
    line = line.substr(0, line.find("//"));
    std::string word;
    bool quoted = false;
    for (const char c : line + " ") {
      const bool letter = std::islower(static_cast<unsigned char>(c)) != 0 || c == '\'';
      if (quoted && letter) {
        word.push_back(c);
        continue;
      }
      if (word.size() > 1 && word.front() != '\'') words.insert(word);
      word.clear();
      if (c == '"') quoted = !quoted;
    }
  }
  return words;
}

// A word that a guard looks for must not be taken for the writer's: the guard would miss it in a
// text that is kept without the writer's words.
TEST(KnownWordsTest, WhatTheCodeAsksForIsKnown) {
  // Endings and parts of words, and what only reasons say.
  const std::set<std::string> parts = {
      "able",  "al",          "ane",   "ant",   "ar",      "arsen",    "ate",    "ble",  "brom",
      "ches",  "chlor",       "chrom", "cyan",  "ed",      "eed",      "ene",    "ent",  "er",
      "est",   "fluor",       "ful",   "hept",  "hex",     "hydr",     "ic",     "ide",  "ied",
      "ies",   "ing",         "iod",   "is",    "ite",     "ive",      "less",   "ly",   "meth",
      "n't",   "nitr",        "oes",   "ous",   "ox",      "pent",     "phosph", "prop", "shes",
      "silic", "ss",          "sses",  "sulf",  "sulph",   "us",       "xes",    "yne",  "zes",
      "glued", "identifiers", "mega",  "milli", "negated", "operators"};
  std::string missing;
  const std::filesystem::path room = SourceFile("src/guard");
  for (const auto& entry : std::filesystem::directory_iterator(room)) {
    if (entry.path().extension() != ".cc" || entry.path().stem() == "pseudonym") continue;
    for (const std::string& word : QuotedWords(entry.path())) {
      if (!IsKnownWord(word) && !parts.contains(word)) missing += word + " ";
    }
  }
  EXPECT_EQ(missing, "") << "put them into src/guard/code_words_data.h";
}

}  // namespace
}  // namespace semcached::guard
