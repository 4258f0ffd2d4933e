// The power fails: what was not synced is gone.

#include <absl/strings/str_cat.h>
#include <absl/time/clock.h>

#include <filesystem>
#include <map>
#include <random>
#include <string>

#include "fault/cases.h"
#include "fault/power_loss.h"

namespace semcached {
namespace {

// A version of each question, as it is found by text and by vector; 0: none.
std::map<Question, int64_t> FindAll(Scene* scene) {
  std::map<Question, int64_t> found;
  for (const Question& question : scene->oracle.Everything()) {
    int64_t& version = found[question];
    std::string body;
    bool lasts = true;
    if (scene->caller.Lookup(question, By::kBoth, &scene->report.findings, &body)) {
      if (const auto read = ReadPayload(body)) {
        version = read->version;
        lasts = read->dead_from == absl::InfiniteFuture();
      }
    }
    std::string other;
    const bool hit = scene->caller.Lookup(question, By::kVector, &scene->report.findings, &other);
    // What is brief may have died in between.
    scene->report.Expect(!lasts || (hit == (version != 0) && body == other),
                         "text and vector find different answers to \"" + question.Text() + "\"");
  }
  return found;
}

// Writes of class `process` alone: nothing syncs the log after them.
void WriteUnsynced(Scene* scene, std::mt19937_64* random) {
  const uint64_t writes = (*random)() % 300;
  for (uint64_t i = 0; i < writes; ++i) {
    Question question = RandomQuestion((*random)());
    question.category = "process";
    if ((*random)() % 8 == 0) {
      scene->caller.Delete(question);
    } else {
      scene->caller.Insert(question);
    }
  }
}

// The server works, and dies in the midst of it.
void WorkAndDie(Scene* scene, std::mt19937_64* random) {
  FaultServer& server = scene->server;
  const auto traffic = scene->Load(random);
  absl::SleepFor(Between(20, 800, random));
  const uint64_t how = (*random)() % 3;
  if (how == 0) {
    scene->Stop(traffic.get());
    WriteUnsynced(scene, random);
  } else if (how == 1) {
    // Of these there are many, but for renames.
    server.faults().passes = static_cast<int32_t>((*random)() % 200);
    server.faults().point = static_cast<Point>(1 + (*random)() % 4);
    Eventually([&] { return server.HasEnded(); }, absl::Seconds(1));
  }
  server.Kill();
  scene->Stop(traffic.get());
}

// A start that dies as well. One that is through before counts too.
void DieInStart(FaultServer* server, std::mt19937_64* random) {
  server->faults().passes = static_cast<int32_t>((*random)() % 40);
  server->faults().point = static_cast<Point>(1 + (*random)() % 6);
  server->Start();
  server->Kill();
  server->faults().point = Point::kNone;
}

// Power that comes and goes: answers how it was, with the server dead.
std::string FailAgainAndAgain(Scene* scene, std::mt19937_64* random) {
  FaultServer& server = scene->server;
  Ledger* const ledger = &server.faults().ledger;
  server.faults().point = Point::kNone;
  std::string how = LosePower(ledger, random);
  if ((*random)() % 4 == 0) {
    DieInStart(&server, random);
    absl::StrAppend(&how, "; in the start, ", LosePower(ledger, random));
  }
  // It is up and has nothing to do yet, so that it syncs nothing either.
  for (uint64_t i = (*random)() % 4; i > 0; --i) {
    scene->report.Expect(server.Start(), "no start after: " + how);
    server.Kill();
    absl::StrAppend(&how, "; after the start, ", LosePower(ledger, random));
  }
  return how;
}

}  // namespace

CaseReport LosePowerUnderLoad(int rounds, uint64_t seed) {
  std::mt19937_64 random(seed);
  // Little memory makes the store's buffers small, so that they are flushed often.
  Scene scene("memory_limit: 64MiB\n");
  CaseReport& report = scene.report;
  FaultServer& server = scene.server;
  if (!scene.Interpose()) return report;
  BeginLedger(server.store(), &server.faults().ledger);
  if (!scene.Start()) return report;
  int64_t undone = 0;
  for (; report.rounds < rounds; ++report.rounds) {
    WorkAndDie(&scene, &random);
    const std::string how = FailAgainAndAgain(&scene, &random);
    if (!server.Start()) {
      report.Expect(false, absl::StrCat("no start after: ", how, "\n", server.log()));
      return report;
    }
    report.Expect(!std::filesystem::exists(server.store() + "/damaged"),
                  "a whole store was taken for damaged, after: " + how);
    const Aftermath aftermath = scene.oracle.SettleAfterPowerLoss(FindAll(&scene));
    undone += aftermath.undone;
    report.findings.lost += static_cast<int64_t>(aftermath.lost.size());
    report.findings.wrong += static_cast<int64_t>(aftermath.wrong.size());
    for (const std::string& one : aftermath.lost) {
      Findings::Note(one + ", after: " + how, &report.findings.lost_notes);
    }
    for (const std::string& one : aftermath.wrong) {
      Findings::Note(one + ", after: " + how, &report.findings.wrong_notes);
    }
    const Question newcomer{"newcomer", "durable", report.rounds};
    report.Expect(Eventually([&] { return scene.caller.Insert(newcomer).stored; }),
                  "no inserts after: " + how);
  }
  report.notes.push_back(
      absl::StrCat(undone, " acknowledged writes that nothing had synced were undone"));
  return report;
}

}  // namespace semcached
