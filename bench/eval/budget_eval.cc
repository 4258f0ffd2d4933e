// semcached-eval-budget: whether an error budget is kept over a stream of lookups, and at what
// cost.
#include <absl/strings/str_format.h>

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <utility>

#include "eval/bars.h"
#include "eval/budget_report.h"
#include "eval/budget_stream.h"
#include "eval/labelled_pairs.h"
#include "semcached/base/status.h"
#include "semcached/embed/remembered_vectors.h"

namespace semcached::eval {
namespace {

struct Options {
  std::string data;
  std::string demo = SEMCACHED_SOURCE_DIR "/demo/queries.tsv";
  std::string model_dir = SEMCACHED_MODEL_DIR;
  std::string vectors = SEMCACHED_BINARY_DIR "/eval-budget.vectors";
  std::string half = "report";
  size_t scopes = 40;
  size_t seeds = 5;
  std::string json;
};

absl::StatusOr<QuestionSet> ReadQuestions(const Options& options) {
  if (options.data.empty()) return GroupDemo(options.demo);
  const Half half = options.half == "report" ? Half::kReport : Half::kTuning;
  ASSIGN_OR_RETURN(std::vector<LabelledPair> pairs, ReadPairs(options.data + "/pairs.tsv", half));
  std::erase_if(pairs, [](const LabelledPair& pair) { return pair.source != "qqp"; });
  return GroupPairs(pairs, {});
}

Streams MakeStreams(const QuestionSet& questions, size_t scopes, size_t seeds) {
  Streams streams;
  for (uint64_t seed = 1; seed <= seeds; ++seed) {
    streams.push_back(MakeStream(questions, scopes, seed));
  }
  return streams;
}

std::string Describe(const Options& options, const QuestionSet& questions, const Stream& stream) {
  const size_t scopes = options.data.empty() ? 1 : options.scopes;
  std::string text = "## Error budget (truth.5)\n\n";
  if (options.data.empty()) {
    text +=
        "Without --data: the project's own few queries, which are far too few to learn from. The "
        "figures show that the program runs, and no more.\n\n";
  } else {
    text += absl::StrFormat(
        "Quora question pairs, %s half. Truth: a hit is right if both texts are of one group, the "
        "closure of label 1. ",
        options.half);
  }
  text += absl::StrFormat(
      "The stream: %d groups of two texts or more and %d pairs that look alike and are not, dealt "
      "to %d scopes of one category. In each scope a random half of a group's texts is cached "
      "beforehand and the other half looked up, and so are the two sides of a pair; "
      "%d single texts, and texts of other scopes' groups, are looked up in vain. A second round "
      "changes the halves. %d entries a round, %d lookups in all, %.0f %% of them related to an "
      "entry. One lookup a second; nothing is inserted on a miss; no guards. Seeds deal, halve and "
      "shuffle. Configured threshold 0.90, min_similarity_threshold %.2f; evidence from nothing "
      "on. "
      "A verdict is the truth; it comes on the stated share of hits, and of candidates up to %.2f "
      "below the threshold, as an audit would tell.\n\n",
      questions.shared_groups, questions.unlike.size(), scopes, questions.single.size(),
      stream.entries, stream.lookups.size(),
      100.0 * static_cast<double>(stream.related) / static_cast<double>(stream.lookups.size()),
      kLeastSimilarity, kNearMiss);
  text +=
      "Per-entry learning (vCache, arXiv 2502.03771) runs on the same stream with the budget as "
      "its delta. It needs several lookups of one entry before it serves at all, and here an entry "
      "is asked for about once; and its promise is wrong answers by lookup, not by hit.\n\n";
  return text;
}

absl::Status Run(const Options& options) {
  ASSIGN_OR_RETURN(QuestionSet questions, ReadQuestions(options));
  ASSIGN_OR_RETURN(const std::unique_ptr<Embedder> embedder,
                   OpenRememberedVectors(options.model_dir, options.vectors));
  RETURN_IF_ERROR(EmbedQuestions(embedder.get(), &questions));
  FindNeighbours(&questions);

  const bool demo = options.data.empty();
  const Streams streams = MakeStreams(questions, demo ? 1 : options.scopes, options.seeds);
  std::cout << Describe(options, questions, streams.front());
  if (!demo) {
    std::cout
        << "People labelled pairs, not groups, so the same question stands in several groups, and "
           "a hit across them counts as false. "
        << LabelNoise("With all groups in one scope", MakeStreams(questions, 1, options.seeds))
        << " No budget below that could be kept, or measured. So the groups are dealt to scopes. "
        << LabelNoise("On this stream", streams) << "\n\n";
  }
  std::vector<Bar> bars;
  std::cout << ReportBudgets(streams, demo ? nullptr : &bars);
  if (!bars.empty()) std::cout << ToMarkdown(bars);
  return options.json.empty() ? absl::OkStatus() : WriteJson(bars, options.json);
}

}  // namespace
}  // namespace semcached::eval

int main(int argc, char** argv) {
  semcached::eval::Options options;
  CLI::App app("Whether an error budget is kept over a stream of lookups, and at what cost.");
  app.add_option("--data", options.data,
                 "Directory of pairs.tsv; without it, the project's own few queries")
      ->envname("SEMCACHED_DATA_DIR");
  app.add_option("--demo", options.demo, "The project's own queries")->capture_default_str();
  app.add_option("--model-dir", options.model_dir, "Directory of the model and its tokenizer")
      ->capture_default_str();
  app.add_option("--vectors", options.vectors, "File of embeddings to remember")
      ->capture_default_str();
  app.add_option("--half", options.half, "Pairs to use; what is tuned is tuned on `tuning` alone")
      ->check(CLI::IsMember({"tuning", "report"}))
      ->capture_default_str();
  app.add_option("--scopes", options.scopes, "Scopes that the groups are dealt to")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  app.add_option("--seeds", options.seeds, "Streams to make")
      ->check(CLI::Range(1, 100))
      ->capture_default_str();
  app.add_option("--json", options.json, "Write the bars to this file");
  CLI11_PARSE(app, argc, argv);
  const absl::Status status = semcached::eval::Run(options);
  if (!status.ok()) std::cerr << status.ToString() << '\n';
  return status.ok() ? EXIT_SUCCESS : EXIT_FAILURE;
}
