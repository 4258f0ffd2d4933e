#ifndef SEMCACHED_BASE_UTF8_H_
#define SEMCACHED_BASE_UTF8_H_

#include <string_view>

namespace semcached {

// True if `text` is well-formed UTF-8 (RFC 3629): no overlong forms, no surrogates.
bool IsValidUtf8(std::string_view text);

}  // namespace semcached

#endif  // SEMCACHED_BASE_UTF8_H_
