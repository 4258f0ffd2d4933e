#ifndef SEMCACHED_SRC_MAIN_LOAD_REPORT_H_
#define SEMCACHED_SRC_MAIN_LOAD_REPORT_H_

#include <cstdint>
#include <ostream>
#include <vector>

#include "main/load_run.h"

namespace semcached {

// What a load run prints: for each target medians over its runs, and how the first compares with
// each other one, run by run.
class LoadReport {
 public:
  // Both outlive the report. The first target is the one under test.
  LoadReport(const LoadOptions& options, const std::vector<TargetFigures>& targets)
      : options_(options), targets_(targets) {}

  int64_t failed() const;
  int64_t wrong() const;
  void PrintTable(std::ostream& out) const;
  void PrintJson(std::ostream& out) const;

 private:
  const LoadOptions& options_;
  const std::vector<TargetFigures>& targets_;
};

}  // namespace semcached

#endif  // SEMCACHED_SRC_MAIN_LOAD_REPORT_H_
