// semcached-eval-classify: how well the shipped categories are told apart, on labelled queries.
#include <absl/container/flat_hash_set.h>
#include <absl/strings/ascii.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <sstream>
#include <utility>

#include "eval/classify_report.h"
#include "eval/labelled_queries.h"
#include "semcached/base/clock.h"
#include "semcached/base/status.h"
#include "semcached/cache/learn_classifier.h"
#include "semcached/config/load.h"
#include "semcached/embed/remembered_vectors.h"

namespace semcached::eval {
namespace {

struct Options {
  std::string data;
  std::string demo = SEMCACHED_SOURCE_DIR "/demo/queries.tsv";
  std::string labels = SEMCACHED_SOURCE_DIR "/bench/eval/labels.tsv";
  std::string categories = SEMCACHED_SOURCE_DIR "/config/categories";
  std::string model_dir = SEMCACHED_MODEL_DIR;
  std::string vectors = SEMCACHED_BINARY_DIR "/eval-classify.vectors";
  std::string default_category = "factual";
  std::string half = "odd";
  double margin = PrototypeOptions{}.margin;
  double private_margin = PrototypeOptions{}.private_margin;
  size_t limit = 600;
  bool curve = false;
  bool json = false;
  std::string wrong;
};

absl::StatusOr<CategoryPolicySet> ReadCategoryFiles(const Options& options) {
  CategoryPolicySet set;
  set.default_category = options.default_category;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(options.categories, error)) {
    if (entry.path().extension() != ".yaml") continue;
    std::stringstream content;
    content << std::ifstream(entry.path()).rdbuf();
    ConfigResult<CategoryPolicy> policy = ParseCategory(entry.path(), content.str());
    if (!policy.ok()) return absl::InvalidArgumentError(ToString(policy.errors));
    std::string name = policy.value->category;
    set.categories.emplace(std::move(name), *std::move(policy.value));
  }
  if (error) return absl::NotFoundError(absl::StrCat(options.categories, ": ", error.message()));
  return set;
}

// Letters and digits alone, in lower case.
std::string Bare(std::string_view text) {
  std::string bare;
  for (const char c : text) {
    if (absl::ascii_isalnum(static_cast<unsigned char>(c)))
      bare += absl::ascii_tolower(static_cast<unsigned char>(c));
  }
  return bare;
}

// The queries of one half, with their vectors.
struct Questions {
  std::vector<LabelledQuery> queries;
  std::vector<std::vector<float>> vectors;
};

// A query that is an example, word for word, would be no test: it is left out.
absl::StatusOr<Questions> Ask(const Options& options, const CategoryPolicySet& categories,
                              Embedder* embedder) {
  ASSIGN_OR_RETURN(const std::vector<Label> labels, ReadLabels(options.labels));
  const bool demo = options.data.empty();
  ASSIGN_OR_RETURN(Sample sample, demo ? ReadDemo(options.demo, labels)
                                       : ReadDataSets(options.data, labels, options.limit));
  absl::flat_hash_set<std::string> examples;
  for (const auto& [name, policy] : categories.categories) {
    for (const std::string& example : policy.examples) examples.insert(Bare(example));
  }
  size_t are_examples = 0;
  Questions questions;
  std::vector<std::string_view> texts;
  const auto is_odd = [](const LabelledQuery& query) { return (query.hash & 1) != 0; };
  for (LabelledQuery& query : sample.queries) {
    if (options.half != "all" && is_odd(query) != (options.half == "odd")) continue;
    if (examples.contains(Bare(query.text))) {
      ++are_examples;
      continue;
    }
    questions.queries.push_back(std::move(query));
  }
  for (const LabelledQuery& query : questions.queries) texts.push_back(query.text);
  std::cerr << sample.read << " queries of "
            << (demo ? "the project's own set (no --data)" : options.data) << ", "
            << sample.left_out << " left out by their label, " << sample.unlabelled
            << " without one, " << are_examples << " of this half are examples; " << texts.size()
            << " in this sample\n";
  ASSIGN_OR_RETURN(questions.vectors, embedder->Embed(texts, Call(SystemClock())));
  return questions;
}

ClassifyReport Judge(const Questions& questions, const Classifier& classifier,
                     std::ostream* wrong) {
  ClassifyReport report("personal");
  for (size_t i = 0; i < questions.queries.size(); ++i) {
    const LabelledQuery& query = questions.queries[i];
    const Classification result = classifier.Classify(questions.vectors[i]);
    report.Add(query, result);
    if (wrong != nullptr && result.category != query.expected.front()) {
      *wrong << query.source << '\t' << query.expected.front() << '\t' << result.category << '\t'
             << (result.sure ? "sure" : "default") << '\t' << result.lead << '\t' << query.text
             << '\n';
    }
  }
  return report;
}

absl::Status Run(const Options& options) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Embedder> embedder,
                   OpenRememberedVectors(options.model_dir, options.vectors));
  ASSIGN_OR_RETURN(const CategoryPolicySet categories, ReadCategoryFiles(options));
  ASSIGN_OR_RETURN(const Questions questions, Ask(options, categories, embedder.get()));

  ClassifierTeacher teacher;
  const auto learn = [&](double margin, double private_margin) {
    return teacher.Learn(categories, {options.default_category, margin, private_margin},
                         embedder.get(), Call(SystemClock()));
  };
  if (options.curve) {
    std::cout << "| private_margin | leak | needless bypass | macro accuracy | default |\n"
              << "| ---: | ---: | ---: | ---: | ---: |\n";
    for (double private_margin = 0; private_margin < 0.301; private_margin += 0.025) {
      ASSIGN_OR_RETURN(const auto classifier, learn(options.margin, private_margin));
      const ClassifyReport report = Judge(questions, *classifier, nullptr);
      std::cout << absl::StrFormat(
          "| %.3f | %.1f %% | %.1f %% | %.3f | %.1f %% |\n", private_margin, 100 * report.Leak(),
          100 * report.NeedlessBypass(), report.MacroAccuracy(false), 100 * report.DefaultShare());
    }
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(const auto classifier, learn(options.margin, options.private_margin));
  std::ofstream wrong;
  if (!options.wrong.empty()) wrong.open(options.wrong);
  const ClassifyReport report =
      Judge(questions, *classifier, options.wrong.empty() ? nullptr : &wrong);
  std::cout << (options.json ? report.ToJson() : report.ToMarkdown());
  return absl::OkStatus();
}

}  // namespace
}  // namespace semcached::eval

