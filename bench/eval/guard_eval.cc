// semcached-eval-guards: what each guard refuses, of pairs labelled as paraphrases or not.
#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>
#include <absl/strings/str_split.h>

#include <CLI/CLI.hpp>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <map>
#include <memory>
#include <optional>
#include <utility>

#include "eval/labelled_pairs.h"
#include "semcached/base/clock.h"
#include "semcached/base/status.h"
#include "semcached/embed/remembered_vectors.h"
#include "semcached/guard/guard.h"
#include "semcached/guard/redaction.h"
#include "semcached/index/similarity.h"

namespace semcached::eval {
namespace {

constexpr double kThresholds[] = {0.75, 0.80, 0.85, 0.90};

struct Options {
  std::string pairs;
  std::string half = "all";
  std::string guards = "numbers,negation,identifiers,entities,focus,roles";
  std::string model_dir = SEMCACHED_MODEL_DIR;
  std::string vectors = SEMCACHED_BINARY_DIR "/eval-guards.vectors";
  std::string source;
  std::string dump;
  size_t limit = 0;
  size_t show = 0;
  bool by_source = false;
  bool redacted = false;
};

struct Judged {
  LabelledPair pair;
  double similarity = 0;
  std::vector<GuardRefusal> refusals;
};

absl::StatusOr<std::vector<GuardKind>> ParseGuards(const std::string& names) {
  std::vector<GuardKind> guards;
  for (const absl::string_view name : absl::StrSplit(names, ',')) {
    const size_t before = guards.size();
    for (const GuardKind guard : kAllGuards) {
      if (name == Name(guard)) guards.push_back(guard);
    }
    if (guards.size() == before) {
      return absl::InvalidArgumentError(absl::StrCat("--guards: ", name, " is no guard"));
    }
  }
  return guards;
}

// What the guards see of a text.
std::string Seen(const std::string& text, const Options& options) {
  return options.redacted ? RedactForGuards(text, HashKey{1, 2, 3}) : text;
}

absl::StatusOr<std::vector<Judged>> Judge(const Options& options,
                                          const std::vector<GuardKind>& guards) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Embedder> embedder,
                   OpenRememberedVectors(options.model_dir, options.vectors));
  const Half half = options.half == "all"    ? Half::kAll
                    : options.half == "even" ? Half::kTuning
                                             : Half::kReport;
  ASSIGN_OR_RETURN(std::vector<LabelledPair> pairs, ReadPairs(options.pairs, half));
  std::map<std::pair<std::string, bool>, size_t> counts;
  std::erase_if(pairs, [&](const LabelledPair& pair) {
    if (pair.text_a.empty() || pair.text_b.empty()) return true;
    if (!pair.source.starts_with(options.source)) return true;
    return ++counts[{pair.source, pair.duplicate}] > options.limit && options.limit > 0;
  });
  std::vector<Judged> judged;
  for (LabelledPair& pair : pairs) {
    const std::string_view texts[] = {pair.text_a, pair.text_b};
    ASSIGN_OR_RETURN(const auto vectors, embedder->Embed(texts, Call(SystemClock())));
    Judged one;
    if (vectors[0].size() != vectors[1].size()) continue;  // one that the model cannot read
    one.similarity = DotProduct(vectors[0], vectors[1]);
    const std::string seen_a = Seen(pair.text_a, options);
    const std::string seen_b = Seen(pair.text_b, options);
    one.refusals = CheckEachGuard(guards, GuardText(seen_a), GuardText(seen_b));
    one.pair = std::move(pair);
    judged.push_back(std::move(one));
  }
  return judged;
}

std::string Share(size_t part, size_t whole) {
  return whole == 0 ? "-"
                    : absl::StrFormat("%.1f",
                                      100 * static_cast<double>(part) / static_cast<double>(whole));
}

// One row: of the pairs of one label at or above a threshold, what each guard and all refuse.
struct Row {
  size_t pairs = 0;
  size_t near = 0;
  size_t refused = 0;
  std::map<GuardKind, size_t> by_guard;

  void Add(const Judged& judged, double threshold) {
    ++pairs;
    if (judged.similarity < threshold) return;
    ++near;
    refused += judged.refusals.empty() ? 0 : 1;
    for (const GuardRefusal& refusal : judged.refusals) ++by_guard[refusal.guard];
  }
};

