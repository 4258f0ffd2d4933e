#include <absl/strings/str_cat.h>

#include <map>

#include "eval/pair_sets.h"
#include "eval/truth_sections.h"

namespace semcached::eval {
namespace {

constexpr double kLimit = 5;
constexpr double kMathsLimit = 10;

struct Cost {
  int64_t paraphrases = 0;
  int64_t passed = 0;   // the threshold
  int64_t refused = 0;  // of these, by a guard
  std::map<std::string, int64_t> by_guard;

  void Add(const JudgedPair& row, double threshold, GuardSet guards) {
    ++paraphrases;
    if (row.exact || row.similarity < threshold) return;
    ++passed;
    if ((row.refused_by & guards) != 0) ++refused;
    for (const GuardKind guard : kAllGuards) {
      if ((row.refused_by & guards & Bit(guard)) != 0) ++by_guard[Name(guard)];
    }
  }
};

bool IsMaths(const JudgedPair& row) { return row.category == "math"; }

std::string Row(const std::string& name, const Cost& cost) {
  std::vector<std::string> cells = {name, absl::StrCat(cost.paraphrases), absl::StrCat(cost.passed),
                                    ShareCell(cost.refused, cost.passed)};
  for (const GuardKind guard : kAllGuards) {
    const auto found = cost.by_guard.find(Name(guard));
    cells.push_back(absl::StrCat(found == cost.by_guard.end() ? 0 : found->second));
  }
  return TableRow(cells);
}

// The policy of the default category, for pairs that would be classified: as seen in `rows`.
const JudgedPair* FactualRow(const std::vector<JudgedPair>& rows) {
  for (const JudgedPair& row : rows) {
    if (row.category == "factual") return &row;
  }
  return nullptr;
}

}  // namespace

Section GuardCostSection(const std::vector<JudgedPair>& opposites,
                         const std::vector<JudgedPair>& pairs) {
  std::map<std::string, Cost> sets;
  Cost all;
  Cost maths;
  const auto add = [&](const JudgedPair& row) {
    if (!row.pair.duplicate) return;
    Cost& set = sets[IsMaths(row) ? absl::StrCat(row.pair.source, ", maths") : row.pair.source];
    set.Add(row, row.threshold, row.guards);
    (IsMaths(row) ? maths : all).Add(row, row.threshold, row.guards);
  };
  Cost as_factual;
  const JudgedPair* factual = FactualRow(pairs);
  for (const JudgedPair& row : opposites) add(row);
  for (const JudgedPair& row : pairs) {
    if (row.half != Half::kReport && row.pair.source != kDemo) continue;
    add(row);
    if (row.pair.source == "qqp" && row.pair.duplicate && factual != nullptr) {
      as_factual.Add(row, factual->threshold, factual->guards);
    }
  }
  Section section;
  section.markdown =
      "## What guards cost (truth.2)\n\n"
      "Of true paraphrases whose similarity passes the shipped threshold of their category, the "
      "share that the category's guards refuse; and how many each guard refuses.\n\n";
  std::vector<std::string> head = {"set", "paraphrases", "pass the threshold", "refused by guards"};
  for (const GuardKind guard : kAllGuards) head.emplace_back(Name(guard));
  section.markdown += TableHead(head);
  const auto bar = [&](const std::string& name, const Cost& cost, double limit) {
    section.bars.push_back(
        {absl::StrCat("truth.2 paraphrases refused by guards, ", name),
         100 * Share(cost.refused, cost.passed), "%", limit, true,
         absl::StrCat(cost.refused, " of ", cost.passed, ", ", ShareCell(cost.refused, cost.passed),
                      ", of the true paraphrases that pass the shipped "
                      "threshold")});
  };
  for (const auto& [name, cost] : sets) {
    section.markdown += Row(name, cost);
    if (cost.passed == 0) continue;
    bar(name, cost, name.find(", maths") == std::string::npos ? kLimit : kMathsLimit);
  }
  if (as_factual.passed > 0) {
    section.markdown += Row("qqp, all as factual", as_factual);
    bar("qqp, all as factual", as_factual, kLimit);
  }
  section.markdown += Row("**all but maths**", all) + Row("**maths**", maths) + "\n";
  bar("all but maths", all, kLimit);
  if (maths.passed > 0) bar("maths", maths, kMathsLimit);
  return section;
}

}  // namespace semcached::eval
