// Tells, in a few instructions, most words that no table has from those that one may have.
#ifndef SEMCACHED_GUARD_WORD_FILTER_H_
#define SEMCACHED_GUARD_WORD_FILTER_H_

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace semcached::guard {

// Of a few thousand words, none of them empty: nine of ten others are told apart.
class WordFilter {
 public:
  void Add(std::string_view word) { bits_.set(KeyOf(word)); }

  // Of rows that begin with their word.
  template <typename Rows>
  void AddRows(const Rows& rows) {
    for (const auto& row : rows) Add(row.word);
  }

  bool MayHave(std::string_view word) const { return !word.empty() && bits_.test(KeyOf(word)); }

 private:
  static constexpr uint32_t kLogBits = 15;

  // Both ends, the middle and the length.
  static size_t KeyOf(std::string_view word) {
    const auto byte = [&](size_t i) -> uint32_t { return static_cast<unsigned char>(word[i]); };
    const size_t size = word.size();
    const uint32_t key =
        byte(0) | byte(size / 2) << 8 | byte(size - 1) << 16 | static_cast<uint32_t>(size) << 24;
    return key * 2654435761U >> (32 - kLogBits);
  }

  std::bitset<size_t{1} << kLogBits> bits_;
};

}  // namespace semcached::guard

#endif  // SEMCACHED_GUARD_WORD_FILTER_H_
