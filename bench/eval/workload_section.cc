// load.1, load.2: what adaptation saves and costs on a replayed trace.
#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>

#include <algorithm>
#include <cmath>
#include <iostream>
#include <map>
#include <utility>

#include "eval/adapt_sections.h"
#include "eval/svg_plot.h"
#include "semcached/base/spread.h"
#include "semcached/base/status.h"
#include "semcached/replay/study.h"
#include "semcached/replay/study_rows.h"

namespace semcached::eval {
namespace {

constexpr double kLeastSaved = 9;  // percent
constexpr double kPercent = 100;
constexpr size_t kMinute = 60;

using BySeed = std::vector<ReplayFigures>;

struct Law {
  std::map<VariantKind, Study::Result> results;
  const BySeed& Of(VariantKind kind) const { return results.at(kind).by_seed; }
};

std::string TableOf(const Row& head, const std::vector<Row>& rows) {
  std::string table = TableHead(head);
  for (const Row& row : rows) table += TableRow(row);
  return table + "\n";
}

std::vector<VariantKind> KindsOf(const AdaptScale& scale) {
  std::vector<VariantKind> kinds = {VariantKind::kNoCache, VariantKind::kOff, VariantKind::kAll};
  if (!scale.with_bars) return kinds;
  kinds.insert(kinds.end(), {VariantKind::kThreshold, VariantKind::kTtl, VariantKind::kStale});
  if (!scale.quick) kinds.push_back(VariantKind::kEverywhere);
  return kinds;
}

absl::StatusOr<Law> RunLaw(Study* study, const std::string& name, const AdaptScale& scale) {
  std::cerr << "law " << name << "\n";
  Law law;
  for (const VariantKind kind : KindsOf(scale)) {
    ASSIGN_OR_RETURN(law.results[kind], study->Run(name, {kind, 0}));
  }
  return law;
}

std::string DescribeInput(const StudyInput& input, const Sizing& sizing, const AdaptScale& scale) {
  const ReplayWorkload& workload = input.workload();
  std::string text = absl::StrFormat("## Workload %s\n\n", workload.name);
  if (!input.has_data()) {
    text +=
        "Without --data: the project's own few questions and made arrivals. The figures show that "
        "the program runs, and no more.\n\n";
  }
  absl::StrAppendFormat(
      &text,
      "%d arrivals (%s) after a history of %d in %.0f days; %d tenants; %d seeds. The server has "
      "%d slots: without a cache its utilisation (in flight and queued, by slot) is %.2f in the "
      "busiest ten minutes and %.2f in the calmest.\n\n",
      input.arrivals().size(), workload.trace, workload.history_arrivals,
      absl::ToDoubleHours(workload.history_span) / 24, workload.tenants, scale.seeds, sizing.slots,
      sizing.utilization.busiest, sizing.utilization.calmest);
  if (!scale.with_bars) return text;  // as of the first workload
  return text + "What can be asked:\n\n" + TableOf(BankHead(), BankRows(input.bank()));
}

std::string DescribeLaw(const std::string& name, const Law& law, bool middle) {
  const BySeed& off = law.Of(VariantKind::kOff);
  std::vector<double> seconds;
  for (const ReplayFigures& figures : off) seconds.push_back(figures.overload_seconds);
  std::string text = absl::StrFormat("### Law %s%s\n\nOverload: %s s of the trace.\n\n", name,
                                     middle ? ", the middle one" : "", SpreadCell(seconds, 0));
  std::vector<Row> rows;
  for (const auto& [kind, result] : law.results) {
    rows.push_back(VariantRow(Name(kind), result.by_seed, off));
  }
  text += TableOf(VariantHead(), rows);
  if (!middle || SpreadOf(seconds).most == 0) return text;
  text += "Why the model was called in overload:\n\n";
  text += TableOf(CauseHead(), {CauseRow(Name(VariantKind::kOff), off),
                                CauseRow(Name(VariantKind::kAll), law.Of(VariantKind::kAll))});
  text += "By category:\n\n";
  return text + TableOf(CategoryHead(), CategoryRows(off, law.Of(VariantKind::kAll)));
}

double MedianSaved(const Law& law, VariantKind kind) {
  return kPercent * SpreadOf(SavedCalls(law.Of(kind), law.Of(VariantKind::kOff))).median;
}

std::vector<Bar> LoadBars(const Sizing& sizing, const std::map<std::string, Law>& laws,
                          const std::string& middle, double budget) {
  const auto worst = std::max_element(laws.begin(), laws.end(), [](auto& a, auto& b) {
    return FalseHitRateOf(a.second.Of(VariantKind::kAll)) <
           FalseHitRateOf(b.second.Of(VariantKind::kAll));
  });
  return {
      {"load.1 utilisation, busiest ten minutes", sizing.utilization.busiest, "", kLeastWhenBusy,
       false, "mean of (in flight + queued) / slots by second, no cache"},
      {"load.1 utilisation, calmest ten minutes", sizing.utilization.calmest, "", kMostWhenCalm,
       true, "the same; the smallest number of slots that keeps it"},
      {"load.1 model calls saved in overload, law " + middle,
       MedianSaved(laws.at(middle), VariantKind::kAll), "%", kLeastSaved, false,
       "policies as shipped against the same with adaptation off, over the seconds in which the "
       "latter's load factor is above 0; median over seeds; the aim is 17 %"},
      {"load.1 false hits, worst law",
       kPercent * FalseHitRateOf(worst->second.Of(VariantKind::kAll)), "%", kPercent * budget, true,
       "hits of another intent or of an outdated fact, of all hits of all seeds, law " +
           worst->first},
  };
}

struct Compared {
  std::string markdown;
  Bar bar;
};

// Adaptation beside a static policy that is as often wrong.
absl::StatusOr<Compared> CompareStatic(Study* study, const std::string& name, const Law& law,
                                       const AdaptScale& scale) {
  std::cerr << "static policy\n";
  const BySeed& all = law.Of(VariantKind::kAll);
  const BySeed& off = law.Of(VariantKind::kOff);
  ASSIGN_OR_RETURN(const double drop, study->FindDrop(name, FalseHitRateOf(all), scale.drop_steps));
  ASSIGN_OR_RETURN(const Study::Result fixed, study->Run(name, {VariantKind::kStatic, drop}));
  const double saved = kPercent * SpreadOf(SavedCalls(all, fixed.by_seed)).median;
  Compared compared;
  compared.markdown = absl::StrFormat(
      "### Beside a static policy (load.2)\n\nLaw %s. Thresholds lower all the time by %.2f of "
      "what load may take, which is the most, to %d halvings of [0, 2], that is not more often "
      "wrong than adaptation%s.\n\n",
      name, drop, scale.drop_steps,
      FalseHitRateOf(off) > FalseHitRateOf(all)
          ? "; here already the policy at rest is more often wrong, since what adaptation serves "
            "in addition is more often right than what is served without it"
          : "");
  compared.markdown +=
      TableOf(VariantHead(), {VariantRow(Name(VariantKind::kAll), all, off),
                              VariantRow(Name(VariantKind::kStatic), fixed.by_seed, off)});
  compared.bar = {"load.2 model calls saved in overload against a static policy",
                  saved,
                  "%",
                  0,
                  false,
                  "thresholds lowered for good to the false-hit rate of adaptation, at the most; "
                  "median over seeds"};
  return compared;
}

// Means by minute.
Series ByMinute(const std::string& name, const std::vector<double>& by_second) {
  Series series;
  series.name = name;
  for (size_t begin = 0; begin + kMinute <= by_second.size(); begin += kMinute) {
    double sum = 0;
    for (size_t i = begin; i < begin + kMinute; ++i) sum += by_second[i];
    series.points.emplace_back(static_cast<double>(begin) / kMinute, sum / kMinute);
  }
  return series;
}

Series CallsByMinute(const std::string& name, const ReplayRun& run, const Arrivals& arrivals) {
  std::vector<double> by_second(run.load_factor.size());
  for (size_t i = 0; i < arrivals.size(); ++i) {
    const auto second = static_cast<size_t>(absl::ToInt64Seconds(arrivals[i].at));
    if (run.answered[i].model_call && second < by_second.size()) by_second[second] += kMinute;
  }
  return ByMinute(name, by_second);
}

// About ten ticks of a round number.
Axis AxisTo(const std::string& label, double most) {
  const double power = std::pow(10, std::floor(std::log10(std::max(most, 1.0) / 5)));
  double step = power;
  for (const double factor : {2.0, 5.0, 10.0}) {
    if (most / step > 10) step = factor * power;
  }
  return {label, 0, step * std::ceil(std::max(most, 1.0) / step), step};
}

std::map<std::string, std::string> PlotsOf(const StudyInput& input, const Law& law) {
  const double minutes = absl::ToDoubleMinutes(input.arrivals().back().at);
  std::vector<Series> calls;
  std::vector<Series> factors;
  double most = 0;
  for (const VariantKind kind : {VariantKind::kNoCache, VariantKind::kOff, VariantKind::kAll}) {
    const ReplayRun& run = law.results.at(kind).first;
    calls.push_back(CallsByMinute(Name(kind), run, input.arrivals()));
    for (const auto& point : calls.back().points) most = std::max(most, point.second);
    if (kind != VariantKind::kNoCache) factors.push_back(ByMinute(Name(kind), run.load_factor));
  }
  const Axis x = AxisTo("minute", minutes);
  const std::string& name = input.workload().name;
  return {{name + "-calls.svg",
           LinePlot("Model calls a minute, first seed", x, AxisTo("model calls", most), calls)},
          {name + "-load.svg",
           LinePlot("Load factor, first seed", x, {"load factor", 0, 1, 0.2}, factors)}};
}

std::string SavedPlot(const std::map<std::string, Law>& laws) {
  constexpr VariantKind kShown[] = {VariantKind::kThreshold, VariantKind::kTtl, VariantKind::kStale,
                                    VariantKind::kAll};
  std::vector<BarGroup> groups;
  double most = kLeastSaved;
  for (const auto& [name, law] : laws) {
    BarGroup group{name, {}};
    for (const VariantKind kind : kShown) {
      group.values.push_back(std::max(0.0, MedianSaved(law, kind)));
      most = std::max(most, group.values.back());
    }
    groups.push_back(std::move(group));
  }
  return BarPlot("Model calls saved in overload", AxisTo("saved, %", most),
                 {Name(kShown[0]), Name(kShown[1]), Name(kShown[2]), Name(kShown[3])}, groups);
}

}  // namespace

absl::StatusOr<Section> WorkloadSection(const StudyInput& input, const AdaptScale& scale) {
  const ReplayWorkload& workload = input.workload();
  std::cerr << "workload " << workload.name << "\n";
  Study study(input.parts(), scale.seeds);
  Section section;
  section.markdown = DescribeInput(input, study.sizing(), scale);

  std::map<std::string, Law> laws;
  const std::string& middle = workload.middle_law;
  ASSIGN_OR_RETURN(laws[middle], RunLaw(&study, middle, scale));
  section.markdown += DescribeLaw(middle, laws.at(middle), true);
  section.plots = PlotsOf(input, laws.at(middle));
  if (!scale.with_bars) return section;

  ASSIGN_OR_RETURN(Compared compared, CompareStatic(&study, middle, laws.at(middle), scale));
  section.markdown += compared.markdown;
  for (const auto& [name, law] : workload.laws) {
    if (name == middle) continue;
    ASSIGN_OR_RETURN(laws[name], RunLaw(&study, name, scale));
    section.markdown += DescribeLaw(name, laws.at(name), false);
  }
  section.plots[workload.name + "-saved.svg"] = SavedPlot(laws);
  section.bars = LoadBars(study.sizing(), laws, middle, workload.false_hit_budget);
  section.bars.push_back(std::move(compared.bar));
  return section;
}

}  // namespace semcached::eval
