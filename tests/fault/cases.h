// The faults that are injected. Each case runs a number of rounds against a real server and says
// what it found; docs/reliability.md tells what each stands for.
#ifndef SEMCACHED_TESTS_FAULT_CASES_H_
#define SEMCACHED_TESTS_FAULT_CASES_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "fault/traffic.h"

namespace semcached {

struct CaseReport {
  int rounds = 0;  // that were run
  Findings findings;
  std::vector<std::string> broken;     // what else did not hold, in words; empty: all did
  std::optional<std::string> not_run;  // why
  void Expect(bool held, const std::string& otherwise) {
    if (!held && broken.size() < 5) broken.push_back(otherwise);
  }
};

struct Case {
  const char* name;
  const char* bar;  // of the list, e.g. "fault.1"; empty: none
  const char* what;
  int quick, nightly, release;  // rounds
  bool loses;                   // acknowledged entries may be lost: only wrong answers count
  std::function<CaseReport(int rounds, uint64_t seed)> run;
};

const std::vector<Case>& AllCases();

// By room of the faults.
CaseReport KillAtRandom(int rounds, uint64_t seed);
CaseReport StopUnderLoad(int rounds, uint64_t seed);
CaseReport PauseUnderLoad(int rounds, uint64_t seed);
CaseReport RestartWithoutTraffic(int rounds, uint64_t seed);
CaseReport MutateStore(int rounds, uint64_t seed);
CaseReport FillOurQuota(int rounds, uint64_t seed);
CaseReport FillTheDisk(int rounds, uint64_t seed);
CaseReport BadVectors(int rounds, uint64_t seed);
CaseReport CrossScope(int rounds, uint64_t seed);
CaseReport BrokenReloads(int rounds, uint64_t seed);
CaseReport ReloadsUnderLoad(int rounds, uint64_t seed);

}  // namespace semcached

#endif  // SEMCACHED_TESTS_FAULT_CASES_H_
