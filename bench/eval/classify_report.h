// Counts what a classifier does with labelled queries.
#ifndef SEMCACHED_BENCH_EVAL_CLASSIFY_REPORT_H_
#define SEMCACHED_BENCH_EVAL_CLASSIFY_REPORT_H_

#include <cstddef>
#include <map>
#include <string>

#include "eval/labelled_queries.h"
#include "semcached/classify/classifier.h"

namespace semcached::eval {

struct CategoryCount {
  size_t rows = 0;
  size_t classified = 0;                    // not left to the default category for want of a lead
  size_t right = 0;                         // of the classified, by any of the expected ones
  size_t first = 0;                         // of the classified, by the first of them
  size_t bypassed = 0;                      // taken as personal
  std::map<std::string, size_t> elsewhere;  // wrong ones of the classified, by category
};

class ClassifyReport {
 public:
  // `personal` is the private category.
  explicit ClassifyReport(std::string personal) : personal_(std::move(personal)) {}

  void Add(const LabelledQuery& query, const Classification& result);

  size_t rows() const;
  // Of the classified rows of each category, the mean of the categories, personal among them.
  // Without rows that are right in any category or may be personal or not. `first_only`: counts
  // what the first expectation says, not the others.
  double MacroAccuracy(bool first_only) const;
  // Of the rows that MacroAccuracy is about.
  double DefaultShare() const;
  // Personal rows in a cacheable category: by a wrong one, and by the default.
  double LeakByError() const;
  double LeakByDefault() const;
  double Leak() const { return LeakByError() + LeakByDefault(); }
  // Rows that are taken as personal and are not, of all that are not. Rows that might be either
  // count in neither.
  double NeedlessBypass() const;

  std::string ToMarkdown() const;
  std::string ToJson() const;

 private:
  const std::string personal_;
  std::map<std::string, CategoryCount> by_category_;
  std::map<std::string, CategoryCount> either_;     // personal or not; by the first expectation
  std::map<std::string, CategoryCount> by_source_;  // rows that are not personal, for bypasses
  size_t leaks_by_default_ = 0;
};

}  // namespace semcached::eval

#endif  // SEMCACHED_BENCH_EVAL_CLASSIFY_REPORT_H_
