// Labelled pairs that are made up: the test says what their labels depend on.
#ifndef SEMCACHED_TESTS_VERIFY_MADE_PAIRS_H_
#define SEMCACHED_TESTS_VERIFY_MADE_PAIRS_H_

#include <absl/strings/str_cat.h>

#include <cmath>
#include <random>
#include <string>
#include <vector>

#include "semcached/verify/train.h"
#include "support/vectors.h"

namespace semcached {

enum class Truth {
  kWords,  // duplicates end with the same word
  kNoise,  // nothing
};

// Pairs of texts of their own, whose vectors have a similarity between 0.7 and 1, whatever the
// label.
inline std::vector<VerifyPair> MakePairs(size_t count, Truth truth, uint64_t seed,
                                         size_t dimension = 16) {
  std::mt19937_64 random(seed);
  std::vector<VerifyPair> pairs;
  for (size_t i = 0; i < count; ++i) {
    VerifyPair pair;
    pair.duplicate = random() % 2 == 0;
    const bool same_word = truth == Truth::kWords ? pair.duplicate : random() % 2 == 0;
    const std::string stem = absl::StrCat("how do I set item", i, " to");
    pair.text_a = absl::StrCat(stem, " green");
    pair.text_b = absl::StrCat(stem, same_word ? " green" : " purple", " please");
    const double similarity = 0.7 + 0.3 * static_cast<double>(random() % 1000) / 1000;
    pair.vector_a = RandomUnit(random, dimension);
    // Another direction, less its part along the first, makes the rest.
    pair.vector_b = RandomUnit(random, dimension);
    double along = 0;
    for (size_t k = 0; k < dimension; ++k) along += pair.vector_a[k] * pair.vector_b[k];
    double square = 0;
    for (size_t k = 0; k < dimension; ++k) {
      pair.vector_b[k] -= static_cast<float>(along) * pair.vector_a[k];
      square += pair.vector_b[k] * pair.vector_b[k];
    }
    const double rest = std::sqrt((1 - similarity * similarity) / square);
    for (size_t k = 0; k < dimension; ++k) {
      pair.vector_b[k] =
          static_cast<float>(similarity * pair.vector_a[k] + rest * pair.vector_b[k]);
    }
    pairs.push_back(std::move(pair));
  }
  return pairs;
}

inline TrainOptions MadeOptions(uint64_t seed = 1) {
  TrainOptions options;
  options.category = "made";
  options.identity = "made@1/16";
  options.seed = seed;
  options.epochs = 8;
  options.networks = 2;
  options.bootstrap_samples = 200;
  return options;
}

}  // namespace semcached

#endif  // SEMCACHED_TESTS_VERIFY_MADE_PAIRS_H_
