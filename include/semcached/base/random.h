// Randomness, as a parameter.
#ifndef SEMCACHED_BASE_RANDOM_H_
#define SEMCACHED_BASE_RANDOM_H_

#include <cstdint>

namespace semcached {

// Thread-safe.
class Random {
 public:
  virtual ~Random() = default;

  // 64 uniform bits. SystemRandom()'s cannot be guessed from earlier ones.
  virtual uint64_t Next() = 0;
};

// The operating system's generator. Never destroyed.
Random& SystemRandom();

}  // namespace semcached

#endif  // SEMCACHED_BASE_RANDOM_H_
