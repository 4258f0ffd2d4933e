// What the system does to the process: death at a point of its work, syncs that fail, a wall clock
// that jumps.

#include <absl/strings/str_cat.h>
#include <absl/time/clock.h>

#include <random>
#include <string>
#include <vector>

#include "fault/cases.h"

namespace semcached {
namespace {

constexpr absl::Duration kTtl = absl::Hours(24);  // of FaultServer's categories
// Longer than the brief answers of Fill() are good, by their own certificate.
constexpr absl::Duration kBriefTtl = absl::Seconds(1);
constexpr absl::Duration kUntilBriefAreDead = absl::Milliseconds(3200);

const char* Name(Point point) {
  switch (point) {
    case Point::kNone:
      return "nowhere";
    case Point::kBeforeWrite:
      return "before a write";
    case Point::kAfterWrite:
      return "after a write";
    case Point::kBeforeSync:
      return "before a sync";
    case Point::kAfterSync:
      return "after a sync";
    case Point::kBeforeRename:
      return "before a rename";
    case Point::kAfterRename:
      return "after a rename";
    case Point::kBeforeSend:
      return "before an answer";
    case Point::kAfterSend:
      return "after an answer";
  }
  return "";
}

bool IsOfStart(Point point) {
  return point == Point::kBeforeRename || point == Point::kAfterRename;
}

struct Step {
  const char* name;
  absl::Duration by;
};
const Step kSteps[] = {{"+1 h", absl::Hours(1)},
                       {"-1 h", -absl::Hours(1)},
                       {"+10 y", absl::Hours(24 * 3652)},
                       {"-10 y", -absl::Hours(24 * 3652)}};

// A clock that jumps by `step`, while the server runs or between two runs.
CaseReport JumpClock(const Step& step, bool running, std::mt19937_64* random) {
  Scene scene;
  CaseReport& report = scene.report;
  if (!scene.Interpose()) return report;
  if (!scene.Start()) return report;
  scene.Fill(300, random);
  std::vector<Question> brief;
  for (int i = 0; i < 50; ++i) {
    brief.push_back({"brief", "process", i});
    scene.caller.Insert(brief.back(), kBriefTtl);
  }
  if (!running) report.Expect(scene.server.Stop() == 0, "it did not stop");
  scene.server.faults().clock_offset_ns = absl::ToInt64Nanoseconds(step.by);
  if (!running) {
    const bool started = scene.server.Start();
    report.Expect(started, absl::StrCat("no start after a jump of ", step.name));
    if (!started) return report;
  }
  const Inserted later = scene.caller.Insert({"later", "process", 0});
  report.Expect(later.stored, absl::StrCat("no insert after a jump of ", step.name, ": ",
                                           later.status.error_message()));
  report.Expect(
      absl::AbsDuration(later.expires - (absl::Now() + step.by + kTtl)) < absl::Minutes(1),
      absl::StrCat("the server did not see a jump of ", step.name));
  absl::SleepFor(kUntilBriefAreDead);
  for (const Question& question : brief) {
    const bool hit = scene.caller.Lookup(question, By::kBoth, &report.findings);
    report.Expect(!hit, absl::StrCat("an answer outlived its TTL after a jump of ", step.name));
  }
  // Between runs, ages count by the wall clock: ten years later all is too old.
  if (running || step.by < absl::Hours(24)) scene.LookForAll();
  const auto traffic = scene.Load(random);
  absl::SleepFor(absl::Milliseconds(200));
  scene.Stop(traffic.get());
  return report;
}

}  // namespace

CaseReport KillAtPoints(int rounds, uint64_t seed) {
  std::mt19937_64 random(seed);
  Scene scene;
  CaseReport& report = scene.report;
  FaultServer& server = scene.server;
  if (!scene.Interpose()) return report;
  for (; report.rounds < rounds; ++report.rounds) {
    const auto point = static_cast<Point>(1 + report.rounds % kPoints);
    Faults& faults = server.faults();
    faults.point = Point::kNone;
    if (IsOfStart(point)) {
      faults.passes = static_cast<int32_t>(random() % 3);
      faults.point = point;
      // It renames more files than that before it is ready.
      report.Expect(!server.Start(), absl::StrCat("a start never came ", Name(point)));
      server.Kill();
      faults.point = Point::kNone;
    }
    if (!scene.Start(absl::StrCat("after a death ", Name(point)).c_str())) return report;
    const auto traffic = scene.Load(&random);
    absl::SleepFor(Between(20, 100, &random));
    faults.passes = static_cast<int32_t>(random() % 20);
    faults.point = point;
    const bool died =
        Eventually([&] { return server.HasEnded(); }, absl::Seconds(IsOfStart(point) ? 0 : 10));
    report.Expect(died || IsOfStart(point), absl::StrCat("it never came ", Name(point)));
    server.Kill();
    scene.Stop(traffic.get());
  }
  server.faults().point = Point::kNone;
  scene.Start("after the last death");
  return report;
}

CaseReport FailSyncs(int rounds, uint64_t seed) {
  std::mt19937_64 random(seed);
  Scene scene;
  CaseReport& report = scene.report;
  FaultServer& server = scene.server;
  if (!scene.Interpose()) return report;
  if (!scene.Start()) return report;
  for (; report.rounds < rounds; ++report.rounds) {
    const auto traffic = scene.Load(&random);
    absl::SleepFor(Between(50, 150, &random));
    const int32_t failing = 1 + static_cast<int32_t>(random() % 3);
    server.faults().failing_syncs = failing;
    absl::SleepFor(Between(50, 150, &random));
    scene.Stop(traffic.get());
    // The load may have synced nothing meanwhile.
    const bool failed = Eventually([&] {
      if (server.faults().failing_syncs < failing) return true;
      scene.caller.Insert({"synced", "durable", report.rounds});
      return false;
    });
    report.Expect(failed, "no sync failed");
    server.faults().failing_syncs = 0;
    for (const char* category : {"process", "durable"}) {
      const Question question{"later", category, report.rounds};
      const bool resumed =
          Eventually([&] { return scene.caller.Insert(question).stored; }, absl::Seconds(30));
      report.Expect(resumed, absl::StrCat("inserts of class ", category,
                                          " did not resume within 30 s of a failed sync"));
    }
    // What was acknowledged is served on, and is there after a death.
    scene.LookForAll();
    server.Kill();
    if (!scene.Start("after a failed sync")) return report;
  }
  return report;
}

CaseReport JumpingClock(int rounds, uint64_t seed) {
  std::mt19937_64 random(seed);
  CaseReport report;
  for (int round = 0; round < rounds; ++round) {
    for (const Step& step : kSteps) {
      for (const bool running : {true, false}) {
        const CaseReport jump = JumpClock(step, running, &random);
        if ((report.not_run = jump.not_run)) return report;
        report.Join(jump);
      }
    }
  }
  return report;
}

}  // namespace semcached
