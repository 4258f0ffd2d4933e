// Runs every way of choosing a threshold over the streams, and says what came out.
#ifndef SEMCACHED_BENCH_EVAL_BUDGET_REPORT_H_
#define SEMCACHED_BENCH_EVAL_BUDGET_REPORT_H_

#include <string>
#include <vector>

#include "eval/bars.h"
#include "eval/budget_run.h"
#include "eval/budget_stream.h"

namespace semcached::eval {

inline constexpr double kBudgets[] = {0.01, 0.02, 0.05};
inline constexpr double kVerdictShares[] = {1.0, 0.2, 0.05};

// One seed each.
using Streams = std::vector<Stream>;

// The lowest rate that any threshold of a stream comes to, as a sentence.
std::string LabelNoise(const std::string& what, const Streams& streams);

// Tables in Markdown. Appends the bars of truth.5 where verdicts are on every hit; of a budget that
// no threshold keeps there is none, and the text says so.
std::string ReportBudgets(const Streams& streams, std::vector<Bar>* bars);

}  // namespace semcached::eval

#endif  // SEMCACHED_BENCH_EVAL_BUDGET_REPORT_H_
