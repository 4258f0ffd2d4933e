// Damage to the store's files, and a disk without room.

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/time/clock.h>
#include <sys/mount.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <random>

#include "fault/cases.h"

namespace semcached {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> FilesOf(const std::string& directory) {
  std::vector<fs::path> files;
  for (const auto& file : fs::directory_iterator(directory)) {
    const std::string name = file.path().filename();
    if (!file.is_regular_file() || name == "semcached.lock" || name.starts_with("LOG")) continue;
    files.push_back(file.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

// Enough for a graph that is kept.
constexpr int64_t kEntriesOfAGraph = 2100;

std::vector<fs::path> GraphFilesOf(const std::string& store) {
  std::vector<fs::path> files;
  for (const auto& file : fs::recursive_directory_iterator(store + "/graphs")) {
    if (file.is_regular_file()) files.push_back(file.path());
  }
  return files;
}

// Flips bits, overwrites with zeros, cuts off, or removes one file.
std::string Mutate(const std::string& directory, std::mt19937_64* random) {
  const std::vector<fs::path> files = FilesOf(directory);
  const fs::path& file = files[(*random)() % files.size()];
  const auto size = static_cast<int64_t>(fs::file_size(file));
  const uint64_t what = (*random)() % 10;
  if (what == 0) {
    fs::remove(file);
    return absl::StrCat(file.filename().string(), " removed");
  }
  const int64_t at =
      size == 0 ? 0 : static_cast<int64_t>((*random)() % static_cast<uint64_t>(size));
  if (what <= 2) {
    fs::resize_file(file, static_cast<uintmax_t>(at));
    return absl::StrCat(file.filename().string(), " cut at ", at);
  }
  std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
  const int64_t bytes =
      what <= 4 ? std::min<int64_t>(size - at, 4096) : std::min<int64_t>(size - at, 1);
  std::string content(static_cast<size_t>(bytes), '\0');
  if (what > 4 && bytes > 0) {
    stream.seekg(at);
    stream.read(content.data(), 1);
    content[0] = static_cast<char>(content[0] ^ static_cast<char>(1U << ((*random)() % 8)));
  }
  stream.seekp(at);
  stream.write(content.data(), bytes);
  return absl::StrCat(file.filename().string(), what <= 4 ? " zeroed at " : " flipped at ", at);
}

// A small file system in memory at `path`, while it lives.
class SmallDisk {
 public:
  SmallDisk(const std::string& path, int mebibytes) : path_(path) {
    fs::create_directories(path);
    const std::string options = absl::StrCat("size=", mebibytes, "m,mode=0700");
    if (mount("tmpfs", path.c_str(), "tmpfs", 0, options.c_str()) != 0) error_ = errno;
  }
  ~SmallDisk() {
    if (error_ == 0) umount2(path_.c_str(), MNT_DETACH);
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;

  // Why it is not there.
  std::optional<std::string> error() const {
    if (error_ == 0) return std::nullopt;
    return absl::StrCat("cannot mount a small disk: ", std::strerror(error_));
  }

 private:
  const std::string path_;
  int error_ = 0;
};

// Tries to insert so many questions that were not there; answers how many were stored.
int InsertNew(const Caller& caller, std::mt19937_64* random, int tries) {
  int stored = 0;
  for (int i = 0; i < tries; ++i) {
    Question question = RandomQuestion((*random)());
    question.number = static_cast<int64_t>((*random)() % 1'000'000);
    stored += caller.Insert(question) ? 1 : 0;
  }
  return stored;
}

bool InsertsResume(const Caller& caller, std::mt19937_64* random) {
  return Eventually([&] { return InsertNew(caller, random, 1) == 1; }, absl::Seconds(60));
}

// Somebody else fills the disk under load, the server is killed, and then there is room again.
void FillAndFree(Scene* scene, std::mt19937_64* random) {
  FaultServer& server = scene->server;
  CaseReport& report = scene->report;
  InsertNew(scene->caller, random, 500);
  const auto traffic = scene->Load(random);
  absl::SleepFor(absl::Milliseconds(200));
  std::ofstream filling(server.store() + "/filling", std::ios::binary);
  const std::string block(64 << 10, 'x');
  while (filling.write(block.data(), static_cast<std::streamsize>(block.size())).flush()) {
  }
  filling.close();
  absl::SleepFor(absl::Milliseconds(500));
  scene->Stop(traffic.get());
  scene->LookForAll();
  server.Kill();
  // Without any room it says so, and is not damaged by the attempt.
  report.Expect(server.Start() || absl::StrContains(server.log(), "bytes are free"),
                "a start with a full disk did not say why it failed:\n" + server.log());
  server.Kill();
  fs::remove(server.store() + "/filling");
  const absl::Time begin = absl::Now();
  if (!scene->Start("once there is room")) return;
  report.Expect(absl::Now() - begin < absl::Seconds(5), "the start took longer than 5 s");
  report.Expect(InsertsResume(scene->caller, random), "inserts did not resume within 60 s of room");
}

}  // namespace

CaseReport MutateStore(int rounds, uint64_t seed) {
  std::mt19937_64 random(seed);
  Scene scene;
  CaseReport& report = scene.report;
  FaultServer& server = scene.server;
  if (!scene.Start()) return report;
  const auto traffic = scene.Load(&random);
  absl::SleepFor(absl::Milliseconds(1500));
  scene.Stop(traffic.get());
  server.Kill();  // so that the log holds something too
  const std::string whole = server.directory() / "whole";
  fs::copy(server.store(), whole, fs::copy_options::recursive);
  for (; report.rounds < rounds; ++report.rounds) {
    fs::remove_all(server.store());
    fs::copy(whole, server.store(), fs::copy_options::recursive);
    std::string how;
    for (uint64_t i = 0; i <= random() % 3; ++i) {
      absl::StrAppend(&how, how.empty() ? "" : ", ", Mutate(server.store(), &random));
    }
    if (!server.Start() && !server.Start()) {
      report.Expect(false, "no start twice in a row with " + how);
      continue;
    }
    const int64_t wrong = report.findings.wrong;
    scene.LookForAll();
    if (report.findings.wrong > wrong) Findings::Note("with " + how, &report.findings.wrong_notes);
    Oracle fresh;
    const Caller newcomer(&server, &fresh);
    const Question question{"newcomer", "process", report.rounds};
    report.Expect(
        newcomer.Insert(question) && newcomer.Lookup(question, By::kBoth, &report.findings),
        "an insert into what is left failed, with " + how);
    server.Kill();
  }
  return report;
}

CaseReport MutateGraphs(int rounds, uint64_t seed) {
  std::mt19937_64 random(seed);
  Scene scene;
  CaseReport& report = scene.report;
  FaultServer& server = scene.server;
  server.directory().Write("categories/process.yaml",
                           "category: process\nsimilarity_threshold: 0.80\nttl: 1d\n"
                           "guards_without_text: skip\nindex: {type: hnsw}\n");
  if (!scene.Start()) return report;
  for (int64_t number = 0; number < kEntriesOfAGraph; ++number) {
    scene.caller.Insert({"acme", "process", number});
  }
  const auto graphs = [&](const char* outcome) {
    return server.Metric(absl::StrCat("semcached_graph_files_total{outcome=\"", outcome, "\"}"));
  };
  report.Expect(Eventually([&] { return graphs("written") >= 1; }), "no graph was kept");
  server.Stop();
  report.Expect(server.Start() && Eventually([&] { return graphs("restored") == 1; }),
                "the graph is not there again");
  server.Stop();
  if (!report.broken.empty()) return report;
  const std::vector<fs::path> kept = GraphFilesOf(server.store());
  report.Expect(kept.size() == 1, absl::StrCat(kept.size(), " graphs are kept"));
  if (!report.broken.empty()) return report;
  const std::string whole = ReadFileOrEmpty(kept.front().string());
  for (; report.rounds < rounds; ++report.rounds) {
    std::string how;
    do {
      std::ofstream(kept.front(), std::ios::binary | std::ios::trunc) << whole;
      how = Mutate(kept.front().parent_path(), &random);
    } while (ReadFileOrEmpty(kept.front().string()) == whole);  // zeros over zeros
    if (!scene.Start("with a damaged graph")) return report;
    report.Expect(Eventually([&] { return graphs("written") >= 1; }),
                  "no new graph was kept, with " + how);
    report.Expect(graphs("restored") == 0, "believed: " + how);
    scene.LookForAll();
    server.Kill();
  }
  return report;
}

CaseReport FillOurQuota(int rounds, uint64_t seed) {
  CaseReport report;
  std::mt19937_64 random(seed);
  for (int round = 0; round < rounds; ++round) {
    Scene scene("disk_limit: 4MiB\nmemory_limit: 64MiB\n");
    const SmallDisk disk(scene.server.store(), 32);
    if ((report.not_run = disk.error())) return report;
    if (scene.Start()) {
      // Several times the limit.
      scene.report.Expect(InsertNew(scene.caller, &random, 12'000) > 0, "nothing was inserted");
      const fs::space_info space = fs::space(scene.server.store());
      scene.report.Expect(space.available > (16 << 20),
                          absl::StrCat("only ", space.available, " bytes of the disk are left"));
      scene.report.Expect(InsertsResume(scene.caller, &random), "inserts did not resume in 60 s");
      const auto traffic = scene.Load(&random);
      absl::SleepFor(absl::Milliseconds(300));
      scene.Stop(traffic.get());
    }
    report.Join(scene.report);
  }
  return report;
}

CaseReport FillTheDisk(int rounds, uint64_t seed) {
  CaseReport report;
  std::mt19937_64 random(seed);
  for (int round = 0; round < rounds; ++round) {
    Scene scene("memory_limit: 64MiB\n");  // which makes the store's buffers small
    const SmallDisk disk(scene.server.store(), 48);
    if ((report.not_run = disk.error())) return report;
    if (scene.Start()) FillAndFree(&scene, &random);
    report.Join(scene.report);
  }
  return report;
}

}  // namespace semcached
