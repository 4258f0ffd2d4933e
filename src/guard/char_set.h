// A set of ASCII characters that is asked as often as a text has characters.
#ifndef SEMCACHED_GUARD_CHAR_SET_H_
#define SEMCACHED_GUARD_CHAR_SET_H_

#include <array>
#include <string_view>

namespace semcached::guard {

class CharSet {
 public:
  constexpr explicit CharSet(std::string_view chars) {
    for (const char c : chars) has_[static_cast<unsigned char>(c)] = true;
  }
  constexpr bool Has(char c) const { return has_[static_cast<unsigned char>(c)]; }
  // If it is all of `text`.
  constexpr bool Has(std::string_view text) const { return text.size() == 1 && Has(text[0]); }

 private:
  std::array<bool, 256> has_{};
};

}  // namespace semcached::guard

#endif  // SEMCACHED_GUARD_CHAR_SET_H_
