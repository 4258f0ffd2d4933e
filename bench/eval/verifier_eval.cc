// semcached-eval-verifier: what a verifier learned from one category's labelled pairs gains there,
// and what it would do elsewhere.
#include <absl/container/flat_hash_set.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <iostream>
#include <memory>
#include <utility>

#include "eval/bars.h"
#include "eval/verifier_data.h"
#include "eval/verifier_report.h"
#include "semcached/base/clock.h"
#include "semcached/base/status.h"
#include "semcached/embed/remembered_vectors.h"
#include "semcached/verify/train.h"

namespace semcached::eval {
namespace {

constexpr double kReference = 0.85;
constexpr const char* kHome = "qqp";
constexpr const char* kAbroad[] = {"mrpc", "gsmplus", "gptcache_mock"};

struct Options {
  std::string data;
  std::string demo = SEMCACHED_SOURCE_DIR "/demo/queries.tsv";
  std::string model_dir = SEMCACHED_MODEL_DIR;
  std::string vectors = SEMCACHED_BINARY_DIR "/eval-verifier.vectors";
  std::string json;
  size_t limit = 20000;
  uint64_t seed = 1;
  bool tuning_only = false;
};

absl::StatusOr<std::vector<LabelledPair>> Read(const Options& options, Half half) {
  if (options.data.empty()) return ReadDemoPairs(options.demo, half);
  return ReadPairs(options.data + "/pairs.tsv", half);
}

std::string ToMarkdown(const TrainedVerifier& trained, double seconds) {
  const VerifierEvidence& evidence = trained.evidence;
  return absl::StrFormat(
      "Learned in %.0f s from %d pairs (%d duplicates, %d groups of shared texts), of which %d "
      "were "
      "held out.\nOwn evidence, held out of the tuning half: AUC %.3f by cosine, %.3f by the rule; "
      "at "
      "the hit rate of\n%.1f %% false accepts %.1f %% by cosine, %.1f %% by the rule: ratio %.2f "
      "(%.2f to %.2f). Adopted: %s (%s).\n",
      seconds, evidence.pairs, evidence.duplicates, evidence.groups, evidence.held_out_pairs,
      evidence.auc_cosine, evidence.auc_rule, 100 * evidence.hit_rate,
      100 * evidence.false_accept_cosine, 100 * evidence.false_accept_rule, evidence.ratio,
      evidence.ratio_low, evidence.ratio_high, evidence.adopted ? "yes" : "no", evidence.reason);
}

std::vector<VerifierRow> Rows(const std::vector<ScoredPair>& scored, const VerifyRule& rule) {
  std::vector<VerifierRow> rows;
  for (const double threshold : {0.80, kReference, 0.90}) {
    rows.push_back(CountAt(scored, rule, threshold));
  }
  return rows;
}

// What is reported on must not be learned from, not even one text of it. Leaving pairs out of the
// report instead would leave mostly those whose texts are in no other pair, which are harder.
std::vector<LabelledPair> WithoutTextsOf(const std::vector<LabelledPair>& report,
                                         const std::vector<LabelledPair>& pairs) {
  absl::flat_hash_set<std::string> texts;
  for (const LabelledPair& pair : report) {
    texts.insert(pair.text_a);
    texts.insert(pair.text_b);
  }
  std::vector<LabelledPair> left;
  for (const LabelledPair& pair : pairs) {
    if (!texts.contains(pair.text_a) && !texts.contains(pair.text_b)) left.push_back(pair);
  }
  return left;
}

absl::StatusOr<Bar> AtHome(const Options& options, const std::vector<LabelledPair>& report,
                           const CategoryVerifier& verifier, Embedder* embedder) {
  const std::string source = options.data.empty() ? "demo" : kHome;
  const std::vector<LabelledPair> own = Sample(report, source, options.limit);
  ASSIGN_OR_RETURN(const std::vector<VerifyPair> pairs, EmbedPairs(own, "report half", embedder));
  const std::clock_t start = std::clock();
  ASSIGN_OR_RETURN(const std::vector<ScoredPair> scored, ScorePairs(pairs, *verifier.verifier));
  const double took_us = 1e6 * static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
  const std::vector<VerifierRow> rows = Rows(scored, verifier.rule);
  const VerifierRow& reference = rows[1];
  std::cout << "\n### At home: " << source << ", report half, " << pairs.size()
            << " pairs; none of their texts was learned from\n\n"
            << ToMarkdown(rows)
            << absl::StrFormat("\nA score took %.1f us of processor time in the mean.\n",
                               took_us / static_cast<double>(std::max<size_t>(1, pairs.size())));
  return Bar{absl::StrCat("truth.3 ", source, " false-accept rate against cosine"),
             reference.Ratio(),
             "x",
             0.75,
             true,
             absl::StrFormat("%d pairs of the report half, 95 %% interval %.2f to %.2f, at the hit "
                             "rate of cosine 0.85 (%.1f %%); the embedder has seen %s in its "
                             "training, which flatters both",
                             pairs.size(), reference.ratio.low, reference.ratio.high,
                             100.0 * static_cast<double>(reference.cosine.hits) /
                                 static_cast<double>(std::max<int64_t>(reference.duplicates, 1)),
                             source)};
}

absl::Status Abroad(const Options& options, const std::vector<LabelledPair>& report,
                    const CategoryVerifier& verifier, Embedder* embedder) {
  for (const char* source : kAbroad) {
    ASSIGN_OR_RETURN(const std::vector<VerifyPair> pairs,
                     EmbedPairs(Sample(report, source, options.limit), source, embedder));
    if (pairs.empty()) continue;
    ASSIGN_OR_RETURN(const std::vector<ScoredPair> scored, ScorePairs(pairs, *verifier.verifier));
    std::cout << "\n### Abroad: " << source << ", report half, " << pairs.size() << " pairs\n\n"
              << ToMarkdown(Rows(scored, verifier.rule));
  }
  return absl::OkStatus();
}

absl::Status Run(const Options& options) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Embedder> embedder,
                   OpenRememberedVectors(options.model_dir, options.vectors));

