// What callers and operators send: bad vectors, other tenants' questions, broken files.

#include <absl/strings/ascii.h>
#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/time/clock.h>

#include <cmath>
#include <filesystem>
#include <limits>
#include <random>
#include <thread>

#include "fault/cases.h"

namespace semcached {
namespace {

std::vector<float> BadVector(std::mt19937_64* random) {
  std::vector<float> vector(kFaultDimension, 0.1F);
  const uint64_t what = (*random)() % 7;
  float& one = vector[(*random)() % vector.size()];
  if (what == 0) one = std::numeric_limits<float>::quiet_NaN();
  if (what == 1) one = std::numeric_limits<float>::infinity();
  if (what == 2) one = -std::numeric_limits<float>::infinity();
  if (what == 3) vector.assign(kFaultDimension, 0);
  if (what == 4) vector.assign(kFaultDimension, std::numeric_limits<float>::denorm_min());
  if (what == 5) vector.resize(kFaultDimension + 1);
  if (what == 6) vector.assign(kFaultDimension, std::numeric_limits<float>::max());
  return vector;
}

void SetVector(const std::vector<float>& vector, v1::Embedding* embedding) {
  embedding->set_identity("fault/64");
  embedding->mutable_values()->Assign(vector.begin(), vector.end());
}

const char* const kBrokenFiles[] = {
    "category: process\nttl: soon\n",
    "category: process\nttl: -1s\n",
    "category: process\nsimilarity_threshold: 1.5\n",
    "category: process\nsimilarity_threshold: .nan\n",
    "category: other\n",
    "category: process\nunknown_key: 1\n",
    "category: process\nttl: 1h\nttl: 2h\n",
    "category: process\nguards: [numbers, magic]\n",
    "category: process\nquota: {max_entries: 0}\n",
    "category: process\nquota: [1, 2]\n",
    "category: process\neviction: random\n",
    "category: process\ndurability: eternal\n",
    "category: process\nindex: {m: 2}\n",
    "category: process\nadaptation: {mode: wild}\n",
    "category: process\nadaptation: {max_ttl_factor: 0.5}\n",
    "category: process\nmax_lifetime: 1s\n",
    "category: process\n\tttl: 1h\n",
    "category: [process\n",
    "category: process\nexamples: {a: b}\n",
    "- category: process\n",
    "category: process\nfalse_hit_budget: 2\n",
    "category: process\naudit_rate: 1\n",
    "category: process\nverifier: {mode: maybe}\n",
    "category: process\nquota: {guaranteed_share: 1.1}\n",
    "category: process\nttl: 1h\n---\ncategory: process\n",
    "category: process\nwhen_losing: pray\n",
    "category: process\nallow_caching: perhaps\n",
    "category: process\nstale_while_revalidate: -1s\n",
    "category: process\nadaptation: {order: 0}\n",
    "category: process\nquota: {max_memory: lots}\n",
};

}  // namespace

CaseReport BadVectors(int rounds, uint64_t seed) {
  std::mt19937_64 random(seed);
  Scene scene;
  CaseReport& report = scene.report;
  if (!scene.Start()) return report;
  scene.Fill(2000, &random);
  for (; report.rounds < rounds; ++report.rounds) {
    const std::vector<float> vector = BadVector(&random);
    v1::LookupRequest lookup;
    lookup.mutable_scope()->set_namespace_("acme");
    lookup.mutable_scope()->set_model("model");
    lookup.set_category("process");
    SetVector(vector, lookup.mutable_embedding());
    grpc::ClientContext looking;
    v1::LookupResponse found;
    if (scene.server.data().Lookup(&looking, lookup, &found).ok() &&
        found.outcome() != v1::OUTCOME_MISS) {
      ++report.findings.wrong;
      Findings::Note("a bad vector hit", &report.findings.wrong_notes);
    }
    v1::InsertRequest insert;
    *insert.mutable_scope() = lookup.scope();
    insert.set_category("process");
    insert.set_query(absl::StrCat("bad ", report.rounds));
    SetVector(vector, insert.mutable_embedding());
    insert.mutable_response()->set_body("bad");
    grpc::ClientContext inserting;
    v1::InsertResponse inserted;
    const grpc::Status status = scene.server.data().Insert(&inserting, insert, &inserted);
    // The largest float is a direction like any other.
    if (vector[0] == std::numeric_limits<float>::max()) continue;
    report.Expect(status.error_code() == grpc::StatusCode::INVALID_ARGUMENT,
                  "a bad vector was inserted");
  }
  scene.LookForAll();
  return report;
}

CaseReport CrossScope(int rounds, uint64_t seed) {
  std::mt19937_64 random(seed);
  Scene scene;
  CaseReport& report = scene.report;
  if (!scene.Start()) return report;
  scene.Fill(2000, &random);
  const std::vector<Question> there = scene.oracle.MustBeThere();
  for (; report.rounds < rounds; ++report.rounds) {
    const Question& question = there[random() % there.size()];
    v1::LookupRequest request;
    // The same but for one part of the scope, or for what looks alike.
    const uint64_t what = random() % 5;
    request.mutable_scope()->set_namespace_(what == 0   ? "stranger"
                                            : what == 1 ? question.tenant + " "
                                            : what == 2 ? absl::AsciiStrToUpper(question.tenant)
                                                        : question.tenant);
    request.mutable_scope()->set_model(what == 3 ? "model-2" : "model");
    request.mutable_scope()->set_context(what == 4 ? "another context" : "");
    request.set_category(question.category);
    const uint64_t path = random() % 3;
    if (path != 0) request.set_query(question.Text());
    if (path != 1) SetVector(question.Vector(), request.mutable_embedding());
    grpc::ClientContext context;
    v1::LookupResponse response;
    const grpc::Status status = scene.server.data().Lookup(&context, request, &response);
    ++report.findings.lookups;
    if (path == 1) {
      // No embedder here: as for a text that nobody has inserted.
      report.Expect(!status.ok() || response.outcome() == v1::OUTCOME_MISS,
                    "a text of another scope was answered");
      continue;
    }
    report.Expect(status.ok(), status.error_message());
    if (response.outcome() != v1::OUTCOME_MISS) {
      ++report.findings.wrong;
      Findings::Note("another scope's answer was given", &report.findings.wrong_notes);
    }
    // Nothing tells that somebody else has it.
    report.Expect(response.miss_reason() == v1::MISS_REASON_NO_CANDIDATE &&
                      !response.has_nearest_similarity(),
                  "the miss tells of another scope");
  }
  return report;
}

CaseReport BrokenReloads(int rounds, uint64_t /*seed*/) {
  Scene scene;
  CaseReport& report = scene.report;
  if (!scene.Start()) return report;
  const Question question{"acme", "process", 1};
  scene.caller.Insert(question);
  const std::string whole = ReadFileOrEmpty(scene.server.directory() / "categories/process.yaml");
  for (; report.rounds < rounds; ++report.rounds) {
    const std::string broken =
        kBrokenFiles[static_cast<size_t>(report.rounds) % std::size(kBrokenFiles)];
    scene.server.directory().Write("categories/process.yaml", broken);
    const Ended checked = RunProgram(
        "semcached", {"--config", scene.server.directory() / "semcached.yaml", "--check-config"});
    report.Expect(checked.status == 2 && absl::StrContains(checked.errors, "process.yaml:"),
                  absl::StrCat("not refused with file and line: ", broken, checked.errors));
    const Ended reloaded =
        RunProgram("semcachectl",
                   {"--admin", scene.server.directory() / "admin.sock", "policies", "--reload"});
    report.Expect(reloaded.status != 0, "a running server took: " + broken);
    report.Expect(scene.caller.Lookup(question, By::kBoth, &report.findings),
                  "the former policy did not stay");
  }
  scene.server.directory().Write("categories/process.yaml", whole);
  return report;
}

CaseReport ReloadsUnderLoad(int rounds, uint64_t seed) {
  Scene scene;
  CaseReport& report = scene.report;
  if (!scene.Start()) return report;
  std::mt19937_64 random(seed);
  const auto traffic = scene.Load(&random);
  const std::string whole = ReadFileOrEmpty(scene.server.directory() / "categories/process.yaml");
  for (; report.rounds < rounds; ++report.rounds) {
    // Written aside and renamed, as a careful editor does.
    const std::string aside = scene.server.directory().Write(
        "process.yaml.new", whole + (report.rounds % 2 == 0 ? "audit_rate: 0\n" : ""));
    std::filesystem::rename(aside, scene.server.directory() / "categories/process.yaml");
    absl::SleepFor(absl::Milliseconds(20));
  }
  scene.Stop(traffic.get());
  report.Expect(report.findings.failed == 0,
                absl::StrCat(report.findings.failed, " lookups failed"));
  scene.LookForAll();
  return report;
}

}  // namespace semcached
