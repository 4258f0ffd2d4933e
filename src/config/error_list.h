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
  // `secret`: what stands in the file is not repeated.
  explicit ErrorList(std::string file, bool secret = false)
      : file_(std::move(file)), secret_(secret) {}

  const std::string& file() const { return file_; }
  bool is_secret() const { return secret_; }
  bool empty() const { return errors_.empty(); }

  // `line` 0: the file as a whole. `message` says what is wrong and, behind a semicolon, what is
  // allowed.
  void Add(int line, std::string key, std::string message);

  // Moves all errors to the end of `out`, in the order of their lines.
  void MoveTo(std::vector<ConfigError>* out);

 private:
  const std::string file_;
  const bool secret_;
  std::vector<ConfigError> errors_;
  bool has_more_ = false;
};

}  // namespace semcached

#endif  // SEMCACHED_CONFIG_ERROR_LIST_H_
