// One part of a report, and the words and numbers that all parts write alike.
#ifndef SEMCACHED_BENCH_EVAL_SECTION_H_
#define SEMCACHED_BENCH_EVAL_SECTION_H_

#include <absl/status/status.h>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "eval/bars.h"
#include "eval/interval.h"

namespace semcached::eval {

struct Section {
  std::string markdown;
  std::vector<Bar> bars;
  std::map<std::string, std::string> plots;  // SVG by file name
};

// As a share of `trials`, 0 of none.
double Share(int64_t count, int64_t trials);
// "12.3 % (10.1-14.8)", by WilsonInterval; "-" of none.
std::string ShareCell(int64_t count, int64_t trials);
// "0.812 (0.790-0.833)".
std::string ValueCell(double value, const Interval& interval);
// Each into `directory`, which is made. Unavailable: names the file that cannot be written.
absl::Status WritePlots(const std::map<std::string, std::string>& plots,
                        const std::string& directory);
// "| a | b |".
std::string TableRow(const std::vector<std::string>& cells);
// A head: the first column to the left, the others to the right.
std::string TableHead(const std::vector<std::string>& cells);

}  // namespace semcached::eval

#endif  // SEMCACHED_BENCH_EVAL_SECTION_H_
