#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>
#include <absl/strings/str_join.h>

#include <cmath>

#include "eval/sweep.h"
#include "eval/truth_sections.h"

namespace semcached::eval {
namespace {

// A category takes part if each half has this many duplicates, and as many other pairs.
constexpr int64_t kFewest = 10;
constexpr double kExactSimilarity = 2;

bool IsEnough(const std::vector<Scored>& rows) {
  const Counts counts = CountAt(rows, kExactOnly);
  return counts.duplicates >= kFewest && counts.others >= kFewest;
}

struct Halves {
  Mix tuning;
  Mix report;
};

Halves Split(const std::vector<JudgedPair>& pairs, bool guarded) {
  Halves halves;
  for (const JudgedPair& row : pairs) {
    const bool refused = guarded && (row.refused_by & row.guards) != 0;
    const double similarity = refused ? -1 : row.similarity;
    Mix& half = row.half == Half::kTuning ? halves.tuning : halves.report;
    half[row.category].push_back({row.exact ? kExactSimilarity : similarity, row.pair.duplicate});
  }
  return halves;
}

// Without categories that have too little in either half.
void KeepWhatIsEnough(Halves* halves, std::vector<std::string>* left_out) {
  Halves kept;
  for (const auto& [category, rows] : halves->report) {
    const auto tuning = halves->tuning.find(category);
    if (tuning == halves->tuning.end() || !IsEnough(rows) || !IsEnough(tuning->second)) {
      left_out->push_back(category);
      continue;
    }
    kept.tuning[category] = tuning->second;
    kept.report[category] = rows;
  }
  *halves = std::move(kept);
}

std::string RatesCells(const std::string& name, const MixRates& tuning, const MixRates& report) {
  return TableRow({name, absl::StrFormat("%.2f %%", 100 * tuning.hits),
                   absl::StrFormat("%.2f %%", 100 * tuning.false_hit_rate()),
                   absl::StrFormat("%.2f %%", 100 * report.hits),
                   absl::StrFormat("%.2f %%", 100 * report.false_hit_rate())});
}

std::string ThresholdCell(double threshold) {
  return threshold >= kExactOnly ? "exact only" : absl::StrFormat("%.3f", threshold);
}

class Report {
 public:
  Report(const std::vector<JudgedPair>& pairs, uint64_t seed)
      : pairs_(pairs), seed_(seed), guarded_(Split(pairs, true)), bare_(Split(pairs, false)) {
    std::vector<std::string> twice;
    KeepWhatIsEnough(&guarded_, &left_out_);
    KeepWhatIsEnough(&bare_, &twice);
    for (const JudgedPair& row : pairs_) shipped_[row.category] = row.threshold;
  }

  Section Write() {
    std::vector<std::string> names;
    for (const auto& [category, rows] : guarded_.report) {
      names.push_back(absl::StrCat(category, " (", rows.size(), ")"));
    }
    section_.markdown = absl::StrCat(
        "## Mixed workload (truth.4)\n\nA lookup is of each category with the same probability, "
        "then one of its labelled pairs, asked in a scope that holds the first text of the pair. "
        "Categories, and their pairs in the report half: ",
        absl::StrJoin(names, ", "), ".",
        left_out_.empty() ? ""
                          : absl::StrCat(" Too few pairs: ", absl::StrJoin(left_out_, ", "), "."),
        " Thresholds are chosen on the tuning half, for the most hits within the false-hit "
        "rate, and measured on the report half, where that rate may come out otherwise.\n\n");
    if (guarded_.report.empty()) {
      section_.markdown += "No category has enough pairs: nothing is compared.\n\n";
      return std::move(section_);
    }
    for (const double budget : {0.02, 0.05}) At(budget);
    return std::move(section_);
  }

 private:
  void At(double budget) {
    const CategoryThresholds own = BestThresholds(guarded_.tuning, budget);
    const double one = BestUniformThreshold(guarded_.tuning, budget);
    const CategoryThresholds uniform = Uniform(guarded_.tuning, one);
    const double bare_one = BestUniformThreshold(bare_.tuning, budget);
    const CategoryThresholds bare_uniform = Uniform(bare_.tuning, bare_one);
    const MixRates own_rates = RatesOf(guarded_.report, own);
    const MixRates uniform_rates = RatesOf(guarded_.report, uniform);

    section_.markdown += absl::StrFormat("At %.0f %% false hits:\n\n", 100 * budget);
    section_.markdown += TableHead({"policy", "hits, tuning", "false-hit rate, tuning",
                                    "hits, report", "false-hit rate, report"});
    section_.markdown += RatesCells("thresholds by category, shipped guards",
                                    RatesOf(guarded_.tuning, own), own_rates);
    section_.markdown +=
        RatesCells(absl::StrCat("one threshold, ", ThresholdCell(one), ", shipped guards"),
                   RatesOf(guarded_.tuning, uniform), uniform_rates);
    section_.markdown +=
        RatesCells(absl::StrCat("one threshold, ", ThresholdCell(bare_one), ", no guards"),
                   RatesOf(bare_.tuning, bare_uniform), RatesOf(bare_.report, bare_uniform));
    section_.markdown +=
        RatesCells("as shipped, whatever the budget", RatesOf(guarded_.tuning, shipped_),
                   RatesOf(guarded_.report, shipped_));
    section_.markdown +=
        RatesCells("exact only", RatesOf(guarded_.tuning, Uniform(guarded_.tuning, kExactOnly)),
                   RatesOf(guarded_.report, Uniform(guarded_.report, kExactOnly)));
    std::vector<std::string> chosen;
    for (const auto& [category, threshold] : own) {
      chosen.push_back(absl::StrCat(category, " ", ThresholdCell(threshold)));
    }
    const Interval ratio = HitRatioInterval(guarded_.report, own, uniform, seed_);
    const double middle = uniform_rates.hits > 0 ? own_rates.hits / uniform_rates.hits : INFINITY;
    section_.markdown += absl::StrFormat(
        "\nThresholds by category: %s.\n\nHits with thresholds by category, over hits with one: "
        "%.2f x (95 %%, bootstrap over pairs: %.2f-%.2f).\n\n",
        absl::StrJoin(chosen, ", "), middle, ratio.low, ratio.high);
    // No hits at all with one threshold: any are more, but by no number.
    constexpr double kManyTimes = 1000;
    section_.bars.push_back(
        {absl::StrFormat("truth.4 hits by category over uniform at %.0f %% false hits, lower end",
                         100 * budget),
         std::isfinite(ratio.low) ? ratio.low : kManyTimes, "x", 1, false,
         absl::StrFormat("%.2f x, %.2f-%.2f; thresholds chosen on the tuning half, hits counted on "
                         "the report half, the shipped guards on both sides; aim 1.2",
                         middle, ratio.low, ratio.high)});
  }

  const std::vector<JudgedPair>& pairs_;
  const uint64_t seed_;
  Halves guarded_;
  Halves bare_;
  CategoryThresholds shipped_;
  std::vector<std::string> left_out_;
  Section section_;
};

}  // namespace

Section MixedSection(const std::vector<JudgedPair>& pairs, uint64_t seed) {
  return Report(pairs, seed).Write();
}

}  // namespace semcached::eval
