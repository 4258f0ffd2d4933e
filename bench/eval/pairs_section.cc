#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>

#include <map>

#include "eval/svg_plot.h"
#include "eval/sweep.h"
#include "eval/truth_sections.h"

namespace semcached::eval {
namespace {

// A category with fewer duplicates, or fewer other pairs, has no curve of its own in the plot.
constexpr size_t kFewest = 40;
constexpr double kExactSimilarity = 2;

using Rows = std::vector<const JudgedPair*>;

// What a server with other guards would have seen. `off`: of those that a category has.
std::vector<Scored> ScoresOf(const Rows& rows, GuardSet off) {
  std::vector<Scored> scores;
  for (const JudgedPair* row : rows) {
    const bool refused = (row->refused_by & row->guards & ~off) != 0;
    const double similarity = refused ? -1 : row->similarity;
    scores.push_back({row->exact ? kExactSimilarity : similarity, row->pair.duplicate});
  }
  return scores;
}

template <typename Served>
Counts CountServed(const Rows& rows, const Served& served) {
  Counts counts;
  for (const JudgedPair* row : rows) counts.Add(row->pair.duplicate, served(*row));
  return counts;
}

std::string RatesRow(const std::string& name, const Counts& counts) {
  return TableRow(
      {name, absl::StrCat(counts.lookups()), absl::StrCat(counts.duplicates),
       ShareCell(counts.hits(), counts.lookups()), ShareCell(counts.true_hits, counts.duplicates),
       ShareCell(counts.false_hits, counts.hits()), ShareCell(counts.false_hits, counts.others)});
}

std::string RatesHead(const std::string& first) {
  return TableHead({first, "lookups", "duplicates", "hit rate", "duplicates served",
                    "false-hit rate", "false-accept rate"});
}

// Precision against the share of duplicates served, both in percent.
Series PrecisionCurve(const std::string& name, const std::vector<Scored>& scores) {
  Series series{name, {}};
  for (const double threshold : Thresholds()) {
    const Counts counts = CountAt(scores, threshold);
    // A handful of hits has no precision to speak of.
    if (counts.hits() < 10) continue;
    series.points.emplace_back(100 * Share(counts.true_hits, counts.duplicates),
                               100 * Share(counts.true_hits, counts.hits()));
  }
  return series;
}

Series AcceptCurve(const std::string& name, const std::vector<Scored>& scores) {
  Series series{name, {}};
  for (const double threshold : Thresholds()) {
    const Counts counts = CountAt(scores, threshold);
    series.points.emplace_back(100 * Share(counts.true_hits, counts.duplicates),
                               100 * Share(counts.false_hits, counts.others));
  }
  return series;
}

class Report {
 public:
  Report(const std::vector<JudgedPair>& pairs, uint64_t seed) : seed_(seed) {
    for (const JudgedPair& row : pairs) {
      if (row.half != Half::kReport) continue;
      all_.push_back(&row);
      by_category_[row.category].push_back(&row);
      by_source_[row.pair.source].push_back(&row);
    }
  }

  Section Write() {
    section_.markdown =
        "## Labelled pairs\n\nThe first text of a pair is stored, the second asked, each pair in a "
        "scope of its own; the report half. Under the shipped policies, as the server "
        "answered:\n\n";
    const auto served = [](const JudgedPair& row) { return row.served; };
    section_.markdown += RatesHead("category");
    for (const auto& [name, rows] : by_category_) {
      section_.markdown += RatesRow(name, CountServed(rows, served));
    }
    section_.markdown += RatesRow("**all**", CountServed(all_, served)) + "\n";
    section_.markdown += RatesHead("source");
    for (const auto& [name, rows] : by_source_) {
      section_.markdown += RatesRow(name, CountServed(rows, served));
    }
    section_.markdown += "\n";
    Variants();
    Areas();
    Plots();
    return std::move(section_);
  }

