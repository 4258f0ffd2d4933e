#include "verify/words.h"

#include <absl/container/inlined_vector.h>
#include <absl/strings/ascii.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>

namespace semcached::verify {
namespace {

constexpr size_t kMaxBytes = 2048;
constexpr size_t kMaxWords = 128;
constexpr size_t kLong = 5;
constexpr size_t kStem = 4;

constexpr std::string_view kQuestions[] = {"what",  "which", "who", "whom",  "whose",  "when",
                                           "where", "why",   "how", "is",    "are",    "do",
                                           "does",  "did",   "can", "could", "should", "will"};
constexpr std::string_view kNegations[] = {"not",   "no",     "never", "without", "cannot", "cant",
                                           "dont",  "doesnt", "isnt",  "arent",   "didnt",  "wont",
                                           "wasnt", "nor",    "none",  "nobody",  "nothing"};

using Hashes = absl::InlinedVector<uint32_t, 64>;

uint32_t Hash(std::string_view bytes) {
  uint64_t hash = 0xcbf29ce484222325;
  for (const char byte : bytes) hash = (hash ^ static_cast<unsigned char>(byte)) * 0x100000001b3;
  return static_cast<uint32_t>(hash ^ (hash >> 32));
}

struct Word {
  uint32_t hash = 0;
  uint32_t stem = 0;  // of the first letters of a long word; else the hash
  uint32_t size = 0;
  bool capital = false;  // and not the first word of a sentence
  bool number = false;
  bool question = false;
  bool negation = false;
  bool matched = false;
};

bool IsOneOf(std::string_view word, const auto& list) {
  return std::find(std::begin(list), std::end(list), word) != std::end(list);
}

bool IsWordByte(unsigned char c) { return c >= 0x80 || absl::ascii_isalnum(c); }

class Words {
 public:
  explicit Words(std::string_view text) {
    text = text.substr(0, kMaxBytes);
    std::string word;
    bool capital = false;
    bool sentence_begins = true;
    for (size_t i = 0; i <= text.size(); ++i) {
      const auto c = static_cast<unsigned char>(i < text.size() ? text[i] : ' ');
      if (IsWordByte(c)) {
        if (word.empty()) capital = absl::ascii_isupper(c) && !sentence_begins;
        word.push_back(absl::ascii_tolower(c));
        continue;
      }
      // An apostrophe within a word is left out, a point or comma within a number is not.
      const bool within = !word.empty() && i + 1 < text.size() &&
                          IsWordByte(static_cast<unsigned char>(text[i + 1]));
      if (within && c == '\'') continue;
      if (within && (c == '.' || c == ',') && absl::ascii_isdigit(word.back()) &&
          absl::ascii_isdigit(text[i + 1])) {
        if (c == '.') word.push_back('.');
        continue;
      }
      if (!word.empty()) {
        if (words_.size() < kMaxWords) Add(word, capital);
        sentence_begins = false;
        word.clear();
      }
      if (c == '.' || c == '?' || c == '!') sentence_begins = true;
    }
  }

  size_t size() const { return words_.size(); }
  Word& operator[](size_t i) { return words_[i]; }
  const Word& operator[](size_t i) const { return words_[i]; }
  auto begin() const { return words_.begin(); }
  auto end() const { return words_.end(); }
  auto begin() { return words_.begin(); }
  auto end() { return words_.end(); }
  Hashes& trigrams() { return trigrams_; }

 private:
  void Add(const std::string& word, bool capital) {
    Word made;
    made.hash = Hash(word);
    made.size = static_cast<uint32_t>(word.size());
    made.stem = word.size() > kStem ? Hash(std::string_view(word).substr(0, kStem)) : made.hash;
    made.capital = capital;
    made.number = absl::ascii_isdigit(word.front());
    made.question = IsOneOf(word, kQuestions);
    made.negation = IsOneOf(word, kNegations);
    words_.push_back(made);
    const std::string framed = "^" + word + "$";
    for (size_t i = 0; i + 3 <= framed.size(); ++i) {
      trigrams_.push_back(Hash(std::string_view(framed).substr(i, 3)));
    }
  }

