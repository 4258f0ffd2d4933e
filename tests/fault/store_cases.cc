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

// Inserts until `enough` went through or were refused; answers how many were stored.
int Fill(const Caller& caller, std::mt19937_64* random, int tries) {
  int stored = 0;
  for (int i = 0; i < tries; ++i) {
    Question question = RandomQuestion((*random)());
    question.number = static_cast<int64_t>((*random)() % 1'000'000);
    stored += caller.Insert(question) ? 1 : 0;
  }
  return stored;
}

bool StartsAgain(FaultServer* server) { return server->Start() || server->Start(); }

}  // namespace

CaseReport MutateStore(int rounds, uint64_t seed) {
  CaseReport report;
  std::mt19937_64 random(seed);
  FaultServer server;
  Oracle oracle;
  report.Expect(server.Start(), "the server did not start");
  {
    Traffic traffic(&server, &oracle, random());
    absl::SleepFor(absl::Milliseconds(1500));
    Add(traffic.Stop(), &report.findings);
  }
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
    if (!StartsAgain(&server)) {
      report.Expect(false, "no start twice in a row with " + how);
      continue;
    }
    const Caller caller(&server, &oracle);
    const int64_t wrong = report.findings.wrong;
    caller.LookForAll(&report.findings);
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

CaseReport FillOurQuota(int rounds, uint64_t seed) {
  CaseReport report;
  std::mt19937_64 random(seed);
  for (; report.rounds < rounds; ++report.rounds) {
    FaultServer server("disk_limit: 4MiB\nmemory_limit: 64MiB\n");
    Oracle oracle;
    const SmallDisk disk(server.store(), 32);
    if ((report.not_run = disk.error())) return report;
    report.Expect(server.Start(), "the server did not start");
    const Caller caller(&server, &oracle);
    // Several times the limit.
    report.Expect(Fill(caller, &random, 12'000) > 0, "nothing could be inserted");
    const fs::space_info space = fs::space(server.store());
    report.Expect(space.available > (16 << 20),
                  absl::StrCat("only ", space.available, " bytes of the disk are left"));
    report.Expect(Eventually([&] { return Fill(caller, &random, 1) == 1; }, absl::Seconds(60)),
                  "inserts did not resume within 60 s");
    Traffic traffic(&server, &oracle, random());
    absl::SleepFor(absl::Milliseconds(300));
    Add(traffic.Stop(), &report.findings);
  }
  return report;
}

CaseReport FillTheDisk(int rounds, uint64_t seed) {
  CaseReport report;
  std::mt19937_64 random(seed);
  for (; report.rounds < rounds; ++report.rounds) {
    FaultServer server("memory_limit: 64MiB\n");  // which makes the store's buffers small
    Oracle oracle;
    const SmallDisk disk(server.store(), 48);
    if ((report.not_run = disk.error())) return report;
    report.Expect(server.Start(), "the server did not start");
    const Caller caller(&server, &oracle);
    Fill(caller, &random, 500);
    {
      Traffic traffic(&server, &oracle, random());
      absl::SleepFor(absl::Milliseconds(200));
      // Somebody else fills the disk.
      std::ofstream filling(server.store() + "/filling", std::ios::binary);
      const std::string block(64 << 10, 'x');
      while (filling.write(block.data(), static_cast<std::streamsize>(block.size())).flush()) {
      }
      filling.close();
      absl::SleepFor(absl::Milliseconds(500));
      Add(traffic.Stop(), &report.findings);
    }
    caller.LookForAll(&report.findings);
    server.Kill();
    // Without any room it says so, and is not damaged by the attempt.
    report.Expect(server.Start() || absl::StrContains(server.log(), "bytes are free"),
                  "a start with a full disk did not say why it failed:\n" + server.log());
    server.Kill();
    fs::remove(server.store() + "/filling");
    const absl::Time begin = absl::Now();
    report.Expect(server.Start(), "no start once there is room:\n" + server.log());
    report.Expect(absl::Now() - begin < absl::Seconds(5), "the start took longer than 5 s");
    const Caller again(&server, &oracle);
    again.LookForAll(&report.findings);
    report.Expect(Eventually([&] { return Fill(again, &random, 1) == 1; }, absl::Seconds(60)),
                  "inserts did not resume within 60 s of room");
  }
  return report;
}

}  // namespace semcached