void PrintTable(const std::vector<Judged>& judged, const std::vector<GuardKind>& guards,
                bool by_source) {
  std::cout << "| source | label | threshold | pairs | at or above |";
  for (const GuardKind guard : guards) std::cout << ' ' << Name(guard) << " % |";
  std::cout << " all % | served, of all % |\n| --- | --- | ---: | ---: | ---: |";
  for (size_t i = 0; i < guards.size() + 2; ++i) std::cout << " ---: |";
  std::cout << '\n';
  std::map<std::pair<std::string, bool>, std::map<double, Row>> rows;
  for (const Judged& one : judged) {
    for (const double threshold : kThresholds) {
      rows[{by_source ? one.pair.source : "all", one.pair.duplicate}][threshold].Add(one,
                                                                                     threshold);
    }
  }
  for (const auto& [key, by_threshold] : rows) {
    for (const auto& [threshold, row] : by_threshold) {
      std::cout << "| " << key.first << " | " << (key.second ? "same" : "other") << " | "
                << absl::StrFormat("%.2f", threshold) << " | " << row.pairs << " | " << row.near
                << " |";
      for (const GuardKind guard : guards) {
        const auto found = row.by_guard.find(guard);
        std::cout << ' ' << Share(found == row.by_guard.end() ? 0 : found->second, row.near)
                  << " |";
      }
      std::cout << ' ' << Share(row.refused, row.near) << " | "
                << Share(row.near - row.refused, row.pairs) << " |\n";
    }
  }
}

std::string ToLine(const Judged& one) {
  std::string line =
      absl::StrFormat("%d\t%.3f\t%s\t%s\t%s", one.pair.duplicate ? 1 : 0, one.similarity,
                      one.pair.source, one.pair.text_a, one.pair.text_b);
  for (const GuardRefusal& refusal : one.refusals) {
    absl::StrAppend(&line, "\t", Name(refusal.guard), ": ", refusal.reason);
  }
  return line + "\n";
}

// Spread evenly over the file: refused paraphrases, and others that pass.
void Show(const std::vector<Judged>& judged, const Options& options, bool same) {
  std::vector<const Judged*> wrong;
  for (const Judged& one : judged) {
    if (one.pair.duplicate != same || one.similarity < kThresholds[0]) continue;
    const bool refused = !one.refusals.empty();
    if (refused != same) continue;
    wrong.push_back(&one);
  }
  std::cout << '\n' << wrong.size() << (same ? " paraphrases refused\n" : " others passed\n");
  const size_t step = std::max<size_t>(1, wrong.size() / options.show);
  for (size_t i = 0; i < wrong.size(); i += step) std::cout << ToLine(*wrong[i]);
}

absl::Status Run(const Options& options) {
  ASSIGN_OR_RETURN(const std::vector<GuardKind> guards, ParseGuards(options.guards));
  ASSIGN_OR_RETURN(const std::vector<Judged> judged, Judge(options, guards));
  PrintTable(judged, guards, options.by_source);
  if (!options.dump.empty()) {
    std::ofstream output(options.dump);
    for (const Judged& one : judged) output << ToLine(one);
  }
  if (options.show > 0) {
    Show(judged, options, true);
    Show(judged, options, false);
  }
  return absl::OkStatus();
}

}  // namespace
}  // namespace semcached::eval

int main(int argc, char** argv) {
  semcached::eval::Options options;
  CLI::App app("What each guard refuses, of pairs labelled as paraphrases or not.");
  app.add_option("--pairs", options.pairs, "TSV with the columns label, text_a, text_b")
      ->required();
  app.add_option("--half", options.half, "Pairs to read, by the last bit of the first text's hash")
      ->check(CLI::IsMember({"even", "odd", "all"}))
      ->capture_default_str();
  app.add_option("--source", options.source, "Only pairs whose source begins with this");
  app.add_option("--limit", options.limit, "Most pairs of one source and label; 0: all")
      ->capture_default_str();
  app.add_option("--guards", options.guards, "Guards, parted by commas")->capture_default_str();
  app.add_flag("--by-source", options.by_source, "A row for each source (or kind)");
  app.add_flag("--redacted", options.redacted, "Judge the texts as store_query: false keeps them");
  app.add_option("--show", options.show, "Print about this many of the pairs judged wrongly");
  app.add_option("--dump", options.dump, "Write every pair, and what refused it, to this file");
  app.add_option("--model-dir", options.model_dir, "Directory of the model and its tokenizer")
      ->capture_default_str();
  app.add_option("--vectors", options.vectors, "File of embeddings to remember")
      ->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  const absl::Status status = semcached::eval::Run(options);
  if (!status.ok()) std::cerr << status.ToString() << '\n';
  return status.ok() ? EXIT_SUCCESS : EXIT_FAILURE;
}