  const std::string home = options.data.empty() ? "demo" : kHome;
  ASSIGN_OR_RETURN(const std::vector<LabelledPair> tuning, Read(options, Half::kTuning));
  ASSIGN_OR_RETURN(const std::vector<LabelledPair> report, Read(options, Half::kReport));
  const std::vector<LabelledPair> learned =
      Sample(WithoutTextsOf(report, tuning), home, options.limit);
  ASSIGN_OR_RETURN(const std::vector<VerifyPair> pairs,
                   EmbedPairs(learned, "tuning half", embedder.get()));
  TrainOptions train;
  train.category = home;
  train.identity = embedder->identity();
  train.seed = options.seed;
  const auto start = std::chrono::steady_clock::now();
  ASSIGN_OR_RETURN(const TrainedVerifier trained, TrainVerifier(pairs, train, Call(SystemClock())));
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;

  std::cout << "## Verifier learned from labelled pairs\n\nSource: "
            << (options.data.empty() ? "the project's own queries (no --data)" : "pairs.tsv")
            << "; at most " << options.limit << " pairs a half; seed " << options.seed << ".\n"
            << ToMarkdown(trained, took.count());
  if (options.tuning_only) return absl::OkStatus();

  std::vector<Bar> bars;
  const absl::StatusOr<CategoryVerifier> verifier = MakeCategoryVerifier(trained);
  if (verifier.ok()) {
    ASSIGN_OR_RETURN(Bar bar, AtHome(options, report, *verifier, embedder.get()));
    bars.push_back(std::move(bar));
    std::cout
        << "\nA category without labelled pairs has no verifier: the plain cosine decides, and "
           "its ratio is 1 by\nconstruction. What this verifier would do there, were it used:\n";
    RETURN_IF_ERROR(Abroad(options, report, *verifier, embedder.get()));
  } else {
    std::cout << "\nNot adopted, so the plain cosine decides here too.\n";
  }
  bars.push_back(
      {"truth.3 false-accept rate against cosine without labelled pairs", 1, "x", 1, true,
       "by construction: without a verifier of its own a category has the plain cosine"});
  std::cout << "\n" << ToMarkdown(bars);
  return options.json.empty() ? absl::OkStatus() : WriteJson(bars, options.json);
}

}  // namespace
}  // namespace semcached::eval

int main(int argc, char** argv) {
  semcached::eval::Options options;
  CLI::App app("What a verifier learned from labelled pairs gains at home, and does abroad.");
  app.add_option("--data", options.data,
                 "Directory of pairs.tsv; without it, the project's own queries")
      ->envname("SEMCACHED_DATA_DIR");
  app.add_option("--demo", options.demo, "The project's own queries")->capture_default_str();
  app.add_option("--model-dir", options.model_dir, "Directory of the model and its tokenizer")
      ->capture_default_str();
  app.add_option("--vectors", options.vectors, "File of embeddings to remember")
      ->capture_default_str();
  app.add_option("--limit", options.limit, "Most pairs of a source and half")
      ->capture_default_str();
  app.add_option("--seed", options.seed, "Seed of the training")->capture_default_str();
  app.add_flag("--tuning-only", options.tuning_only,
               "Train and print its evidence; leave the report half alone");
  app.add_option("--json", options.json, "Write the bars to this file");
  CLI11_PARSE(app, argc, argv);
  const absl::Status status = semcached::eval::Run(options);
  if (!status.ok()) std::cerr << status.ToString() << '\n';
  return status.ok() ? EXIT_SUCCESS : EXIT_FAILURE;
}
