// How sure a counted share is.
#ifndef SEMCACHED_BENCH_EVAL_INTERVAL_H_
#define SEMCACHED_BENCH_EVAL_INTERVAL_H_

#include <cstdint>

namespace semcached::eval {

struct Interval {
  double low = 0;
  double high = 1;
};

// The Wilson score interval of `hits` of `trials` (Wilson, 1927), 95 % by default; [0,1] of none.
Interval WilsonInterval(int64_t hits, int64_t trials, double z = 1.96);

}  // namespace semcached::eval

#endif  // SEMCACHED_BENCH_EVAL_INTERVAL_H_
