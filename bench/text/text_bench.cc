// semcached-bench-text: lookups by text beside the embedder alone, over the same texts, in one run.
#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <iostream>
#include <map>
#include <memory>
#include <sstream>
#include <utility>

#include "eval/bars.h"
#include "eval/machine.h"
#include "eval/server_under_test.h"
#include "integration/process.h"
#include "semcached/base/clock.h"
#include "semcached/base/cpus.h"
#include "semcached/base/spread.h"
#include "semcached/base/status.h"
#include "semcached/embed/onnx_embedder.h"
#include "support/temp_dir.h"
#include "text/bench_texts.h"
#include "text/manner.h"
#include "text/text_lookups.h"

namespace semcached::text {
namespace {

using Clock = std::chrono::steady_clock;
using Texts = absl::Span<const std::string>;

constexpr size_t kWarmUp = 32;     // texts of each part, before the first round
constexpr size_t kCompared = 256;  // texts whose vectors in batches and alone are compared
constexpr size_t kTurn = 32;       // texts that one side embeds before the other has its turn

struct Options {
  std::string data;
  std::string demo = SEMCACHED_SOURCE_DIR "/demo/queries.tsv";
  std::string model_dir = SEMCACHED_MODEL_DIR;
  std::string server = SEMCACHED_BIN_DIR "/semcached";
  std::string categories = SEMCACHED_SOURCE_DIR "/config/categories";
  size_t texts = 512;
  size_t rounds = 5;
  size_t callers = 16;
  size_t entries = 10'000;
  bool quick = false;
  std::string json;
};

double Seconds(Clock::time_point since) {
  return std::chrono::duration<double>(Clock::now() - since).count();
}

// Adds the microseconds of each.
absl::Status EmbedAlone(Embedder* embedder, Texts texts, std::vector<double>* micros) {
  for (const std::string& text : texts) {
    const std::string_view view = text;
    const Clock::time_point begin = Clock::now();
    RETURN_IF_ERROR(embedder->Embed({&view, 1}, Call(SystemClock())).status());
    micros->push_back(Seconds(begin) * 1e6);
  }
  return absl::OkStatus();
}

// What the calling process has used so far, all threads together.
double OwnCpuSeconds() {
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
  };
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

// What a process has used so far, in steps of the kernel's (10 ms); 0 if it is not there.
double CpuSeconds(pid_t pid) {
  const std::string stat = ReadFileOrEmpty(absl::StrCat("/proc/", pid, "/stat"));
  // The name, in brackets, may hold anything; user and system time are the 12th and 13th behind it.
  std::istringstream fields(stat.substr(std::min(stat.size(), stat.rfind(')') + 1)));
  std::string skipped;
  for (int i = 0; i < 11; ++i) fields >> skipped;
  double user = 0;
  double system = 0;
  fields >> user >> system;
  return (user + system) / static_cast<double>(sysconf(_SC_CLK_TCK));
}

// One figure a round.
struct Figures {
  std::vector<double> alone_micros;   // p50
  std::vector<double> lookup_micros;  // p50
  std::vector<double> lookups_a_second;
  // By the number of the manner and texts a run.
  std::map<std::pair<size_t, size_t>, std::vector<double>> texts_a_second;
  // Sums of all rounds, in seconds: of the embedder alone; of lookups at once, the server's and the
  // callers'.
  double alone_cpu = 0;
  double server_cpu = 0;
  double callers_cpu = 0;
};

double Median(const std::vector<double>& values) { return SpreadOf(values).median; }

double MedianRatio(const std::vector<double>& of, const std::vector<double>& to) {
  std::vector<double> ratios;
  for (size_t i = 0; i < of.size(); ++i) ratios.push_back(of[i] / to[i]);
  return Median(ratios);
}

class TextBench {
 public:
  explicit TextBench(const Options& options) : options_(options) {}

  // Whether every bar holds.
  absl::StatusOr<bool> Run() {
    RETURN_IF_ERROR(Prepare());
    RETURN_IF_ERROR(Round(kWarmUp));
    figures_ = {};
    for (size_t round = 1; round <= options_.rounds; ++round) {
      std::cerr << "texts: round " << round << " of " << options_.rounds << "\n";
      RETURN_IF_ERROR(Round(options_.texts));
    }
    const std::vector<std::string> sample =
        ByLength(Texts(texts_.texts).subspan(0, std::min(options_.texts, kCompared)));
    for (const size_t batch : batches_) {
      least_cosines_[batch] = LeastCosine(manners_[0].sessions[0].get(), sample, batch);
    }
    RETURN_IF_ERROR(server_->Stop());
    Print();
    const std::vector<eval::Bar> bars = Bars();
    std::cout << "\n## Bars\n\n" << eval::ToMarkdown(bars);
    if (!options_.json.empty()) RETURN_IF_ERROR(eval::WriteJson(bars, options_.json));
    return std::all_of(bars.begin(), bars.end(), [](const eval::Bar& bar) { return bar.holds(); });
  }

