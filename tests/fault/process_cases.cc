// Ends and pauses of the process.

#include <absl/strings/str_cat.h>
#include <absl/time/clock.h>
#include <signal.h>

#include <filesystem>
#include <random>

#include "fault/cases.h"

namespace semcached {
namespace {

int64_t BytesOf(const std::string& directory) {
  int64_t bytes = 0;
  for (const auto& file : std::filesystem::recursive_directory_iterator(directory)) {
    if (file.is_regular_file()) bytes += static_cast<int64_t>(file.file_size());
  }
  return bytes;
}

}  // namespace

CaseReport KillAtRandom(int rounds, uint64_t seed) {
  std::mt19937_64 random(seed);
  Scene scene;
  for (; scene.report.rounds < rounds; ++scene.report.rounds) {
    if (!scene.Start("after a kill")) return scene.report;
    const auto traffic = scene.Load(&random);
    absl::SleepFor(Between(20, 400, &random));
    scene.server.Kill();
    scene.Stop(traffic.get());
  }
  scene.Start("after the last kill");
  return scene.report;
}

CaseReport StopUnderLoad(int rounds, uint64_t seed) {
  std::mt19937_64 random(seed);
  Scene scene;
  CaseReport& report = scene.report;
  for (; report.rounds < rounds; ++report.rounds) {
    if (!scene.Start("after a stop")) return report;
    const auto traffic = scene.Load(&random);
    absl::SleepFor(Between(100, 300, &random));
    const absl::Time begin = absl::Now();
    const int status = scene.server.Stop();
    const absl::Duration took = absl::Now() - begin;
    report.Expect(status == 0, absl::StrCat("it ended with status ", status));
    report.Expect(took < absl::Seconds(25), "it took " + absl::FormatDuration(took) + " to stop");
    scene.Stop(traffic.get());
  }
  scene.Start("after the last stop");
  return report;
}

CaseReport PauseUnderLoad(int rounds, uint64_t seed) {
  std::mt19937_64 random(seed);
  Scene scene;
  if (!scene.Start()) return scene.report;
  for (; scene.report.rounds < rounds; ++scene.report.rounds) {
    const auto traffic = scene.Load(&random);
    absl::SleepFor(Between(100, 300, &random));
    scene.server.Signal(SIGSTOP);
    absl::SleepFor(absl::Seconds(3));  // longer than a call's deadline, and than the brief TTLs
    scene.server.Signal(SIGCONT);
    absl::SleepFor(Between(300, 600, &random));
    scene.Stop(traffic.get());
    scene.LookForAll();
  }
  return scene.report;
}

CaseReport RestartWithoutTraffic(int rounds, uint64_t seed) {
  std::mt19937_64 random(seed);
  Scene scene;
  CaseReport& report = scene.report;
  if (!scene.Start()) return report;
  scene.Fill(500, &random);
  scene.server.Stop();
  const int64_t before = BytesOf(scene.server.store());
  for (; report.rounds < rounds; ++report.rounds) {
    report.Expect(scene.server.Start(), "the server did not start");
    scene.server.Stop();
  }
  const int64_t after = BytesOf(scene.server.store());
  // A log of RocksDB's own a start, of which it keeps a few, is no growth of the data.
  report.Expect(after <= before + before / 20 + (int64_t{1} << 20),
                absl::StrCat("the store grew from ", before, " to ", after, " bytes"));
  scene.Start("at the end");
  return report;
}

}  // namespace semcached
