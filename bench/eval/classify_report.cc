#include "eval/classify_report.h"

#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

namespace semcached::eval {
namespace {

double Share(size_t part, size_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

std::string Percent(double share) { return absl::StrFormat("%.1f %%", 100 * share); }

bool Contains(const std::vector<std::string>& list, std::string_view value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

// The three most frequent, as "code 12, math 3".
std::string Most(const std::map<std::string, size_t>& counts) {
  std::vector<std::pair<size_t, std::string>> sorted;
  sorted.reserve(counts.size());
  for (const auto& [name, count] : counts) sorted.emplace_back(count, name);
  std::sort(sorted.rbegin(), sorted.rend());
  std::string text;
  for (size_t i = 0; i < std::min<size_t>(3, sorted.size()); ++i) {
    absl::StrAppend(&text, i == 0 ? "" : ", ", sorted[i].second, " ", sorted[i].first);
  }
  return text;
}

}  // namespace

void ClassifyReport::Add(const LabelledQuery& query, const Classification& result) {
  const bool bypassed = result.category == personal_;
  const bool anywhere = query.expected.front() == kCacheable;
  const bool right = Contains(query.expected, result.category) || (anywhere && !bypassed);
  const auto count = [&](CategoryCount* to) {
    ++to->rows;
    if (result.sure) ++to->classified;
    if (result.sure && right) ++to->right;
    if (result.sure && result.category == query.expected.front()) ++to->first;
    if (result.sure && !right) ++to->elsewhere[result.category];
    if (bypassed) ++to->bypassed;
  };
  // What may be either says nothing on leaks and bypasses.
  const bool either = query.expected.size() > 1 && Contains(query.expected, personal_);
  count(either ? &either_[query.expected.front()] : &by_category_[query.expected.front()]);
  if (either) return;
  if (query.expected.front() != personal_) {
    count(&by_source_[query.source]);
  } else if (!bypassed && !result.sure) {
    ++leaks_by_default_;
  }
}

size_t ClassifyReport::rows() const {
  size_t sum = 0;
  for (const auto& [name, count] : by_category_) sum += count.rows;
  for (const auto& [name, count] : either_) sum += count.rows;
  return sum;
}

double ClassifyReport::MacroAccuracy(bool first_only) const {
  double sum = 0;
  size_t categories = 0;
  for (const auto& [name, count] : by_category_) {
    if (name == kCacheable || count.classified == 0) continue;
    sum += Share(first_only ? count.first : count.right, count.classified);
    ++categories;
  }
  return categories == 0 ? 0 : sum / static_cast<double>(categories);
}

double ClassifyReport::DefaultShare() const {
  size_t rows = 0;
  size_t classified = 0;
  for (const auto& [name, count] : by_category_) {
    if (name == kCacheable) continue;
    rows += count.rows;
    classified += count.classified;
  }
  return Share(rows - classified, rows);
}

double ClassifyReport::LeakByError() const {
  const auto found = by_category_.find(personal_);
  if (found == by_category_.end()) return 0;
  return Share(found->second.classified - found->second.right, found->second.rows);
}

double ClassifyReport::LeakByDefault() const {
  const auto found = by_category_.find(personal_);
  return found == by_category_.end() ? 0 : Share(leaks_by_default_, found->second.rows);
}

double ClassifyReport::NeedlessBypass() const {
  size_t rows = 0;
  size_t bypassed = 0;
  for (const auto& [name, count] : by_source_) {
    rows += count.rows;
    bypassed += count.bypassed;
  }
  return Share(bypassed, rows);
}

std::string ClassifyReport::ToMarkdown() const {
  std::string text =
      "| category | n | classified | right | bypassed | where the wrong ones go |\n"
      "| --- | ---: | ---: | ---: | ---: | --- |\n";
  const auto row = [&](const std::string& name, const CategoryCount& count) {
    absl::StrAppend(
        &text, "| ", name, " | ", count.rows, " | ", Percent(Share(count.classified, count.rows)),
        " | ", Percent(Share(count.right, count.classified)), " | ",
        Percent(Share(count.bypassed, count.rows)), " | ", Most(count.elsewhere), " |\n");
  };
  for (const auto& [name, count] : by_category_) row(name, count);
  for (const auto& [name, count] : either_) row(name + ", perhaps personal", count);
  absl::StrAppend(&text, "\n| source | rows not personal | bypassed |\n| --- | ---: | ---: |\n");
  for (const auto& [name, count] : by_source_) {
    absl::StrAppend(&text, "| ", name, " | ", count.rows, " | ",
                    Percent(Share(count.bypassed, count.rows)), " |\n");
  }
  absl::StrAppend(
      &text,
      "\n- macro accuracy of the classified: ", absl::StrFormat("%.3f", MacroAccuracy(false)),
      " (by the first expectation alone: ", absl::StrFormat("%.3f", MacroAccuracy(true)), ")\n",
      "- left to the default: ", Percent(DefaultShare()), "\n",
      "- personal queries in a cacheable category: ", Percent(Leak()), " (by error ",
      Percent(LeakByError()), ", by default ", Percent(LeakByDefault()), ")\n",
      "- other queries bypassed as personal: ", Percent(NeedlessBypass()), "\n");
  return text;
}

std::string ClassifyReport::ToJson() const {
  const auto rows_of = [](const std::map<std::string, CategoryCount>& counts) {
    nlohmann::json object = nlohmann::json::object();
    for (const auto& [name, count] : counts) {
      object[name] = {{"rows", count.rows},         {"classified", count.classified},
                      {"right", count.right},       {"first", count.first},
                      {"bypassed", count.bypassed}, {"elsewhere", count.elsewhere}};
    }
    return object;
  };
  const nlohmann::json json = {{"rows", rows()},
                               {"macro_accuracy", MacroAccuracy(false)},
                               {"macro_accuracy_first", MacroAccuracy(true)},
                               {"default_share", DefaultShare()},
                               {"leak", Leak()},
                               {"leak_by_error", LeakByError()},
                               {"leak_by_default", LeakByDefault()},
                               {"needless_bypass", NeedlessBypass()},
                               {"categories", rows_of(by_category_)},
                               {"perhaps_personal", rows_of(either_)},
                               {"bypass_by_source", rows_of(by_source_)}};
  return json.dump(2) + "\n";
}

}  // namespace semcached::eval
