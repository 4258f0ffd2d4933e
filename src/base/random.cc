#include "semcached/base/random.h"

#include <sodium.h>

#include <cstdlib>

namespace semcached {
namespace {

class SodiumRandom final : public Random {
 public:
  SodiumRandom() {
    if (sodium_init() < 0) std::abort();  // no source of randomness: nothing can be kept secret
  }
  uint64_t Next() override {
    uint64_t bits = 0;
    randombytes_buf(&bits, sizeof(bits));
    return bits;
  }
};

}  // namespace

Random& SystemRandom() {
  static SodiumRandom* const random = new SodiumRandom;
  return *random;
}

}  // namespace semcached
