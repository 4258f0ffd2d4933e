// What two texts share, in numbers.
#ifndef SEMCACHED_SRC_VERIFY_WORDS_H_
#define SEMCACHED_SRC_VERIFY_WORDS_H_

#include <array>
#include <cstddef>
#include <string_view>

namespace semcached::verify {

enum WordFeature : size_t {
  kWordOverlap,      // words of both, of all: distinct ones
  kLongWordOverlap,  // of words of five letters or more, for want of knowing which are rare
  kLetterOverlap,    // weighted by the length of the words
  kPairOverlap,      // of neighbouring words
  kTrigramOverlap,   // of runs of three letters
  kOrder,            // words of both in the same order, of the longer text's
  kLengthRatio,      // in words, the shorter's of the longer's
  kLeastUnmatched,   // share of a side's words that the other lacks, the lesser of the sides
  kMostUnmatched,    // and the greater
  kUnmatchedWords,   // how many of both sides; logarithm
  kNearlyMatched,    // share of those that have a word of the same stem on the other side
  kSameFirstWord,    // 0 or 1
  kSameLastWord,     // 0 or 1
  kSameBeginning,    // words until the first difference, of the shorter text's
  kSameEnd,          // ditto from the end
  kQuestionDiffers,  // 0 or 1: what, who, how many ...
  kNumbersDiffer,    // 0 or 1
  kNegationDiffers,  // 0 or 1
  kUnmatchedNames,   // capitalised words that the other side lacks; logarithm
  kUnmatchedLong,    // words of five letters or more that the other side lacks; logarithm
  kWords,            // of the shorter text; logarithm
  kFirstBucket,      // and on: how many unmatched words have a hash that falls here
};

inline constexpr size_t kWordBuckets = 512;
inline constexpr size_t kUnscaledWordFeatures = kFirstBucket;
inline constexpr size_t kWordFeatures = kFirstBucket + kWordBuckets;

using WordFeatures = std::array<float, kWordFeatures>;

// The same for (b, a). Words are runs of ASCII letters and digits and of anything beyond ASCII,
// without case; of a text the first 2,048 bytes and 128 words count. Any bytes will do.
WordFeatures CompareWords(std::string_view a, std::string_view b);

}  // namespace semcached::verify

#endif  // SEMCACHED_SRC_VERIFY_WORDS_H_
