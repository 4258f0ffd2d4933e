// What the guards know about single words and phrases.
#ifndef SEMCACHED_GUARD_LEXICON_H_
#define SEMCACHED_GUARD_LEXICON_H_

#include <absl/container/inlined_vector.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace semcached::guard {

// A word by its stem: "running" and "runs" have one. Of a phrase, all its words.
using WordId = uint64_t;

WordId IdOf(std::string_view word);
WordId JoinIds(WordId first, WordId second);

// What words of one id have in common: "run".
std::string StemOf(std::string_view word);

// One member of one kind of things ("france" of countries).
struct Membership {
  uint16_t kind;
  uint16_t member;
};

struct WordInfo {
  bool filler = false;                        // grammar or politeness
  bool number = false;                        // a number word or a unit
  bool common = false;                        // frequent: its exchange is weak evidence
  bool starts_phrase = false;                 // a phrase may begin with it
  absl::InlinedVector<uint16_t, 4> meanings;  // groups of synonyms
  absl::InlinedVector<Membership, 2> kinds;
  uint64_t senses = 0;  // a bit for each of `meanings`; two of them may share one
};

// nullptr: not known. Lives for ever; any thread.
const WordInfo* FindWord(WordId id);

}  // namespace semcached::guard

#endif  // SEMCACHED_GUARD_LEXICON_H_
