// What the guards compare: a text, read once.
#ifndef SEMCACHED_GUARD_PREPARED_H_
#define SEMCACHED_GUARD_PREPARED_H_

#include <string_view>
#include <vector>

#include "guard/denials.h"
#include "guard/focus.h"
#include "guard/lexicon.h"
#include "guard/number_reader.h"
#include "guard/opposed.h"
#include "guard/text.h"

namespace semcached::guard {

// A word of the text, a phrase of the lexicon, or digits.
struct Word {
  std::string_view text;
  WordId id = 0;
  const WordInfo* info = nullptr;  // nullptr: not in the lexicon
  uint64_t senses = 0;             // bits; words without a common one mean different things
  uint32_t token = 0;              // its first in the Text
  bool filler = false;             // nothing rests on it
  bool number = false;             // digits, a number word or a unit: not compared as a word
  bool capital = false;            // written with a capital, where not every word is
  bool quoted = false;

  // A name or a term, as far as we know.
  bool rare() const {
    return info == nullptr || (!filler && !info->common && info->meanings.empty());
  }
};

using Words = std::vector<Word>;

// Whether one of them is written so.
bool HasWord(const Words& words, std::string_view text);

struct Prepared {
  explicit Prepared(std::string_view raw_text);
  Prepared(const Prepared&) = delete;
  Prepared& operator=(const Prepared&) = delete;

  const std::string_view raw;
  const Text text;
  const Denials denials;
  const Numbers numbers;
  const Opposable opposable;
  const Foci foci;
  const Words words;  // in order; letters that touch digits are left out
};

}  // namespace semcached::guard

#endif  // SEMCACHED_GUARD_PREPARED_H_
