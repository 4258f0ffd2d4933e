// Injects faults into a real server from outside, and judges every answer.

#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>
#include <absl/time/clock.h>

#include <CLI/CLI.hpp>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <random>

#include "fault/cases.h"
#include "main/table.h"

namespace semcached {

const std::vector<Case>& AllCases() {
  static const std::vector<Case> cases = {
      {"kill", "fault.1", "kill -9 at random under mixed load", 20, 200, 1000, MayLose::kNothing,
       KillAtRandom},
      {"stop", "", "SIGTERM under load", 3, 50, 100, MayLose::kNothing, StopUnderLoad},
      {"pause", "", "SIGSTOP for 3 s under load, then SIGCONT", 1, 20, 20, MayLose::kNothing,
       PauseUnderLoad},
      {"restart", "", "restarts without traffic", 10, 200, 1000, MayLose::kNothing,
       RestartWithoutTraffic},
      {"points", "fault.1", "death before and after writes, syncs, renames and answers", 16, 160,
       320, MayLose::kNothing, KillAtPoints},
      {"syncs", "fault.3", "syncs of the store fail under load", 8, 100, 100, MayLose::kNothing,
       FailSyncs},
      {"power", "", "the power fails under load: what was not synced is gone", 3, 100, 200,
       MayLose::kTheLast, LosePowerUnderLoad},
      {"slow-disk", "", "each write and sync takes 500 ms longer for some seconds", 1, 20, 50,
       MayLose::kNothing, SlowDisk},
      {"clock", "fault.10", "the wall clock jumps by an hour and by ten years", 1, 5, 20,
       MayLose::kNothing, JumpingClock},
      {"memory", "fault.8", "ten seconds of inserts, each run, in 512 MiB", 1, 60, 360,
       MayLose::kAnything, InsertForEver},
      {"neighbour", "", "another process takes what is left of 512 MiB", 1, 20, 50,
       MayLose::kAnything, NeighbourTakesMemory},
      {"overload", "", "ten times as many lookups as can be embedded", 1, 12, 12, MayLose::kNothing,
       TenTimesTheCapacity},
      {"flood", "fault.7", "more connections at once than the server may open files", 3, 20, 20,
       MayLose::kNothing, FloodOfConnections},
      {"idle", "", "900 idle connections, and silent ones", 1, 10, 10, MayLose::kNothing,
       IdleConnections},
      {"pings", "", "a caller pings without end", 3, 100, 100, MayLose::kNothing, FloodOfPings},
      {"damage", "fault.4", "flips, cuts, zeros and removals in the store's files", 30, 1000, 1000,
       MayLose::kAnything, MutateStore},
      {"graphs", "fault.4", "flips, cuts, zeros and removals in a kept graph", 5, 1000, 1000,
       MayLose::kNothing, MutateGraphs},
      {"quota", "fault.2", "inserts far beyond disk_limit", 1, 10, 50, MayLose::kAnything,
       FillOurQuota},
      {"disk", "fault.2", "another process fills the disk", 1, 10, 50, MayLose::kNothing,
       FillTheDisk},
      {"vectors", "fault.5", "NaN, infinite, zero and other bad vectors", 1000, 10'000, 10'000,
       MayLose::kNothing, BadVectors},
      {"scopes", "fault.9", "questions of other scopes, on each path", 2000, 10'000, 100'000,
       MayLose::kNothing, CrossScope},
      {"timing", "", "whether the time of an answer tells what others have stored", 1, 10, 10,
       MayLose::kNothing, TimingAudit},
      {"broken-files", "fault.6", "category files that are wrong", 30, 30, 30, MayLose::kNothing,
       BrokenReloads},
      {"reloads", "fault.6", "good reloads under load", 50, 1000, 1000, MayLose::kNothing,
       ReloadsUnderLoad},
  };
  return cases;
}

namespace {

// As CTest knows that a test was skipped.
constexpr int kNothingRun = 77;

struct Line {
  const Case* which;
  CaseReport report;
  absl::Duration took;

