// Tells, in a few instructions, most words that no table has from those that one may have.
#ifndef SEMCACHED_GUARD_WORD_FILTER_H_
#define SEMCACHED_GUARD_WORD_FILTER_H_

#include <absl/types/span.h>

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace semcached::guard {

// What a filter knows a word by; the same for all filters.
using WordKey = uint16_t;
inline constexpr uint32_t kWordKeyBits = 15;

// Both ends, the middle and the length of a word, which is not empty.
inline WordKey KeyOf(std::string_view word) {
  const auto byte = [&](size_t i) -> uint32_t { return static_cast<unsigned char>(word[i]); };
  const size_t size = word.size();
  const uint32_t key =
      byte(0) | byte(size / 2) << 8 | byte(size - 1) << 16 | static_cast<uint32_t>(size) << 24;
  return static_cast<WordKey>(key * 2654435761U >> (32 - kWordKeyBits));
}

// Of a few thousand words, none of them empty: nine of ten others are told apart.
class WordFilter {
 public:
  WordFilter() = default;
  explicit WordFilter(absl::Span<const std::string_view> words) { Add(words); }

  void Add(std::string_view word) { bits_.set(KeyOf(word)); }
  void Add(absl::Span<const std::string_view> words) {
    for (const std::string_view word : words) Add(word);
  }

  // Of rows that begin with their word.
  template <typename Rows>
  void AddRows(const Rows& rows) {
    for (const auto& row : rows) Add(row.word);
  }

  bool MayHave(WordKey key) const { return bits_[key]; }
  bool MayHave(std::string_view word) const { return !word.empty() && MayHave(KeyOf(word)); }

 private:
  std::bitset<size_t{1} << kWordKeyBits> bits_;
};

}  // namespace semcached::guard

#endif  // SEMCACHED_GUARD_WORD_FILTER_H_
