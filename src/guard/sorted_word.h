// A word in a sorted list.
#ifndef SEMCACHED_GUARD_SORTED_WORD_H_
#define SEMCACHED_GUARD_SORTED_WORD_H_

#include <absl/container/inlined_vector.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace semcached::guard {

// Sorts as its text does, but compares eight letters at once.
class SortedWord {
 public:
  // `text` is not empty and has no zeros, which fill the heads of short words.
  explicit SortedWord(std::string_view text) : text_(text) {
    const size_t size = std::min(text.size(), kHead);
    for (size_t i = 0; i < size; ++i) head_ = head_ << 8 | static_cast<unsigned char>(text[i]);
    head_ <<= 8 * (kHead - size);
  }

  std::string_view text() const { return text_; }

  friend bool operator<(const SortedWord& a, const SortedWord& b) {
    return a.head_ != b.head_ ? a.head_ < b.head_ : a.Rest() < b.Rest();
  }
  friend bool operator==(const SortedWord& a, const SortedWord& b) {
    return a.head_ == b.head_ && a.Rest() == b.Rest();
  }

 private:
  static constexpr size_t kHead = sizeof(uint64_t);

  std::string_view Rest() const { return text_.substr(std::min(text_.size(), kHead)); }

  uint64_t head_ = 0;
  std::string_view text_;
};

using SortedWords = absl::InlinedVector<SortedWord, 48>;  // each once

}  // namespace semcached::guard

#endif  // SEMCACHED_GUARD_SORTED_WORD_H_
