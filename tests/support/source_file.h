// The project's own files, for tests of what is shipped or documented.
#ifndef SEMCACHED_TESTS_SUPPORT_SOURCE_FILE_H_
#define SEMCACHED_TESTS_SUPPORT_SOURCE_FILE_H_

#include <cstdlib>
#include <string>

namespace semcached {

// `name` below the top of the checkout; CTest says where that is, else it is the working directory.
inline std::string SourceFile(const std::string& name) {
  const char* const top = std::getenv("SEMCACHED_SOURCE_DIR");
  return std::string(top == nullptr ? "." : top) + "/" + name;
}

}  // namespace semcached

#endif  // SEMCACHED_TESTS_SUPPORT_SOURCE_FILE_H_