 private:
  absl::Status Prepare() {
    if (options_.quick) batches_ = {1, 4, 16};
    OnnxEmbedderOptions onnx;
    onnx.model_path = options_.model_dir + "/all-MiniLM-L6-v2.onnx";
    onnx.tokenizer_path = options_.model_dir + "/tokenizer.json";
    ASSIGN_OR_RETURN(embedder_, MakeOnnxEmbedder(onnx));
    ASSIGN_OR_RETURN(const WordPiece tokenizer,
                     WordPiece::Parse(ReadFileOrEmpty(options_.model_dir + "/tokenizer.json")));
    ASSIGN_OR_RETURN(texts_, ReadBenchTexts(options_.data, options_.demo, tokenizer,
                                            2 * (kWarmUp + options_.rounds * options_.texts)));
    for (const std::string& text : texts_.texts) {
      lengths_[text] = tokenizer.Encode(text, kMostTokens).size();
    }
    // With more cores than callers the server would be held against cores that nobody asks it to
    // use.
    const int cpus = std::min(UsableCpus(), static_cast<int>(options_.callers));
    ASSIGN_OR_RETURN(manners_, MakeManners(options_.model_dir, cpus));
    ASSIGN_OR_RETURN(server_, eval::ServerUnderTest::Start({options_.server, options_.categories,
                                                            options_.model_dir, work_.path()}));
    lookups_ = std::make_unique<TextLookups>(server_->address(), options_.callers);
    std::cerr << "texts: inserts " << options_.entries << " entries\n";
    return lookups_->Fill(options_.entries);
  }

  Texts Next(size_t count) {
    next_ += count;
    return Texts(texts_.texts).subspan(next_ - count, count);
  }

  // Neighbours of one length need no padding: the best that batches can hope for.
  std::vector<std::string> ByLength(Texts texts) const {
    std::vector<std::string> sorted(texts.begin(), texts.end());
    std::stable_sort(sorted.begin(), sorted.end(),
                     [this](const std::string& a, const std::string& b) {
                       return lengths_.at(a) < lengths_.at(b);
                     });
    return sorted;
  }

  absl::Status Round(size_t count) {
    const Texts one = Next(count);
    std::vector<double> alone;
    std::vector<double> asked;
    for (size_t begin = 0; begin < count; begin += kTurn) {
      const double before = OwnCpuSeconds();
      RETURN_IF_ERROR(EmbedAlone(embedder_.get(), one.subspan(begin, kTurn), &alone));
      figures_.alone_cpu += OwnCpuSeconds() - before;
      RETURN_IF_ERROR(lookups_->OneAfterTheOther(one.subspan(begin, kTurn), &asked));
    }
    figures_.alone_micros.push_back(Median(alone));
    figures_.lookup_micros.push_back(Median(asked));

    const Texts many = Next(count);
    const double server_before = CpuSeconds(server_->pid());
    const double own_before = OwnCpuSeconds();
    ASSIGN_OR_RETURN(const double at_once, lookups_->AtOnce(many));
    figures_.callers_cpu += OwnCpuSeconds() - own_before;
    figures_.server_cpu += CpuSeconds(server_->pid()) - server_before;
    figures_.lookups_a_second.push_back(at_once);
    const std::vector<std::string> by_length = ByLength(many);
    for (size_t manner = 0; manner < manners_.size(); ++manner) {
      for (const size_t batch : batches_) {
        figures_.texts_a_second[{manner, batch}].push_back(
            Throughput(manners_[manner], by_length, batch));
      }
    }
    return absl::OkStatus();
  }

  // The best of all manners, with `most` texts a run at most.
  std::pair<size_t, size_t> Best(size_t most) const {
    std::pair<size_t, size_t> best{0, 1};
    for (const auto& [how, figures] : figures_.texts_a_second) {
      if (how.second > most) continue;
      if (Median(figures) > Median(figures_.texts_a_second.at(best))) best = how;
    }
    return best;
  }

  std::string Name(std::pair<size_t, size_t> how) const {
    return absl::StrCat(manners_[how.first].name, ", ", how.second,
                        how.second == 1 ? " text a run" : " texts a run");
  }

  double ToBest(size_t most) const {
    return MedianRatio(figures_.lookups_a_second, figures_.texts_a_second.at(Best(most)));
  }

  double CpuMicros(double seconds) const {
    return seconds * 1e6 / static_cast<double>(options_.rounds * options_.texts);
  }

