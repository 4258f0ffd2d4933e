// What the guards need of a text, without the text.
//
// The words that the guards know by themselves stay (grammar, common words, names of the kinds they
// tell apart, units), and so do numbers, punctuation, quotation marks and the order of all. Every
// other word becomes a pseudonym by a keyed hash, with capitals, prefixes and endings like its own:
//
//   How do I untether Zorblax 7 from MyApp::connect()?
//   How do I un<of "tether"> Z<of "zorblax"> 7 from <M of "myapp">::connect()?
//
// Digits of an account rather than of an amount are replaced too: seven and more in a row, five and
// more beside letters, groups of nine and more in all; unless there is a unit, a point or a comma.
//
// Two redacted texts are compared by the same guards. They find what they find in the texts, but
// for the slips, synonyms and spellings of words they do not know, which they take for others.
#ifndef SEMCACHED_GUARD_REDACTION_H_
#define SEMCACHED_GUARD_REDACTION_H_

#include <string>
#include <string_view>

#include "semcached/base/hash.h"
#include "semcached/guard/guard.h"

namespace semcached {

// `text` is valid UTF-8. The same text and key give the same; texts redacted by two keys share no
// pseudonym.
std::string RedactForGuards(std::string_view text, const HashKey& key);

// The refusal of a redacted text as people may read it: a reason that shows pseudonyms is cut to
// what it is about ("names differ").
void HidePseudonyms(GuardRefusal* refusal);

}  // namespace semcached

#endif  // SEMCACHED_GUARD_REDACTION_H_
