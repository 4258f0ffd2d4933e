#include "semcached/replay/study_rows.h"

#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>

#include <array>
#include <functional>
#include <map>

#include "semcached/base/spread.h"

namespace semcached {
namespace {

constexpr double kPercent = 100;

std::vector<double> Each(const std::vector<ReplayFigures>& by_seed,
                         const std::function<double(const ReplayFigures&)>& value) {
  std::vector<double> values;
  values.reserve(by_seed.size());
  for (const ReplayFigures& figures : by_seed) values.push_back(value(figures));
  return values;
}

std::map<std::string, ReplayCounts> SumByCategory(const std::vector<ReplayFigures>& by_seed) {
  std::map<std::string, ReplayCounts> sums;
  for (const ReplayFigures& figures : by_seed) {
    for (const auto& [category, counts] : figures.by_category) {
      ReplayCounts& sum = sums[category];
      sum.lookups += counts.lookups;
      sum.hits += counts.hits;
      sum.wrong += counts.wrong;
      sum.outdated += counts.outdated;
      sum.overload_lookups += counts.overload_lookups;
      sum.overload_calls += counts.overload_calls;
    }
  }
  return sums;
}

std::string Percent(double share) { return absl::StrFormat("%.2f", kPercent * share); }

}  // namespace

std::string SpreadCell(const std::vector<double>& values, int decimals) {
  const Spread spread = SpreadOf(values);
  return absl::StrFormat("%.*f (%.*f-%.*f)", decimals, spread.median, decimals, spread.least,
                         decimals, spread.most);
}

Row VariantHead() {
  return {"variant",           "hits, %",  "false hits, %",   "of them outdated, %",
          "calls in overload", "saved, %", "mean latency, s", "p99 latency, s"};
}

Row VariantRow(const std::string& name, const std::vector<ReplayFigures>& by_seed,
               const std::vector<ReplayFigures>& off) {
  std::vector<double> saved = SavedCalls(by_seed, off);
  for (double& share : saved) share *= kPercent;
  const auto cell = [&](int decimals, const std::function<double(const ReplayFigures&)>& value) {
    return SpreadCell(Each(by_seed, value), decimals);
  };
  return {name,
          cell(1, [](const auto& f) { return kPercent * f.all.HitRate(); }),
          cell(2, [](const auto& f) { return kPercent * f.all.FalseHitRate(); }),
          cell(2,
               [](const auto& f) {
                 return f.all.hits > 0 ? kPercent * static_cast<double>(f.all.outdated) /
                                             static_cast<double>(f.all.hits)
                                       : 0;
               }),
          cell(0, [](const auto& f) { return static_cast<double>(f.all.overload_calls); }),
          SpreadCell(saved, 1),
          cell(1, [](const auto& f) { return f.mean_latency; }),
          cell(1, [](const auto& f) { return f.p99_latency; })};
}

Row CategoryHead() {
  return {"category",          "arrivals",         "hits off, %",           "hits on, %",
          "false hits off, %", "false hits on, %", "calls in overload off", "on"};
}

std::vector<Row> CategoryRows(const std::vector<ReplayFigures>& off,
                              const std::vector<ReplayFigures>& on) {
  const std::map<std::string, ReplayCounts> before = SumByCategory(off);
  const std::map<std::string, ReplayCounts> after = SumByCategory(on);
  std::vector<Row> rows;
  for (const auto& [category, counts] : before) {
    const ReplayCounts& with = after.at(category);
    rows.push_back({category, absl::StrCat(counts.lookups), Percent(counts.HitRate()),
                    Percent(with.HitRate()), Percent(counts.FalseHitRate()),
                    Percent(with.FalseHitRate()), absl::StrCat(counts.overload_calls),
                    absl::StrCat(with.overload_calls)});
  }
  return rows;
}

Row CauseHead() {
  return {"variant", "never asked before, %", "at the model already, %", "expired, %",
          "in other words, %"};
}

Row CauseRow(const std::string& name, const std::vector<ReplayFigures>& by_seed) {
  std::array<int64_t, kCallCauses> sums{};
  int64_t calls = 0;
  for (const ReplayFigures& figures : by_seed) {
    calls += figures.all.overload_calls;
    for (size_t i = 0; i < kCallCauses; ++i) sums.at(i) += figures.all.overload_causes.at(i);
  }
  Row row = {name};
  for (const CallCause cause :
       {CallCause::kNew, CallCause::kInFlight, CallCause::kExpired, CallCause::kWords}) {
    const auto part = static_cast<double>(sums.at(static_cast<size_t>(cause)));
    row.push_back(calls > 0 ? Percent(part / static_cast<double>(calls)) : "-");
  }
  return row;
}

Row BankHead() { return {"category", "questions", "in several words", "texts"}; }

std::vector<Row> BankRows(const QuestionBank& bank) {
  std::vector<Row> rows;
  for (const auto& [category, intents] : bank.by_category) {
    size_t several = 0;
    size_t texts = 0;
    for (const size_t intent : intents) {
      const size_t count = bank.intents[intent].texts.size();
      several += count > 1 ? 1 : 0;
      texts += count;
    }
    rows.push_back(
        {category, absl::StrCat(intents.size()), absl::StrCat(several), absl::StrCat(texts)});
  }
  return rows;
}

}  // namespace semcached
