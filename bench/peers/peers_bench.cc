// semcached-bench-index: the index beside others, over the same vectors, in one run.
#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "eval/bars.h"
#include "eval/machine.h"
#include "eval/section.h"
#include "peers/hnswlib_peer.h"
#include "peers/index_sections.h"
#include "peers/measure.h"
#include "semcached/base/spread.h"
#include "semcached/base/status.h"

namespace semcached::peers {
namespace {

const bool registered = Register({"hnswlib", {16, 32, 64, 128, 256}, 1'000'000, MakeHnswlibPeer});

struct Options {
  std::string data;
  std::string model_dir = SEMCACHED_MODEL_DIR;
  std::string memory = SEMCACHED_BINARY_DIR "/bench-index.vectors";
  std::vector<size_t> sizes = {1'000, 10'000, 100'000};
  size_t queries = 1'000;
  int rounds = 5;
  bool quick = false;
  std::string json;
  std::string plots;
  std::string write;  // directory for the vectors, and nothing is measured
};

std::string Cell(double micros) {
  return micros < 0 ? std::string() : absl::StrFormat("%.1f", micros);
}

void PrintTable(size_t entries, const Collection& collection,
                const std::vector<PeerFigures>& figures) {
  std::cout
      << "\n### " << entries << " entries\n\n"
      << absl::StrFormat(
             "Made, for want of others: %d of %d entries and %d of %d hits, at a cosine of about "
             "%.1f to an entry; %d of %d misses, at %.1f.\n\n",
             collection.made_stored, entries, collection.made_hits, collection.hits.size(),
             kMadeNear, collection.made_misses, collection.misses.size(), kMadeFar)
      << "| index | effort | recall | hit, us | miss, us | build, s | bytes an entry | insert, "
         "us | erase, us |\n"
      << "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n";
  for (const PeerFigures& one : figures) {
    std::cout << absl::StrFormat(
        "| %s | %s | %.4f | %.1f | %.1f | %.2f | %.0f | %s | %s |\n", one.name,
        one.effort == 0 ? "" : absl::StrCat(one.effort), one.recall,
        SpreadOf(one.hit_micros).median, SpreadOf(one.miss_micros).median, one.build_seconds,
        one.bytes_per_entry, Cell(one.insert_micros), Cell(one.erase_micros));
  }
  std::cout << std::flush;
}

double MedianRatio(const std::vector<double>& of, const std::vector<double>& to) {
  std::vector<double> ratios;
  for (size_t i = 0; i < of.size(); ++i) ratios.push_back(of[i] / to[i]);
  return SpreadOf(ratios).median;
}

// The limits of speed.3: how much faster than hnswlib.
double LeastRatio(size_t entries) {
  if (entries <= 10'000) return 1.5;
  return entries <= 100'000 ? 1.2 : 0.8;
}

void AddSpeedBars(size_t entries, const std::vector<PeerFigures>& figures,
                  std::vector<eval::Bar>* bars) {
  const auto named = [&](const std::string& name) -> const PeerFigures* {
    for (const PeerFigures& one : figures) {
      if (one.name == name) return &one;
    }
    return nullptr;
  };
  const PeerFigures* hnswlib = named("hnswlib");
  for (const char* type : {"auto", "hnsw", "flat"}) {
    const PeerFigures* own = named(absl::StrCat("semcached ", type));
    if (own == nullptr) continue;
    const std::string what = absl::StrCat(" ", type, ", ", entries, " entries");
    bars->push_back({absl::StrCat("speed.3 recall", what), own->recall, "", kWantedRecall, false,
                     "share of the true nearest neighbours at or above 0.80 among the proposals"});
    if (entries <= 1'000) {
      bars->push_back({absl::StrCat("speed.3 hit", what), SpreadOf(own->hit_micros).median, "us",
                       10, true, "median of the rounds' means"});
      bars->push_back({absl::StrCat("speed.3 miss", what), SpreadOf(own->miss_micros).median, "us",
                       10, true, "median of the rounds' means"});
    } else if (hnswlib != nullptr) {
      const char* method = "median over the rounds of hnswlib's time over ours";
      bars->push_back({absl::StrCat("speed.3 hit", what),
                       MedianRatio(hnswlib->hit_micros, own->hit_micros), "x", LeastRatio(entries),
                       false, method});
      bars->push_back({absl::StrCat("speed.3 miss", what),
                       MedianRatio(hnswlib->miss_micros, own->miss_micros), "x",
                       LeastRatio(entries), false, method});
    }
  }
}

absl::Status WriteRows(const std::vector<Vector>& rows, const std::filesystem::path& file) {
  std::ofstream output(file, std::ios::binary);
  for (const Vector& row : rows) {
    output.write(reinterpret_cast<const char*>(row.data()),
                 static_cast<std::streamsize>(row.size() * sizeof(float)));
  }
  output.close();
  if (output) return absl::OkStatus();
  return absl::UnavailableError(absl::StrCat(file.string(), ": cannot be written"));
}

// What semcached-bench load takes: vectors of entries, and some that are near to none of them.
absl::Status WriteVectors(const BenchVectors& vectors, size_t entries, size_t queries,
                          const std::string& directory) {
  const Collection collection = Collect(vectors, entries, queries);
  RETURN_IF_ERROR(WriteRows(collection.stored, std::filesystem::path(directory) / "entries.f32"));
  return WriteRows(collection.misses, std::filesystem::path(directory) / "misses.f32");
}

int Run(const Options& options) {
  const size_t largest = *std::max_element(options.sizes.begin(), options.sizes.end());
  const absl::StatusOr<BenchVectors> vectors =
      LoadVectors(options.data, options.model_dir, options.memory,
                  std::min<size_t>(210'000, largest + largest / 10 + 4 * options.queries));
  if (!vectors.ok()) {
    std::cerr << "semcached-bench-index: " << vectors.status().message() << "\n";
    return 2;
  }
  if (!options.write.empty()) {
    const absl::Status written = WriteVectors(*vectors, largest, options.queries, options.write);
    if (!written.ok()) std::cerr << "semcached-bench-index: " << written.message() << "\n";
    return written.ok() ? 0 : 2;
  }
  std::cout
      << "# The index beside others\n\n"
      << eval::WhenAndWhere() << ". 384 components: " << vectors->source
      << ". One core; queries are vectors of that source that are not stored, and made ones where "
         "there are too few; hits have a stored neighbour at a cosine of 0.80 or more. Effort is "
         "the least of those tried (ef, nprobe) that finds "
         "0.999 of the true nearest of the hits. Medians of "
      << options.rounds << " rounds in turn.\n";
  std::vector<eval::Bar> bars;
  for (const size_t entries : options.sizes) {
    const Collection collection = Collect(*vectors, entries, options.queries);
    const std::vector<PeerFigures> figures = Measure(AllPeers(), collection, options.rounds);
    PrintTable(entries, collection, figures);
    AddSpeedBars(entries, figures, &bars);
  }
  TemplateSection(options.quick, options.queries, &bars);
  TurnoverSection(*vectors, options.quick, &bars);
  MemorySection(*vectors, options.quick, &bars);
  EmptyCategorySection(options.quick, &bars);
  const auto plots = CurvesSection(*vectors, options.quick, /*shown=*/!options.plots.empty());
  if (!options.plots.empty()) {
    if (const absl::Status status = eval::WritePlots(plots, options.plots); !status.ok()) {
      std::cerr << "semcached-bench-index: " << status.message() << "\n";
      return 2;
    }
  }
  std::cout << "\n## Bars\n\n" << eval::ToMarkdown(bars);
  if (!options.json.empty()) {
    if (const absl::Status status = eval::WriteJson(bars, options.json); !status.ok()) {
      std::cerr << "semcached-bench-index: " << status.message() << "\n";
      return 2;
    }
  }
  return std::all_of(bars.begin(), bars.end(), [](const eval::Bar& bar) { return bar.holds(); })
             ? 0
             : 1;
}

}  // namespace
}  // namespace semcached::peers

int main(int argc, char** argv) {
  CLI::App app(
      "Measures the index beside hnswlib, Faiss and a linear scan, over the same vectors in one "
      "run, and prints tables and bars. hnswlib is compiled for the processor of the machine that "
      "built "
      "this: measure there.\nExits with 0 if every bar holds, 1 if one does not, 2 if "
      "something could not be measured.",
      "semcached-bench-index");
  semcached::peers::Options options;
  app.add_option("--data", options.data,
                 "directory with pairs.tsv and queries.tsv, whose texts are embedded (minutes, the "
                 "first time); without: synthetic vectors");
  app.add_option("--model-dir", options.model_dir, "the embedding model")->capture_default_str();
  app.add_option("--memory", options.memory, "file that keeps embeddings over runs")
      ->capture_default_str();
  app.add_option("--sizes", options.sizes, "entries, several by commas; 1000 to 1000000")
      ->delimiter(',')
      ->check(CLI::Range(1'000, 1'000'000))
      ->capture_default_str();
  app.add_option("--queries", options.queries, "hits, and as many misses")
      ->check(CLI::Range(10, 100'000))
      ->capture_default_str();
  app.add_flag("--quick", options.quick, "fewer entries in the sections beside the comparison");
  app.add_option("--rounds", options.rounds, "how often all are asked in turn")
      ->check(CLI::Range(1, 100))
      ->capture_default_str();
  app.add_option(
      "--plots", options.plots,
      "directory for the curves, as SVG; the report shows them as files beside its page");
  app.add_option("--write", options.write,
                 "directory for entries.f32, vectors of the largest size, and misses.f32, as many "
                 "as --queries that are near to none of those (float32, one after the other), as "
                 "semcached-bench load takes them; nothing is measured")
      ->check(CLI::ExistingDirectory);
  app.add_option("--json", options.json,
                 "file for the bars: an array of {\"name\",\"value\",\"unit\",\"limit\",\"holds\","
                 "\"method\"}");
  CLI11_PARSE(app, argc, argv);
  return semcached::peers::Run(options);
}
