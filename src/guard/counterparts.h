// Which words of one text have a counterpart in the other.
#ifndef SEMCACHED_GUARD_COUNTERPARTS_H_
#define SEMCACHED_GUARD_COUNTERPARTS_H_

#include <absl/container/inlined_vector.h>

#include "guard/prepared.h"

namespace semcached::guard {

using Lone = absl::InlinedVector<const Word*, 8>;

// The words without a counterpart; fillers left out. A counterpart has the same stem, means the
// same by the table of synonyms, differs by a slip of the keyboard or a suffix, is written as one
// word or with its initials.
struct Counterparts {
  Lone lone_a;
  Lone lone_b;
  // So many that the texts are different altogether, and words say nothing one by one; the lists
  // are cut short.
  bool too_many = false;
  size_t matched_a = 0;  // words with a counterpart
  size_t matched_b = 0;
  const Prepared* a = nullptr;
  const Prepared* b = nullptr;

  // True if two lone words stand in each other's place: the words to their left, or to their right,
  // are counterparts, and those on the other side are no others.
  bool SamePlace(const Word& in_a, const Word& in_b) const {
    return SamePlace(in_a, in_a, in_b, in_b);
  }
  // So for several words side by side, given by the first and the last.
  bool SamePlace(const Word& first_a, const Word& last_a, const Word& first_b,
                 const Word& last_b) const;
};

Counterparts FindCounterparts(const Prepared& a, const Prepared& b);

// Whether both words have their id or a group of synonyms in common: what MeanTheSame() asks of the
// few that may.
bool ShareMeaning(const Word& a, const Word& b);

// True if the words are the same, but for their form or a synonym.
inline bool MeanTheSame(const Word& a, const Word& b) {
  return (a.senses & b.senses) != 0 && ShareMeaning(a, b);
}

}  // namespace semcached::guard

#endif  // SEMCACHED_GUARD_COUNTERPARTS_H_