  void Print() const {
    std::cout << "# Lookups by text\n\n"
              << eval::WhenAndWhere() << ". " << absl::StrCat(options_.texts)
              << " texts of each kind in " << options_.rounds << " rounds in turn, "
              << texts_.source << absl::StrFormat(" of %.1f tokens on average", texts_.mean_tokens);
    if (texts_.made > 0) {
      std::cout << absl::StrFormat(" (%d of %d made of others by a number before them)",
                                   texts_.made, texts_.texts.size());
    }
    std::cout
        << "; none is looked up twice, and all miss. The server holds " << options_.entries
        << " entries of random vectors in the scope that is asked, and is asked over its Unix "
           "socket, on the same cores. Medians of the rounds.\n\n"
        << "| one caller | p50, us | to the embedder alone |\n| --- | ---: | ---: |\n"
        << absl::StrFormat("| the embedder alone, in process | %.0f | |\n",
                           Median(figures_.alone_micros))
        << absl::StrFormat("| a lookup | %.0f | %.2f |\n", Median(figures_.lookup_micros),
                           MedianRatio(figures_.lookup_micros, figures_.alone_micros));
    std::cout << "\nThe model in batches, in process, sorted by length, padded and masked, texts a "
                 "second; and how near, at worst, a text's vector then is to the one that it has "
                 "alone.\n\n| texts a run |";
    for (const Manner& manner : manners_) std::cout << " " << manner.name << " |";
    std::cout << " least cosine |\n| ---: |";
    for (size_t i = 0; i <= manners_.size(); ++i) std::cout << " ---: |";
    std::cout << "\n";
    for (const size_t batch : batches_) {
      std::cout << "| " << batch << " |";
      for (size_t manner = 0; manner < manners_.size(); ++manner) {
        std::cout << absl::StrFormat(" %.0f |",
                                     Median(figures_.texts_a_second.at({manner, batch})));
      }
      std::cout << absl::StrFormat(" %.4f |\n", least_cosines_.at(batch));
    }
    std::cout << absl::StrFormat(
        "\n| lookups of %d callers | |\n| --- | ---: |\n| texts a second | %.0f |\n"
        "| to the best batches (%s) | %.2f |\n| to the best without (%s) | %.2f |\n"
        "| CPU of the server, us a text | %.0f |\n| CPU of the callers, us a text | %.0f |\n"
        "| CPU of the embedder alone, us a text | %.0f |\n",
        options_.callers, Median(figures_.lookups_a_second), Name(Best(batches_.back())),
        ToBest(batches_.back()), Name(Best(1)), ToBest(1), CpuMicros(figures_.server_cpu),
        CpuMicros(figures_.callers_cpu), CpuMicros(figures_.alone_cpu));
  }

  std::vector<eval::Bar> Bars() const {
    return {{"speed.7 text lookup, miss: p50",
             MedianRatio(figures_.lookup_micros, figures_.alone_micros), "x", 1.15, true,
             "to the embedder alone in process over the same texts, one caller, median over the "
             "rounds"},
            {absl::StrCat("speed.7 text lookups of ", options_.callers, " callers: texts/s"),
             ToBest(batches_.back()), "x", 0.9, false,
             absl::StrCat("to the best of the model in batches over the same texts (",
                          Name(Best(batches_.back())), "), median over the rounds")}};
  }

  const Options options_;
  const TempDir work_;
  std::vector<size_t> batches_ = {1, 2, 4, 8, 16, 32};
  BenchTexts texts_;
  std::map<std::string, size_t> lengths_;  // in tokens
  size_t next_ = 0;                        // of texts_, that no server has seen
  std::unique_ptr<Embedder> embedder_;
  std::vector<Manner> manners_;
  std::unique_ptr<eval::ServerUnderTest> server_;
  std::unique_ptr<TextLookups> lookups_;
  Figures figures_;
  std::map<size_t, double> least_cosines_;
};

}  // namespace
}  // namespace semcached::text

int main(int argc, char** argv) {
  CLI::App app(
      "Measures lookups by text, which the server embeds, beside the embedder alone over the same "
      "texts in one run, and prints tables and bars. Starts a server in a directory of its own.\n"
      "Exits with 0 if every bar holds, 1 if one does not, 2 if something could not be measured.",
      "semcached-bench-text");
  semcached::text::Options options;
  app.add_option("--data", options.data,
                 "directory with queries.tsv; without: the project's own queries");
  app.add_option("--demo", options.demo, "the project's own queries")->capture_default_str();
  app.add_option("--model-dir", options.model_dir, "the embedding model")->capture_default_str();
  app.add_option("--server", options.server, "the server to measure")->capture_default_str();
  app.add_option("--categories", options.categories, "directory of the category files")
      ->capture_default_str();
  app.add_option("--texts", options.texts, "of each kind, in each round")
      ->check(CLI::Range(32, 10'000))
      ->capture_default_str();
  app.add_option("--rounds", options.rounds, "how often all are measured in turn")
      ->check(CLI::Range(1, 100))
      ->capture_default_str();
  app.add_option("--callers", options.callers, "that look up at once")
      ->check(CLI::Range(1, 128))
      ->capture_default_str();
  app.add_option("--entries", options.entries, "that the server holds")
      ->check(CLI::Range(1, 100'000))
      ->capture_default_str();
  app.add_flag("--quick", options.quick, "fewer sizes of batches");
  app.add_option("--json", options.json,
                 "file for the bars: an array of {\"name\",\"value\",\"unit\",\"limit\",\"holds\","
                 "\"method\"}");
  CLI11_PARSE(app, argc, argv);
  const absl::StatusOr<bool> hold = semcached::text::TextBench(options).Run();
  if (hold.ok()) return *hold ? 0 : 1;
  std::cerr << "semcached-bench-text: " << hold.status().message() << "\n";
  return 2;
}