 private:
  void Variants() {
    section_.markdown +=
        "Guards on and off, at the shipped thresholds; exact hits only; all categories "
        "together:\n\n";
    section_.markdown += RatesHead("policy");
    const auto add = [&](const std::string& name, GuardSet off) {
      const auto decide = [off](const JudgedPair& row) {
        return row.IsServedAt(row.threshold, row.guards & ~off);
      };
      section_.markdown += RatesRow(name, CountServed(all_, decide));
    };
    add("shipped guards", 0);
    for (const GuardKind guard : kAllGuards) {
      add(absl::StrCat("without ", Name(guard)), Bit(guard));
    }
    add("no guards", ~GuardSet{0});
    const auto exact = [](const JudgedPair& row) { return row.exact; };
    section_.markdown += RatesRow("exact only", CountServed(all_, exact)) + "\n";
  }

  void AreaRow(const std::string& name, const Rows& rows) {
    const std::vector<Scored> on = ScoresOf(rows, 0);
    const std::vector<Scored> off = ScoresOf(rows, ~GuardSet{0});
    const Counts counts = CountAt(on, kExactOnly);
    section_.markdown +=
        TableRow({name, absl::StrCat(rows.size()),
                  absl::StrFormat("%.1f %%", 100 * Share(counts.duplicates, counts.lookups())),
                  ValueCell(AreaUnderPrecision(on), AreaInterval(on, seed_)),
                  ValueCell(AreaUnderPrecision(off), AreaInterval(off, seed_))});
  }

  void Areas() {
    section_.markdown +=
        "Area under precision against the share of duplicates served, over all thresholds from "
        "0.5 (average precision; 95 % by the bootstrap). A cache that served pairs at random would "
        "have the share of duplicates:\n\n";
    section_.markdown +=
        TableHead({"category", "lookups", "duplicates", "shipped guards", "no guards"});
    for (const auto& [name, rows] : by_category_) AreaRow(name, rows);
    AreaRow("**all**", all_);
    section_.markdown +=
        "\n![precision against duplicates served](evaluation/precision.svg)\n\n"
        "![false-accept rate against duplicates served](evaluation/guards.svg)\n\n";
  }

  void Plots() {
    std::vector<Series> precision = {PrecisionCurve("all, one threshold", ScoresOf(all_, 0))};
    precision.back().dashed = true;
    for (const auto& [name, rows] : by_category_) {
      const Counts counts = CountAt(ScoresOf(rows, 0), kExactOnly);
      if (counts.duplicates < static_cast<int64_t>(kFewest) ||
          counts.others < static_cast<int64_t>(kFewest)) {
        continue;
      }
      precision.push_back(PrecisionCurve(name, ScoresOf(rows, 0)));
    }
    const Counts shipped = CountServed(all_, [](const JudgedPair& row) { return row.served; });
    precision.push_back({"all, as shipped",
                         {{100 * Share(shipped.true_hits, shipped.duplicates),
                           100 * Share(shipped.true_hits, shipped.hits())}},
                         false,
                         true});
    section_.plots["precision.svg"] =
        LinePlot("Precision against duplicates served", {"duplicates served, %", 0, 100, 20},
                 {"precision (100 % - false-hit rate)", 0, 100, 20}, precision);

    std::vector<Series> accepts = {AcceptCurve("shipped guards", ScoresOf(all_, 0))};
    for (const GuardKind guard : kAllGuards) {
      accepts.push_back(
          AcceptCurve(absl::StrCat("without ", Name(guard)), ScoresOf(all_, Bit(guard))));
    }
    accepts.push_back(AcceptCurve("no guards", ScoresOf(all_, ~GuardSet{0})));
    accepts.back().dashed = true;
    section_.plots["guards.svg"] = LinePlot("False-accept rate against duplicates served",
                                            {"duplicates served, %", 0, 100, 20},
                                            {"false-accept rate, %", 0, 100, 20}, accepts);
  }

  const uint64_t seed_;
  Rows all_;
  std::map<std::string, Rows> by_category_;
  std::map<std::string, Rows> by_source_;
  Section section_;
};

}  // namespace

Section PairsSection(const std::vector<JudgedPair>& pairs, uint64_t seed) {
  return Report(pairs, seed).Write();
}

}  // namespace semcached::eval
