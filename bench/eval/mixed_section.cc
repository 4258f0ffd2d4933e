#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>
#include <absl/strings/str_join.h>

#include <algorithm>

#include "eval/sweep.h"
#include "eval/truth_sections.h"

namespace semcached::eval {
namespace {

// A category takes part if each half has this many duplicates, and as many other pairs.
constexpr int64_t kFewest = 10;
constexpr double kExactSimilarity = 2;
// Stands for more: where one threshold gives no hits at all, any are more by no number.
constexpr double kManyTimes = 1000;

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

std::string ThresholdCell(double threshold) {
  return threshold >= kExactOnly ? "exact only" : absl::StrFormat("%.3f", threshold);
}

class Report {
 public:
  Report(const std::vector<JudgedPair>& pairs, uint64_t seed, double drawn)
      : pairs_(pairs),
        seed_(seed),
        drawn_(drawn),
        guarded_(Split(pairs, true)),
        bare_(Split(pairs, false)) {
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
        " Thresholds are chosen on the tuning half, for the most hits within the false-hit rate",
        drawn_ > 0 ? absl::StrCat(", each category counted as if it had seen ", drawn_,
                                  " hits more of the usual kind")
                   : "",
        ". They are measured on the report half, where that rate may come out otherwise: compare "
        "it before comparing hits.\n\n");
    if (guarded_.report.empty()) {
      section_.markdown += "No category has enough pairs: nothing is compared.\n\n";
      return std::move(section_);
    }
    for (const double budget : {0.02, 0.05}) At(budget);
    return std::move(section_);
  }

 private:
  void Row(const std::string& name, const Halves& halves, const CategoryThresholds& thresholds) {
    const MixRates tuning = RatesOf(halves.tuning, thresholds);
    const MixRates report = RatesOf(halves.report, thresholds);
    section_.markdown += TableRow({name, absl::StrFormat("%.2f %%", 100 * tuning.hits),
                                   absl::StrFormat("%.2f %%", 100 * tuning.false_hit_rate()),
                                   absl::StrFormat("%.2f %%", 100 * report.hits),
                                   absl::StrFormat("%.2f %%", 100 * report.false_hit_rate())});
  }

  // Hits of `own` over those of `other`, on the report half.
  void Compare(const std::string& against, const std::string& bar_name,
               const CategoryThresholds& own, const CategoryThresholds& other) {
    const Interval ratio = HitRatioInterval(guarded_.report, own, other, seed_);
    const double own_hits = RatesOf(guarded_.report, own).hits;
    const double other_hits = RatesOf(guarded_.report, other).hits;
    const double middle = other_hits > 0 ? own_hits / other_hits : kManyTimes;
    const double low = std::min(ratio.low, kManyTimes);
    const double high = std::min(ratio.high, kManyTimes);
    const std::string figures = absl::StrFormat("%.2f x (%.2f-%.2f)", middle, low, high);
    section_.markdown += absl::StrCat("- ", against, ": ", figures, "\n");
    section_.bars.push_back({bar_name, low, "x", 1, false,
                             absl::StrCat("lower end of ", figures,
                                          ", 95 %, bootstrap over the pairs of each category; "
                                          "the shipped guards on both sides; aim 1.2")});
  }

  void At(double budget) {
    const CategoryThresholds own = BestThresholds(guarded_.tuning, budget, drawn_);
    const double one = BestUniformThreshold(guarded_.tuning, budget, drawn_);
    const double bare_one = BestUniformThreshold(bare_.tuning, budget, drawn_);
    // The best that one threshold can do with as many false hits among its hits, known afterwards.
    const double own_rate = RatesOf(guarded_.report, own).false_hit_rate();
    const double afterwards = BestUniformThreshold(guarded_.report, own_rate);

    section_.markdown += absl::StrFormat("At %.0f %% false hits:\n\n", 100 * budget);
    section_.markdown += TableHead({"policy", "hits, tuning", "false-hit rate, tuning",
                                    "hits, report", "false-hit rate, report"});
    Row("thresholds by category, shipped guards", guarded_, own);
    Row(absl::StrCat("one threshold, ", ThresholdCell(one), ", shipped guards"), guarded_,
        Uniform(guarded_.tuning, one));
    Row(absl::StrCat("the best one known afterwards, ", ThresholdCell(afterwards),
                     ", shipped guards"),
        guarded_, Uniform(guarded_.tuning, afterwards));
    Row(absl::StrCat("one threshold, ", ThresholdCell(bare_one), ", no guards"), bare_,
        Uniform(bare_.tuning, bare_one));
    Row("as shipped, whatever the budget", guarded_, shipped_);
    Row("exact only", guarded_, Uniform(guarded_.tuning, kExactOnly));

    std::vector<std::string> chosen;
    for (const auto& [category, threshold] : own) {
      chosen.push_back(absl::StrCat(category, " ", ThresholdCell(threshold)));
    }
    section_.markdown += absl::StrCat("\nThresholds by category: ", absl::StrJoin(chosen, ", "),
                                      ".\n\nHits with thresholds by category, on the report "
                                      "half, over hits with\n\n");
    const std::string at = absl::StrFormat("at %.0f %% false hits", 100 * budget);
    Compare("one threshold, chosen on the tuning half as well",
            absl::StrCat("truth.4 hits by category over one threshold, ", at), own,
            Uniform(guarded_.report, one));
    Compare("the best one known afterwards that makes no more false hits of its hits",
            absl::StrCat("truth.4 hits by category over the best one known afterwards, ", at), own,
            Uniform(guarded_.report, afterwards));
    WithoutEach(budget);
  }

  // One category may decide what a single threshold can do: the same without each.
  void WithoutEach(double budget) {
    std::vector<std::string> ratios;
    for (const auto& [category, rows] : guarded_.report) {
      Halves rest = guarded_;
      rest.tuning.erase(category);
      rest.report.erase(category);
      if (rest.report.size() < 2) return;
      const double hits = RatesOf(rest.report, BestThresholds(rest.tuning, budget, drawn_)).hits;
      const double one = BestUniformThreshold(rest.tuning, budget, drawn_);
      const double other = RatesOf(rest.report, Uniform(rest.report, one)).hits;
      const std::string ratio =
          other > 0 ? absl::StrFormat("%.2f x", hits / other) : std::string("no hits with one");
      ratios.push_back(absl::StrCat("without ", category, " ", ratio));
    }
    section_.markdown += absl::StrCat(
        "\nThe first of these with one category less, since one alone may decide what a single "
        "threshold can do: ",
        absl::StrJoin(ratios, ", "), ".\n\n");
  }

  const std::vector<JudgedPair>& pairs_;
  const uint64_t seed_;
  const double drawn_;
  Halves guarded_;
  Halves bare_;
  CategoryThresholds shipped_;
  std::vector<std::string> left_out_;
  Section section_;
};

}  // namespace

Section MixedSection(const std::vector<JudgedPair>& pairs, uint64_t seed, double drawn) {
  return Report(pairs, seed, drawn).Write();
}

}  // namespace semcached::eval