  absl::InlinedVector<Word, 32> words_;
  Hashes trigrams_;
};

void MakeSet(Hashes& hashes) {
  std::sort(hashes.begin(), hashes.end());
  hashes.erase(std::unique(hashes.begin(), hashes.end()), hashes.end());
}

// Of both, of all; 1 if there are none.
float Overlap(Hashes a, Hashes b) {
  MakeSet(a);
  MakeSet(b);
  size_t both = 0;
  for (size_t i = 0, j = 0; i < a.size() && j < b.size();) {
    if (a[i] == b[j]) ++both;
    const bool next_a = a[i] <= b[j];
    const bool next_b = b[j] <= a[i];
    i += next_a ? 1 : 0;
    j += next_b ? 1 : 0;
  }
  const size_t all = a.size() + b.size() - both;
  return all == 0 ? 1 : static_cast<float>(both) / static_cast<float>(all);
}

Hashes Select(const Words& words, const auto& wanted) {
  Hashes hashes;
  for (const Word& word : words) {
    if (wanted(word)) hashes.push_back(word.hash);
  }
  return hashes;
}

Hashes Neighbours(const Words& words) {
  Hashes hashes;
  for (size_t i = 0; i + 1 < words.size(); ++i) {
    hashes.push_back(words[i].hash * 0x9e3779b1 + words[i + 1].hash);
  }
  return hashes;
}

// Marks each word of `a` that `b` holds.
void Match(Words& a, const Words& b) {
  Hashes there = Select(b, [](const Word&) { return true; });
  std::sort(there.begin(), there.end());
  for (Word& word : a) word.matched = std::binary_search(there.begin(), there.end(), word.hash);
}

size_t LongestCommonOrder(const Words& a, const Words& b) {
  std::array<uint16_t, kMaxWords + 1> row = {};
  for (const Word& word : a) {
    uint16_t diagonal = 0;
    for (size_t j = 0; j < b.size(); ++j) {
      const uint16_t above = row[j + 1];
      row[j + 1] =
          word.hash == b[j].hash ? static_cast<uint16_t>(diagonal + 1) : std::max(above, row[j]);
      diagonal = above;
    }
  }
  return row[b.size()];
}

struct Unmatched {
  float words = 0;
  float letters = 0;
  float names = 0;
  float longer = 0;
  float near = 0;
};

Unmatched CountUnmatched(const Words& a, const Words& b) {
  Unmatched count;
  for (const Word& word : a) {
    if (word.matched) continue;
    ++count.words;
    count.letters += static_cast<float>(word.size);
    count.names += word.capital ? 1 : 0;
    count.longer += word.size >= kLong ? 1 : 0;
    const bool near = std::any_of(b.begin(), b.end(), [&](const Word& other) {
      return !other.matched && other.stem == word.stem;
    });
    count.near += near ? 1 : 0;
  }
  return count;
}

float Letters(const Words& words) {
  size_t letters = 0;
  for (const Word& word : words) letters += word.size;
  return static_cast<float>(letters);
}

uint32_t FirstQuestion(const Words& words) {
  for (const Word& word : words) {
    if (word.question) return word.hash;
  }
  return 0;
}

bool AnyNegation(const Words& words) {
  return std::any_of(words.begin(), words.end(), [](const Word& word) { return word.negation; });
}

float Flag(bool flag) { return flag ? 1.0F : 0.0F; }
float Share(float part, float whole) { return whole > 0 ? part / whole : 0; }

}  // namespace

WordFeatures CompareWords(std::string_view text_a, std::string_view text_b) {
  Words a(text_a);
  Words b(text_b);
  Match(a, b);
  Match(b, a);
  const Unmatched only_a = CountUnmatched(a, b);
  const Unmatched only_b = CountUnmatched(b, a);
  const auto size_a = static_cast<float>(a.size());
  const auto size_b = static_cast<float>(b.size());
  const float shorter = std::min(size_a, size_b);
  const float longer = std::max(size_a, size_b);
  const size_t least = std::min(a.size(), b.size());
  size_t beginning = 0;
  while (beginning < least && a[beginning].hash == b[beginning].hash) ++beginning;
  size_t ending = 0;
  while (ending < least && a[a.size() - 1 - ending].hash == b[b.size() - 1 - ending].hash) ++ending;
  const auto any = [](const Word&) { return true; };
  const auto is_long = [](const Word& word) { return word.size >= kLong; };
  const auto is_number = [](const Word& word) { return word.number; };
  const float letters = Letters(a) + Letters(b);
  const float unmatched_a = Share(only_a.words, size_a);
  const float unmatched_b = Share(only_b.words, size_b);

  WordFeatures features = {};
  features[kWordOverlap] = Overlap(Select(a, any), Select(b, any));
  features[kLongWordOverlap] = Overlap(Select(a, is_long), Select(b, is_long));
  features[kLetterOverlap] = 1 - Share(only_a.letters + only_b.letters, letters);
  features[kPairOverlap] = Overlap(Neighbours(a), Neighbours(b));
  features[kTrigramOverlap] = Overlap(a.trigrams(), b.trigrams());
  features[kOrder] = Share(static_cast<float>(LongestCommonOrder(a, b)), longer);
  features[kLengthRatio] = longer > 0 ? shorter / longer : 1;
  features[kLeastUnmatched] = std::min(unmatched_a, unmatched_b);
  features[kMostUnmatched] = std::max(unmatched_a, unmatched_b);
  features[kUnmatchedWords] = std::log1p(only_a.words + only_b.words);
  features[kNearlyMatched] = Share(only_a.near + only_b.near, only_a.words + only_b.words);
  features[kSameFirstWord] = Flag(beginning > 0);
  features[kSameLastWord] = Flag(ending > 0);
  features[kSameBeginning] = Share(static_cast<float>(beginning), shorter);
  features[kSameEnd] = Share(static_cast<float>(ending), shorter);
  features[kQuestionDiffers] = Flag(FirstQuestion(a) != FirstQuestion(b));
  features[kNumbersDiffer] = Flag(Overlap(Select(a, is_number), Select(b, is_number)) < 1);
  features[kNegationDiffers] = Flag(AnyNegation(a) != AnyNegation(b));
  features[kUnmatchedNames] = std::log1p(only_a.names + only_b.names);
  features[kUnmatchedLong] = std::log1p(only_a.longer + only_b.longer);
  features[kWords] = std::log1p(shorter);
  for (const Words* words : {&a, &b}) {
    for (const Word& word : *words) {
      if (!word.matched) ++features[kFirstBucket + word.hash % kWordBuckets];
    }
  }
  return features;
}

}  // namespace semcached::verify
