// The reports of several evaluations as one, with one table of bars at its end.
#ifndef SEMCACHED_BENCH_EVAL_JOIN_REPORTS_H_
#define SEMCACHED_BENCH_EVAL_JOIN_REPORTS_H_

#include <absl/status/statusor.h>

#include <string>
#include <vector>

#include "eval/bars.h"

namespace semcached::eval {

// Around what a script writes into a page.
inline constexpr char kBeginMark[] = "<!-- generated: begin -->";
inline constexpr char kEndMark[] = "<!-- generated: end -->";

// `reports` are Markdown; a table of bars of their own, below a heading "Bars" at their end, is
// left out. Of one report the table is a part, of several it stands beside them.
std::string Join(const std::vector<std::string>& reports, const std::vector<Bar>& bars);

// `page` with the report between the marks, its headings a level down. InvalidArgument: there are
// no marks.
absl::StatusOr<std::string> PutBetweenMarks(const std::string& page, const std::string& report);

}  // namespace semcached::eval

#endif  // SEMCACHED_BENCH_EVAL_JOIN_REPORTS_H_
