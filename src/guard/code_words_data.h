// Words that the guards' code itself asks for, and that stand in no table.
#ifndef SEMCACHED_GUARD_CODE_WORDS_DATA_H_
#define SEMCACHED_GUARD_CODE_WORDS_DATA_H_

#include <string_view>

namespace semcached::guard {

// Parted by spaces. A test reads the code and names what is missing here.
inline constexpr std::string_view kCodeWords =
    "anti backbone bn cu cubic io minus mj mn mpa mv mw nd nuxt operator quasi ratio rd "
    "respectively semi sq st sub th vice";

}  // namespace semcached::guard

#endif  // SEMCACHED_GUARD_CODE_WORDS_DATA_H_