int main(int argc, char** argv) {
  semcached::eval::Options options;
  CLI::App app("How well the shipped categories are told apart, on labelled queries.");
  app.add_option("--data", options.data,
                 "Directory of queries.tsv and volatile.tsv; without it, the project's own queries")
      ->envname("SEMCACHED_DATA_DIR");
  app.add_option("--demo", options.demo, "The project's own queries")->capture_default_str();
  app.add_option("--labels", options.labels, "Labels, and the category each means")
      ->capture_default_str();
  app.add_option("--categories", options.categories, "Directory of the category files")
      ->capture_default_str();
  app.add_option("--default-category", options.default_category)->capture_default_str();
  app.add_option("--model-dir", options.model_dir, "Directory of the model and its tokenizer")
      ->capture_default_str();
  app.add_option("--vectors", options.vectors, "File of embeddings to remember")
      ->capture_default_str();
  app.add_option("--half", options.half, "Rows to report, by the last bit of the text's hash")
      ->check(CLI::IsMember({"even", "odd", "all"}))
      ->capture_default_str();
  app.add_option("--limit", options.limit, "Most queries of one source and expectation")
      ->capture_default_str();
  app.add_option("--margin", options.margin)->capture_default_str();
  app.add_option("--private-margin", options.private_margin)->capture_default_str();
  app.add_flag("--curve", options.curve, "Print figures by private margin instead");
  app.add_option("--wrong", options.wrong, "Write what is not as expected to this file");
  app.add_flag("--json", options.json, "Print JSON");
  CLI11_PARSE(app, argc, argv);
  const absl::Status status = semcached::eval::Run(options);
  if (!status.ok()) std::cerr << status.ToString() << '\n';
  return status.ok() ? EXIT_SUCCESS : EXIT_FAILURE;
}
