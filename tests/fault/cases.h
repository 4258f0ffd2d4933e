// The faults that are injected. Each case runs a number of rounds against a real server and says
// what it found; docs/reliability.md tells what each stands for.
#ifndef SEMCACHED_TESTS_FAULT_CASES_H_
#define SEMCACHED_TESTS_FAULT_CASES_H_

#include <absl/time/time.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "fault/traffic.h"

namespace semcached {

struct CaseReport {
  int rounds = 0;  // that were run
  Findings findings;
  std::vector<std::string> broken;     // what else did not hold, in words; empty: all did
  std::vector<std::string> notes;      // what else was found, which may be so
  std::optional<std::string> not_run;  // why
  void Expect(bool held, const std::string& otherwise) {
    if (!held && broken.size() < 5) broken.push_back(otherwise);
  }
  // One more round, which had a scene to itself.
  void Join(const CaseReport& round) {
    ++rounds;
    Add(round.findings, &findings);
    for (const std::string& one : round.broken) Expect(false, one);
    notes.insert(notes.end(), round.notes.begin(), round.notes.end());
  }
};

// What a case plays on: a server, the record of what it was told, and what was found so far.
class Scene {
 public:
  // As FaultServer takes them.
  explicit Scene(const std::string& more = "", int open_files = 0) : server(more, open_files) {}

  // Starts the server, and looks for all that must be there. False: it did not start, which ends
  // the case.
  bool Start(const char* when = "at the beginning");
  // Inserts `count` random questions.
  void Fill(int count, std::mt19937_64* random) const;
  // Mixed load, until Stop().
  std::unique_ptr<Traffic> Load(std::mt19937_64* random) {
    return std::make_unique<Traffic>(&server, &oracle, (*random)());
  }
  // From now on the server's calls of the system fail as server.faults() say. False: they cannot,
  // which ends the case.
  bool Interpose() {
    report.not_run = server.Interpose();
    return !report.not_run.has_value();
  }
  void Stop(Traffic* traffic) { Add(traffic->Stop(), &report.findings); }
  void LookForAll() { caller.LookForAll(&report.findings); }

  CaseReport report;
  FaultServer server;
  Oracle oracle;
  const Caller caller{&server, &oracle};
};

// A random span, in milliseconds.
absl::Duration Between(int least_ms, int most_ms, std::mt19937_64* random);

// What of the acknowledged a case's fault may undo.
enum class MayLose {
  kNothing,
  kTheLast,   // inserts and deletes of the last moment: the case judges by itself which
  kAnything,  // only wrong answers count
};

struct Case {
  const char* name;
  const char* bar;  // of the list, e.g. "fault.1"; empty: none
  const char* what;
  int quick, nightly, release;  // rounds
  MayLose may_lose;
  std::function<CaseReport(int rounds, uint64_t seed)> run;
};

const std::vector<Case>& AllCases();

// By room of the faults.
CaseReport KillAtRandom(int rounds, uint64_t seed);
CaseReport StopUnderLoad(int rounds, uint64_t seed);
CaseReport PauseUnderLoad(int rounds, uint64_t seed);
CaseReport RestartWithoutTraffic(int rounds, uint64_t seed);
CaseReport KillAtPoints(int rounds, uint64_t seed);
CaseReport FailSyncs(int rounds, uint64_t seed);
CaseReport LosePowerUnderLoad(int rounds, uint64_t seed);
CaseReport SlowDisk(int rounds, uint64_t seed);
CaseReport JumpingClock(int rounds, uint64_t seed);
CaseReport InsertForEver(int rounds, uint64_t seed);
CaseReport NeighbourTakesMemory(int rounds, uint64_t seed);
CaseReport TenTimesTheCapacity(int rounds, uint64_t seed);
CaseReport FloodOfConnections(int rounds, uint64_t seed);
CaseReport IdleConnections(int rounds, uint64_t seed);
CaseReport FloodOfPings(int rounds, uint64_t seed);
CaseReport TimingAudit(int rounds, uint64_t seed);
CaseReport MutateStore(int rounds, uint64_t seed);
CaseReport MutateGraphs(int rounds, uint64_t seed);
CaseReport FillOurQuota(int rounds, uint64_t seed);
CaseReport FillTheDisk(int rounds, uint64_t seed);
CaseReport BadVectors(int rounds, uint64_t seed);
CaseReport CrossScope(int rounds, uint64_t seed);
CaseReport BrokenReloads(int rounds, uint64_t seed);
CaseReport ReloadsUnderLoad(int rounds, uint64_t seed);

}  // namespace semcached

#endif  // SEMCACHED_TESTS_FAULT_CASES_H_
