// Which sanitizer this is compiled with, in the words of both compilers:
// SEMCACHED_ADDRESS_SANITIZER, SEMCACHED_THREAD_SANITIZER, and SEMCACHED_SANITIZER for either.
#ifndef SEMCACHED_BASE_SANITIZER_H_
#define SEMCACHED_BASE_SANITIZER_H_

#if defined(__has_feature)  // Clang
#if __has_feature(address_sanitizer)
#define SEMCACHED_ADDRESS_SANITIZER
#endif
#if __has_feature(thread_sanitizer)
#define SEMCACHED_THREAD_SANITIZER
#endif
#endif
#if defined(__SANITIZE_ADDRESS__)  // GCC
#define SEMCACHED_ADDRESS_SANITIZER
#endif
#if defined(__SANITIZE_THREAD__)
#define SEMCACHED_THREAD_SANITIZER
#endif

#if defined(SEMCACHED_ADDRESS_SANITIZER) || defined(SEMCACHED_THREAD_SANITIZER)
#define SEMCACHED_SANITIZER
#endif

#endif  // SEMCACHED_BASE_SANITIZER_H_
