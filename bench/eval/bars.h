// Bars: what an issue demands as a number, and what was measured.
#ifndef SEMCACHED_BENCH_EVAL_BARS_H_
#define SEMCACHED_BENCH_EVAL_BARS_H_

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <string>
#include <vector>

namespace semcached::eval {

struct Bar {
  std::string name;  // begins with the bar's label, e.g. "truth.1 negations served"
  double value = 0;
  std::string unit;  // e.g. "%", "x", "us"
  double limit = 0;
  bool at_most = true;  // else at least
  std::string method;   // how it was measured, in one sentence

  bool holds() const { return at_most ? value <= limit : value >= limit; }
};

// A Markdown table.
std::string ToMarkdown(const std::vector<Bar>& bars);

// An array of {"name","value","unit","limit","at_most","holds","method"}, into `file`.
absl::Status WriteJson(const std::vector<Bar>& bars, const std::string& file);

// What WriteJson wrote; without "at_most", what makes "holds" come out as it stands there.
// NotFound, InvalidArgument: names the file.
absl::StatusOr<std::vector<Bar>> ReadJson(const std::string& file);

}  // namespace semcached::eval

#endif  // SEMCACHED_BENCH_EVAL_BARS_H_
