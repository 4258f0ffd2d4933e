#include "semcached/replay/study.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "semcached/base/status.h"

namespace semcached {
namespace {

void Count(const Answered& answered, bool in_overload, ReplayCounts* counts) {
  ++counts->lookups;
  counts->hits += answered.hit ? 1 : 0;
  counts->wrong += answered.wrong ? 1 : 0;
  counts->outdated += answered.outdated ? 1 : 0;
  counts->stale += answered.stale ? 1 : 0;
  counts->calls += answered.model_call ? 1 : 0;
  if (!in_overload) return;
  ++counts->overload_lookups;
  counts->overload_calls += answered.model_call ? 1 : 0;
  ++counts->overload_causes.at(static_cast<size_t>(answered.cause));
}

}  // namespace

std::vector<bool> OverloadOf(const ReplayRun& run) {
  std::vector<bool> overload;
  for (const double load_factor : run.load_factor) overload.push_back(load_factor > 0);
  return overload;
}

ReplayFigures FiguresOf(const ReplayRun& run, const AskStream& stream, const QuestionBank& bank,
                        const std::vector<bool>& overload) {
  ReplayFigures figures;
  figures.overload_seconds =
      static_cast<double>(std::count(overload.begin(), overload.end(), true));
  std::vector<double> latencies;
  for (size_t i = 0; i < run.answered.size(); ++i) {
    const Answered& answered = run.answered[i];
    const auto second = static_cast<size_t>(absl::ToInt64Seconds(stream.trace[i].at));
    const bool in_overload = second < overload.size() && overload[second];
    Count(answered, in_overload, &figures.all);
    Count(answered, in_overload,
          &figures.by_category[bank.intents[stream.trace[i].intent].category]);
    if (in_overload && answered.latency >= 0) {
      latencies.push_back(static_cast<double>(answered.latency));
    }
  }
  if (latencies.empty()) return figures;
  double sum = 0;
  for (const double latency : latencies) sum += latency;
  figures.mean_latency = sum / static_cast<double>(latencies.size());
  const size_t p99 = latencies.size() * 99 / 100;
  std::nth_element(latencies.begin(), latencies.begin() + static_cast<long>(p99), latencies.end());
  figures.p99_latency = latencies[p99];
  return figures;
}

Study::Study(const StudyParts& parts, int seeds)
    : parts_(parts), seeds_(seeds), sizing_(SizeServer(*parts.arrivals, parts.workload->model)) {}

ReplayParts Study::PartsFor(const Prepared& prepared) const {
  ReplayParts parts;
  parts.bank = parts_.bank;
  parts.stream = &prepared.stream;
  parts.facts = &parts_.workload->facts;
  parts.load = parts_.config->server.load;
  parts.speed = parts_.workload->model;
  parts.slots = sizing_.slots;
  parts.identity = parts_.identity;
  return parts;
}

absl::Status Study::Prepare(const std::string& law) {
  if (prepared_.contains(law)) return absl::OkStatus();
  ASSIGN_OR_RETURN(const RepetitionLaw repetition, LawNamed(*parts_.workload, law));
  std::vector<Prepared> prepared;
  for (int seed = 1; seed <= seeds_; ++seed) {
    Prepared one;
    ASSIGN_OR_RETURN(one.stream, MakeAskStream(*parts_.arrivals, *parts_.bank, *parts_.workload,
                                               repetition, static_cast<uint64_t>(seed)));
    ASSIGN_OR_RETURN(
        one.off, Replay(PartsFor(one), PoliciesOf(VariantKind::kOff, *parts_.config->categories)));
    one.overload = OverloadOf(one.off);
    prepared.push_back(std::move(one));
  }
  prepared_[law] = std::move(prepared);
  return absl::OkStatus();
}

absl::StatusOr<Study::Result> Study::Run(const std::string& law, const Variant& variant) {
  RETURN_IF_ERROR(Prepare(law));
  Result result;
  for (const Prepared& prepared : prepared_.at(law)) {
    const ReplayParts parts = PartsFor(prepared);
    ReplayRun run;
    if (variant.kind == VariantKind::kOff) {
      run = prepared.off;
    } else if (variant.kind == VariantKind::kNoCache) {
      run = ReplayWithoutCache(parts);
    } else {
      ASSIGN_OR_RETURN(
          run, Replay(parts, PoliciesOf(variant.kind, *parts_.config->categories, variant.drop)));
    }
    result.by_seed.push_back(FiguresOf(run, prepared.stream, *parts_.bank, prepared.overload));
    if (result.by_seed.size() == 1) result.first = std::move(run);
  }
  return result;
}

absl::StatusOr<double> Study::FindDrop(const std::string& law, double rate, int steps) {
  double low = 0;
  double high = 2;
  for (int step = 0; step < steps; ++step) {
    const double middle = (low + high) / 2;
    ASSIGN_OR_RETURN(const Result tried, Run(law, {VariantKind::kStatic, middle}));
    (FalseHitRateOf(tried.by_seed) > rate ? high : low) = middle;
  }
  return low;
}

double FalseHitRateOf(const std::vector<ReplayFigures>& by_seed) {
  ReplayCounts sum;
  for (const ReplayFigures& figures : by_seed) {
    sum.hits += figures.all.hits;
    sum.wrong += figures.all.wrong;
    sum.outdated += figures.all.outdated;
  }
  return sum.FalseHitRate();
}

std::vector<double> SavedCalls(const std::vector<ReplayFigures>& with,
                               const std::vector<ReplayFigures>& without) {
  std::vector<double> saved;
  for (size_t i = 0; i < with.size(); ++i) {
    const auto before = static_cast<double>(without[i].all.overload_calls);
    const auto after = static_cast<double>(with[i].all.overload_calls);
    saved.push_back(before > 0 ? 1 - after / before : 0);
  }
  return saved;
}

}  // namespace semcached
