// Ends and pauses of the process.

#include <absl/strings/str_cat.h>
#include <absl/time/clock.h>
#include <signal.h>

#include <filesystem>
#include <random>

#include "fault/cases.h"

namespace semcached {
namespace {

absl::Duration Between(int least_ms, int most_ms, std::mt19937_64* random) {
  return absl::Milliseconds(std::uniform_int_distribution<int>(least_ms, most_ms)(*random));
}

int64_t BytesOf(const std::string& directory) {
  int64_t bytes = 0;
  for (const auto& file : std::filesystem::recursive_directory_iterator(directory)) {
    if (file.is_regular_file()) bytes += static_cast<int64_t>(file.file_size());
  }
  return bytes;
}

}  // namespace

CaseReport KillAtRandom(int rounds, uint64_t seed) {
  CaseReport report;
  std::mt19937_64 random(seed);
  FaultServer server;
  Oracle oracle;
  for (; report.rounds < rounds; ++report.rounds) {
    if (!server.Start()) {
      report.Expect(false, "the server did not start:\n" + server.log());
      return report;
    }
    const Caller caller(&server, &oracle);
    caller.LookForAll(&report.findings);
    Traffic traffic(&server, &oracle, random());
    absl::SleepFor(Between(20, 400, &random));
    server.Kill();
    Add(traffic.Stop(), &report.findings);
  }
  report.Expect(server.Start(), "the server did not start after the last kill");
  Caller(&server, &oracle).LookForAll(&report.findings);
  return report;
}

CaseReport StopUnderLoad(int rounds, uint64_t seed) {
  CaseReport report;
  std::mt19937_64 random(seed);
  FaultServer server;
  Oracle oracle;
  for (; report.rounds < rounds; ++report.rounds) {
    report.Expect(server.Start(), "the server did not start");
    Caller(&server, &oracle).LookForAll(&report.findings);
    Traffic traffic(&server, &oracle, random());
    absl::SleepFor(Between(100, 300, &random));
    const absl::Time begin = absl::Now();
    const int status = server.Stop();
    const absl::Duration took = absl::Now() - begin;
    report.Expect(status == 0, absl::StrCat("it ended with status ", status));
    report.Expect(took < absl::Seconds(25), "it took " + absl::FormatDuration(took) + " to stop");
    Add(traffic.Stop(), &report.findings);
  }
  report.Expect(server.Start(), "the server did not start after the last stop");
  Caller(&server, &oracle).LookForAll(&report.findings);
  return report;
}

CaseReport PauseUnderLoad(int rounds, uint64_t seed) {
  CaseReport report;
  std::mt19937_64 random(seed);
  FaultServer server;
  Oracle oracle;
  report.Expect(server.Start(), "the server did not start");
  for (; report.rounds < rounds; ++report.rounds) {
    Traffic traffic(&server, &oracle, random());
    absl::SleepFor(Between(100, 300, &random));
    server.Signal(SIGSTOP);
    absl::SleepFor(absl::Seconds(3));  // longer than a call's deadline, and than the brief TTLs
    server.Signal(SIGCONT);
    absl::SleepFor(Between(300, 600, &random));
    Add(traffic.Stop(), &report.findings);
    Caller(&server, &oracle).LookForAll(&report.findings);
  }
  return report;
}

CaseReport RestartWithoutTraffic(int rounds, uint64_t seed) {
  CaseReport report;
  FaultServer server;
  Oracle oracle;
  report.Expect(server.Start(), "the server did not start");
  std::mt19937_64 random(seed);
  for (int i = 0; i < 500; ++i) Caller(&server, &oracle).Insert(RandomQuestion(random()));
  server.Stop();
  const int64_t before = BytesOf(server.store());
  for (; report.rounds < rounds; ++report.rounds) {
    report.Expect(server.Start(), "the server did not start");
    server.Stop();
  }
  const int64_t after = BytesOf(server.store());
  // A log of RocksDB's own a start, of which it keeps a few, is no growth of the data.
  report.Expect(after <= before + before / 20 + (int64_t{1} << 20),
                absl::StrCat("the store grew from ", before, " to ", after, " bytes"));
  report.Expect(server.Start(), "the server did not start");
  Caller(&server, &oracle).LookForAll(&report.findings);
  return report;
}

}  // namespace semcached
