// The parts of the report on adaptation: a workload under its laws, and the controller alone.
#ifndef SEMCACHED_BENCH_EVAL_ADAPT_SECTIONS_H_
#define SEMCACHED_BENCH_EVAL_ADAPT_SECTIONS_H_

#include <absl/status/statusor.h>

#include "eval/section.h"
#include "semcached/config/load.h"
#include "semcached/replay/study_input.h"

namespace semcached::eval {

struct AdaptScale {
  int seeds = 5;          // of each workload
  int drop_steps = 5;     // to find the static policy to compare with
  bool quick = false;     // without what is configured as shadow
  bool with_bars = true;  // all laws, single actuators and bars; else the middle law, off and on
};

// load.1 and load.2. Progress goes to stderr, a line a law.
absl::StatusOr<Section> WorkloadSection(const StudyInput& input, const AdaptScale& scale);

// load.3. Hours of the controller's time, a second of ours; `hours` of noise.
Section ControllerSection(const Config& config, int hours);

}  // namespace semcached::eval

#endif  // SEMCACHED_BENCH_EVAL_ADAPT_SECTIONS_H_
