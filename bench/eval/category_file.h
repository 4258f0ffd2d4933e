// A category file with some of its keys replaced.
#ifndef SEMCACHED_BENCH_EVAL_CATEGORY_FILE_H_
#define SEMCACHED_BENCH_EVAL_CATEGORY_FILE_H_

#include <map>
#include <string>

namespace semcached::eval {

// Top-level keys to what stands behind their colon, in one line; empty: the key is left out.
using Overrides = std::map<std::string, std::string>;

// `yaml`, block style at its top level, without these keys and with the given values at its end.
// All else stays as it is, comments included.
std::string Override(const std::string& yaml, const Overrides& overrides);

}  // namespace semcached::eval

#endif  // SEMCACHED_BENCH_EVAL_CATEGORY_FILE_H_