  // What may undo an insert may undo a deletion.
  bool MayComeBack() const { return which->may_lose != MayLose::kNothing; }
  bool MayBeLost() const { return which->may_lose == MayLose::kAnything; }
  int64_t Wrong() const {
    return report.findings.wrong + (MayComeBack() ? 0 : report.findings.came_back);
  }
  bool Holds() const {
    return Wrong() == 0 && report.broken.empty() && (MayBeLost() || report.findings.lost == 0);
  }
};

void PrintTable(const std::vector<Line>& lines) {
  Table table({"case", "runs", "lookups", "hits", "wrong answers", "came back", "acknowledged lost",
               "seconds", "", "what"});
  for (const Line& line : lines) {
    const Findings& findings = line.report.findings;
    const bool ran = !line.report.not_run.has_value();
    table.Add({line.which->name, absl::StrCat(line.report.rounds), absl::StrCat(findings.lookups),
               absl::StrCat(findings.hits), absl::StrCat(line.Wrong()),
               absl::StrCat(findings.came_back),
               line.MayBeLost() ? "-" : absl::StrCat(findings.lost),
               absl::StrFormat("%.1f", absl::ToDoubleSeconds(line.took)),
               !ran           ? "not run"
               : line.Holds() ? "holds"
                              : "FAILS",
               line.which->what});
  }
  table.Print(std::cout);
  for (const Line& line : lines) {
    if (line.report.not_run) std::cout << line.which->name << ": " << *line.report.not_run << "\n";
    for (const std::string& broken : line.report.broken) {
      std::cout << line.which->name << ": " << broken << "\n";
    }
    const Findings& findings = line.report.findings;
    std::vector<std::string> notes = findings.wrong_notes;
    const auto add = [&notes](const std::vector<std::string>& more) {
      notes.insert(notes.end(), more.begin(), more.end());
    };
    if (!line.MayComeBack()) add(findings.came_back_notes);
    if (!line.MayBeLost()) add(findings.lost_notes);
    add(line.report.notes);
    for (const std::string& note : notes) std::cout << line.which->name << ": " << note << "\n";
  }
}

void WriteJson(const std::string& file, const std::vector<Line>& lines) {
  nlohmann::json bars = nlohmann::json::array();
  for (const Line& line : lines) {
    if (line.report.not_run || *line.which->bar == '\0') continue;
    const auto add = [&](const char* what, int64_t value) {
      bars.push_back({{"name", absl::StrCat(line.which->bar, " ", line.which->name, ": ", what)},
                      {"value", value},
                      {"unit", ""},
                      {"limit", 0},
                      {"at_most", true},
                      {"holds", value == 0},
                      {"method", absl::StrCat(line.which->what, ", ", line.report.rounds, " runs, ",
                                              line.report.findings.lookups, " judged lookups")}});
    };
    add("wrong answers", line.Wrong());
    if (!line.MayBeLost()) add("acknowledged entries lost", line.report.findings.lost);
    add("other expectations that did not hold", static_cast<int64_t>(line.report.broken.size()));
  }
  std::ofstream(file) << bars.dump(2) << "\n";
}

int Run(const std::vector<std::string>& names, int Case::*rounds, uint64_t seed,
        const std::string& json) {
  std::vector<Line> lines;
  for (const Case& one : AllCases()) {
    if (!names.empty() && std::find(names.begin(), names.end(), one.name) == names.end()) continue;
    std::cerr << "== " << one.name << ": " << one.*rounds << " runs, seed " << seed << "\n";
    const absl::Time begin = absl::Now();
    lines.push_back({&one, one.run(one.*rounds, seed), absl::ZeroDuration()});
    lines.back().took = absl::Now() - begin;
  }
  PrintTable(lines);
  if (!json.empty()) WriteJson(json, lines);
  const auto holds = [](const Line& line) { return line.Holds(); };
  const auto not_run = [](const Line& line) { return line.report.not_run.has_value(); };
  if (std::all_of(lines.begin(), lines.end(), not_run)) return kNothingRun;
  return std::all_of(lines.begin(), lines.end(), holds) ? 0 : 1;
}

}  // namespace
}  // namespace semcached

int main(int argc, char** argv) {
  CLI::App app(
      "semcached-fault: injects faults into a real server and judges every answer.\n"
      "Exit status: 0 all held, 1 something did not, 2 usage, 77 nothing could be run.");
  bool quick = false;
  bool nightly = false;
  bool release = false;
  std::vector<std::string> names;
  uint64_t seed = std::random_device()();
  std::string json;
  app.add_flag("--quick", quick, "few rounds of each case; the default");
  app.add_flag("--nightly", nightly, "as many as a night allows");
  app.add_flag("--release", release, "as many as a release needs");
  std::vector<std::string> known;
  for (const semcached::Case& one : semcached::AllCases()) known.emplace_back(one.name);
  app.add_option("--case", names, "these only")->check(CLI::IsMember(known));
  app.add_option("--seed", seed, "of all randomness; default: another each time, and printed");
  app.add_option("--json", json, "write the bars to this file, as JSON");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  int semcached::Case::*const rounds = release   ? &semcached::Case::release
                                       : nightly ? &semcached::Case::nightly
                                                 : &semcached::Case::quick;
  return semcached::Run(names, rounds, seed, json);
}
