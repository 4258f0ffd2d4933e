#include "main/load_report.h"

#include <absl/functional/function_ref.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>

#include <nlohmann/json.hpp>
#include <utility>

#include "main/table.h"
#include "semcached/base/spread.h"
#include "semcached/base/version.h"

namespace semcached {
namespace {

using Figure = absl::FunctionRef<double(const RunFigures&)>;

Spread Over(const TargetFigures& target, Figure figure) {
  std::vector<double> values;
  for (const RunFigures& run : target.runs) values.push_back(figure(run));
  return SpreadOf(std::move(values));
}

// Of the runs that stood side by side.
double MedianRatio(const TargetFigures& of, const TargetFigures& to, Figure figure) {
  std::vector<double> ratios;
  for (size_t i = 0; i < of.runs.size(); ++i) {
    const double base = figure(to.runs[i]);
    ratios.push_back(base > 0 ? figure(of.runs[i]) / base : 0);
  }
  return SpreadOf(std::move(ratios)).median;
}

template <typename T>
T Sum(const std::vector<RunFigures>& runs, T RunFigures::*member) {
  T sum = 0;
  for (const RunFigures& run : runs) sum += run.*member;
  return sum;
}

double P50(const RunFigures& run) { return run.Percentile(0.50); }
double P95(const RunFigures& run) { return run.Percentile(0.95); }
double P99(const RunFigures& run) { return run.Percentile(0.99); }
double P999(const RunFigures& run) { return run.Percentile(0.999); }
double Rate(const RunFigures& run) { return run.calls_per_second; }
double Cpu(const RunFigures& run) { return run.cpu_micros_a_call.value_or(0); }
double Resident(const RunFigures& run) { return run.resident_bytes.value_or(0); }

double RequestBytes(const RunFigures& run) { return run.request_bytes_a_call; }
double AnswerBytes(const RunFigures& run) { return run.answer_bytes_a_call; }

std::string Whole(double value) { return absl::StrFormat("%.0f", value); }

nlohmann::json ToJson(const Spread& spread) {
  return {{"min", spread.least}, {"median", spread.median}, {"max", spread.most}};
}

nlohmann::json ToJson(const TargetFigures& target) {
  nlohmann::json json = {{"target", target.name},
                         {"hits", Sum(target.runs, &RunFigures::hits)},
                         {"failed", Sum(target.runs, &RunFigures::failed)},
                         {"wrong", Sum(target.runs, &RunFigures::wrong)}};
  if (target.fill_seconds > 0) json["fill_seconds"] = target.fill_seconds;
  if (target.settle_seconds > 0) json["settle_seconds"] = target.settle_seconds;
  if (target.runs.empty()) return json;
  json.update({{"request_bytes_a_call", Over(target, RequestBytes).median},
               {"answer_bytes_a_call", Over(target, AnswerBytes).median},
               {"calls_per_second", ToJson(Over(target, Rate))},
               {"p50_us", ToJson(Over(target, P50))},
               {"p95_us", ToJson(Over(target, P95))},
               {"p99_us", ToJson(Over(target, P99))},
               {"p999_us", ToJson(Over(target, P999))}});
  if (target.runs.front().cpu_micros_a_call.has_value()) {
    json["server_cpu_us_a_call"] = ToJson(Over(target, Cpu));
    json["server_resident_bytes"] = ToJson(Over(target, Resident));
  }
  return json;
}

}  // namespace

int64_t LoadReport::failed() const {
  int64_t sum = 0;
  for (const TargetFigures& target : targets_) sum += Sum(target.runs, &RunFigures::failed);
  return sum;
}

int64_t LoadReport::wrong() const {
  int64_t sum = 0;
  for (const TargetFigures& target : targets_) sum += Sum(target.runs, &RunFigures::wrong);
  return sum;
}

void LoadReport::PrintTable(std::ostream& out) const {
  if (options_.fill == FillMode::kOnly) {
    for (const TargetFigures& target : targets_) {
      out << absl::StrFormat("%s: filled with %d entries in %.1f s\n", target.name,
                             options_.workload.entries, target.fill_seconds);
    }
    return;
  }
  out << options_.workload.name << ": " << options_.workload.entries << " entries, "
      << options_.callers << " callers, ";
  if (options_.rate > 0) out << "open loop of " << options_.rate << " calls/s, ";
  out << options_.runs << " runs of " << options_.calls << " calls; medians over the runs\n\n";
  Table table({"target", "hits", "failed", "wrong", "calls/s", "p50 us", "min-max", "p95 us",
               "p99 us", "p99.9 us", "cpu us/call", "memory MB"});
  for (const TargetFigures& target : targets_) {
    const Spread p50 = Over(target, P50);
    const bool read = target.runs.front().cpu_micros_a_call.has_value();
    table.Add({target.name, absl::StrCat(Sum(target.runs, &RunFigures::hits)),
               absl::StrCat(Sum(target.runs, &RunFigures::failed)),
               absl::StrCat(Sum(target.runs, &RunFigures::wrong)), Whole(Over(target, Rate).median),
               Whole(p50.median), absl::StrCat(Whole(p50.least), "-", Whole(p50.most)),
               Whole(Over(target, P95).median), Whole(Over(target, P99).median),
               Whole(Over(target, P999).median), read ? Whole(Over(target, Cpu).median) : "",
               read ? Whole(Over(target, Resident).median / 1e6) : ""});
  }
  table.Print(out);
  if (targets_.size() == 1) return;
  out << "\n";
  Table ratios({"ratio, median over the runs", "p50", "p99", "calls/s"});
  for (size_t i = 1; i < targets_.size(); ++i) {
    ratios.Add({absl::StrCat("to ", targets_[i].name),
                absl::StrFormat("%.2f", MedianRatio(targets_[0], targets_[i], P50)),
                absl::StrFormat("%.2f", MedianRatio(targets_[0], targets_[i], P99)),
                absl::StrFormat("%.2f", MedianRatio(targets_[0], targets_[i], Rate))});
  }
  ratios.Print(out);
}

void LoadReport::PrintJson(std::ostream& out) const {
  nlohmann::json json = {
      {"version", kVersion},
      {"revision", kRevision},
      {"workload", options_.workload.name},
      {"hit_share", options_.workload.exact_hit + options_.workload.semantic_hit},
      {"entries", options_.workload.entries},
      {"callers", options_.callers},
      {"rate", options_.rate},
      {"runs", options_.runs},
      {"calls", options_.calls},
      {"seed", options_.seed},
      {"vectors", options_.vectors.empty() ? "random" : options_.vectors},
      {"targets", nlohmann::json::array()},
      {"ratios", nlohmann::json::array()}};
  for (const TargetFigures& target : targets_) json["targets"].push_back(ToJson(target));
  for (size_t i = 1; i < targets_.size(); ++i) {
    json["ratios"].push_back({{"to", targets_[i].name},
                              {"p50", MedianRatio(targets_[0], targets_[i], P50)},
                              {"p99", MedianRatio(targets_[0], targets_[i], P99)},
                              {"calls_per_second", MedianRatio(targets_[0], targets_[i], Rate)}});
  }
  out << json.dump(2) << "\n";
}

}  // namespace semcached
