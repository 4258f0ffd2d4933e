// Repeatable randomness: the same sequence for a seed, on every machine.
#ifndef SEMCACHED_SRC_VERIFY_DICE_H_
#define SEMCACHED_SRC_VERIFY_DICE_H_

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace semcached::verify {

// SplitMix64 (Steele, Lea and Flood, 2014). Not for secrets.
class Dice {
 public:
  explicit Dice(uint64_t seed) : state_(seed) {}

  uint64_t Next() {
    uint64_t bits = state_ += 0x9e3779b97f4a7c15;
    bits = (bits ^ (bits >> 30)) * 0xbf58476d1ce4e5b9;
    bits = (bits ^ (bits >> 27)) * 0x94d049bb133111eb;
    return bits ^ (bits >> 31);
  }

  // In [0,1).
  double Share() { return static_cast<double>(Next() >> 11) * 0x1.0p-53; }

  // Less than `count`, which is not 0. The bias, for counts of memory's size, is far below what
  // anything here could notice.
  size_t Below(size_t count) { return static_cast<size_t>(Next() % count); }

  template <typename T>
  void Shuffle(std::vector<T>& items) {
    for (size_t i = items.size(); i > 1; --i) std::swap(items[i - 1], items[Below(i)]);
  }

 private:
  uint64_t state_;
};

}  // namespace semcached::verify

#endif  // SEMCACHED_SRC_VERIFY_DICE_H_
