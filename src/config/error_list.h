#ifndef SEMCACHED_CONFIG_ERROR_LIST_H_
#define SEMCACHED_CONFIG_ERROR_LIST_H_

#include <string>
#include <utility>
#include <vector>

#include "semcached/config/load.h"

namespace semcached {

// The errors of one file, as they are found. Keeps the first 1000: a megabyte of wrong keys is not
// to become a hundred of messages.
class ErrorList {
 public:
  explicit ErrorList(std::string file) : file_(std::move(file)) {}

  const std::string& file() const { return file_; }
  bool empty() const { return errors_.empty(); }

  // `line` 0: the file as a whole. `message` says what is wrong and, behind a semicolon, what is
  // allowed.
  void Add(int line, std::string key, std::string message);

  // Moves all errors to the end of `out`, in the order of their lines.
  void MoveTo(std::vector<ConfigError>* out);

 private:
  const std::string file_;
  std::vector<ConfigError> errors_;
  bool has_more_ = false;
};

}  // namespace semcached

#endif  // SEMCACHED_CONFIG_ERROR_LIST_H_
