// What a report says of where it was made.
#ifndef SEMCACHED_BENCH_EVAL_MACHINE_H_
#define SEMCACHED_BENCH_EVAL_MACHINE_H_

#include <string>

namespace semcached::eval {

// "2026-01-31, semcached 0.1.0 (1a2b3c4d5e6f, Release), Some CPU, 2 cores".
std::string WhenAndWhere();

}  // namespace semcached::eval

#endif  // SEMCACHED_BENCH_EVAL_MACHINE_H_
