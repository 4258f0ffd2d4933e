// A disk that is slow for a while.

#include <absl/strings/str_cat.h>
#include <absl/time/clock.h>

#include <algorithm>
#include <random>
#include <vector>

#include "fault/cases.h"

namespace semcached {
namespace {

constexpr int32_t kSlowMillis = 500;  // for each write and each sync
constexpr int kThreads = 8;           // more than the server has workers

// What docs/api.md has for calls that cannot be done now.
bool IsDocumented(grpc::StatusCode code) {
  return code == grpc::StatusCode::DEADLINE_EXCEEDED ||
         code == grpc::StatusCode::RESOURCE_EXHAUSTED || code == grpc::StatusCode::UNAVAILABLE;
}

// Lookups of entries that nobody writes to, while the disk is slow.
struct Reads {
  Findings findings;
  absl::Duration slowest;
};

void ReadFor(absl::Duration span, const std::vector<Question>& questions, const Caller& caller,
             std::mt19937_64* random, Reads* reads) {
  const absl::Time end = absl::Now() + span;
  for (absl::Time begin = absl::Now(); begin < end; begin = absl::Now()) {
    const Question& question = questions[(*random)() % questions.size()];
    caller.Lookup(question, (*random)() % 2 == 0 ? By::kBoth : By::kVector, &reads->findings);
    reads->slowest = std::max(reads->slowest, absl::Now() - begin);
  }
}

void ExpectDocumented(const std::map<grpc::StatusCode, int64_t>& codes, const char* what,
                      CaseReport* report) {
  for (const auto& [code, count] : codes) {
    report->Expect(IsDocumented(code),
                   absl::StrCat(count, " ", what, " failed with code ", static_cast<int>(code)));
  }
}

}  // namespace

CaseReport SlowDisk(int rounds, uint64_t seed) {
  std::mt19937_64 random(seed);
  Scene scene;
  CaseReport& report = scene.report;
  FaultServer& server = scene.server;
  if (!scene.Interpose()) return report;
  if (!scene.Start()) return report;
  std::vector<Question> still;
  for (const char* category : {"memory", "process", "durable"}) {
    for (int i = 0; i < 50; ++i) {
      still.push_back({"still", category, i});
      report.Expect(scene.caller.Insert(still.back()).stored, "an insert failed");
    }
  }
  Reads reads;
  for (; report.rounds < rounds; ++report.rounds) {
    Traffic traffic(&server, &scene.oracle, random(), kThreads);
    absl::SleepFor(Between(100, 300, &random));
    server.faults().slow_ms = kSlowMillis;
    ReadFor(Between(2000, 4000, &random), still, scene.caller, &random, &reads);
    server.faults().slow_ms = 0;
    for (const char* category : {"process", "durable"}) {
      const Question question{"later", category, report.rounds};
      const bool resumed =
          Eventually([&] { return scene.caller.Insert(question).stored; }, absl::Seconds(30));
      report.Expect(resumed, absl::StrCat("inserts of class ", category,
                                          " did not resume within 30 s of a slow disk"));
    }
    scene.Stop(&traffic);
    scene.LookForAll();
  }
  Add(reads.findings, &report.findings);
  const Findings& read = reads.findings;
  report.Expect(read.hits == read.lookups,
                absl::StrCat(read.lookups - read.hits, " entries were not found meanwhile"));
  report.Expect(read.hits > read.failed, "most lookups failed while the disk was slow");
  ExpectDocumented(report.findings.failures, "lookups", &report);
  ExpectDocumented(report.findings.refused, "inserts", &report);
  report.notes.push_back(absl::StrCat("while the disk was slow, ", read.hits, " lookups hit and ",
                                      read.failed, " failed; the slowest took ",
                                      absl::ToInt64Milliseconds(reads.slowest), " ms"));
  for (const auto& [code, count] : report.findings.refused) {
    report.notes.push_back(absl::StrCat(count, " of ", report.findings.inserts,
                                        " inserts of the load failed with code ",
                                        static_cast<int>(code)));
  }
  server.Kill();
  report.Expect(server.Start(), "the server did not start after a slow disk");
  // Inserts of class `memory` may be gone now.
  scene.LookForAll();
  return report;
}

}  // namespace semcached
