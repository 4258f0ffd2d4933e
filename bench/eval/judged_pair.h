// What a server made of a labelled pair: all that sweeps and guards are computed from.
#ifndef SEMCACHED_BENCH_EVAL_JUDGED_PAIR_H_
#define SEMCACHED_BENCH_EVAL_JUDGED_PAIR_H_

#include <cstdint>
#include <string>
#include <vector>

#include "eval/labelled_pairs.h"
#include "semcached/base/types.h"

namespace semcached::eval {

// Guards as bits, so that any set of them can be tried on what one run has seen.
using GuardSet = uint32_t;
constexpr GuardSet Bit(GuardKind guard) { return GuardSet{1} << static_cast<unsigned>(guard); }

// Of the names as policies write them; what is no guard's name is left out.
GuardSet GuardsOf(const std::vector<std::string>& names);

struct JudgedPair {
  LabelledPair pair;
  std::string kind;      // of a near-opposite; else empty
  std::string category;  // where text_a was stored; asked for: the same
  Half half = Half::kReport;

  std::string scope;        // the namespace that holds text_a alone
  bool bypassed = false;    // the category is never cached
  bool exact = false;       // the texts are equal but for outer white space
  double similarity = -1;   // of the two texts; -1: not comparable
  GuardSet refused_by = 0;  // guards that turn the pair down, each asked alone
  double threshold = 1;     // shipped, of the category
  GuardSet guards = 0;      // shipped, of the category
  bool served = false;      // under the shipped policy, asked for real

  // Whether text_b is answered with the answer of text_a.
  bool IsServedAt(double at, GuardSet active) const {
    return exact || (similarity >= at && (refused_by & active) == 0);
  }
};

}  // namespace semcached::eval

#endif  // SEMCACHED_BENCH_EVAL_JUDGED_PAIR_H_
