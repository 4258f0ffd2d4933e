// Memory that runs short: by its own entries, and by a neighbour in the same control group.

#include <absl/strings/str_cat.h>
#include <absl/time/clock.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cstring>
#include <ctime>
#include <deque>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "fault/cases.h"
#include "semcached/base/mutex.h"
#include "semcached/base/sanitizer.h"

namespace semcached {
namespace {

namespace fs = std::filesystem;

constexpr int64_t kGroupBytes = 512 << 20;

// A control group with little memory, while it lives.
class SmallGroup {
 public:
  SmallGroup() : path_(absl::StrCat(Root(), "/semcached-fault-", getpid())) {
    std::error_code error;
    made_ = !Root().empty() && fs::create_directory(path_, error);
    if (!made_) return;
    const bool version_2 = fs::exists(path_ + "/memory.max");
    std::ofstream limit(path_ + (version_2 ? "/memory.max" : "/memory.limit_in_bytes"));
    made_ = static_cast<bool>((limit << kGroupBytes).flush());
  }
  ~SmallGroup() {
    std::error_code error;
    fs::remove(path_, error);
  }
  SmallGroup(const SmallGroup&) = delete;
  SmallGroup& operator=(const SmallGroup&) = delete;

  bool made() const { return made_; }
  std::string processes() const { return path_ + "/cgroup.procs"; }

 private:
  // Where groups with a limit of memory can be made, if this user can.
  static std::string Root() {
    if (fs::exists("/sys/fs/cgroup/memory/memory.limit_in_bytes")) return "/sys/fs/cgroup/memory";
    std::ifstream controllers("/sys/fs/cgroup/cgroup.subtree_control");
    for (std::string one; controllers >> one;) {
      if (one == "memory") return "/sys/fs/cgroup";
    }
    return "";
  }

  const std::string path_;
  bool made_ = false;
};

// Resident bytes of the server, the highest so far.
int64_t PeakBytes(pid_t pid) {
  std::ifstream status(absl::StrCat("/proc/", pid, "/status"));
  for (std::string word; status >> word;) {
    int64_t kibibytes = 0;
    if (word == "VmHWM:" && status >> kibibytes) return kibibytes << 10;
  }
  return 0;
}

// A server in a group with little memory.
struct SmallScene {
  const SmallGroup group;  // outlives the server
  Scene scene{"disk_limit: 2GiB\n"};

  // False: it did not start, or cannot be tried here, which ends the case.
  bool Start() {
    std::string why;
    if (!group.made())
      why = "no control group with a limit of memory can be made here, which takes root";
#ifdef SEMCACHED_SANITIZER
    why = "a sanitizer takes memory of its own";
#endif
    if (!why.empty()) {
      scene.report.not_run = why;
      return false;
    }
    scene.server.StartIn(group.processes());
    return scene.Start();
  }
};

// Inserts without end, from several threads, while it lives.
class Inserting {
 public:
  Inserting(const Caller* caller, uint64_t seed) {
    for (uint64_t i = 0; i < 4; ++i) {
      threads_.emplace_back([this, caller, seed = seed + i] {
        std::mt19937_64 random(seed);
        while (!stopping_) {
          Question question = RandomQuestion(random());
          question.number = static_cast<int64_t>(random() % 1'000'000'000);
          const Inserted inserted = caller->Insert(question);
          if (inserted) {
            ++stored_;
            MutexLock lock(&mutex_);
            latest_.push_back(question);
            if (latest_.size() > 200) latest_.pop_front();
          }
          if (inserted.status.error_message().find("memory is nearly used up") !=
              std::string::npos) {
            ++refused_;
          }
        }
      });
    }
  }
  ~Inserting() {
    stopping_ = true;
    for (std::thread& thread : threads_) thread.join();
  }
  Inserting(const Inserting&) = delete;
  Inserting& operator=(const Inserting&) = delete;

  int64_t stored() const { return stored_; }
  int64_t refused_for_memory() const { return refused_; }
  // Some that were stored last.
  std::deque<Question> Latest() const {
    MutexLock lock(&mutex_);
    return latest_;
  }

 private:
  mutable Mutex mutex_;
  std::deque<Question> latest_ ABSL_GUARDED_BY(mutex_);
  std::atomic<bool> stopping_{false};
  std::atomic<int64_t> stored_{0};
  std::atomic<int64_t> refused_{0};
  std::vector<std::thread> threads_;
};

// Another process in the group, which takes 20 MiB a second until it is stopped.
class Neighbour {
 public:
  explicit Neighbour(const std::string& group_processes) {
    pid_ = fork();
    if (pid_ == 0) Grow(group_processes.c_str());
  }
  ~Neighbour() { Leave(); }
  Neighbour(const Neighbour&) = delete;
  Neighbour& operator=(const Neighbour&) = delete;

  // Keeps what it has.
  void Stop() const { kill(pid_, SIGSTOP); }
  void Leave() {
    if (pid_ <= 0) return;
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
    pid_ = 0;
  }

 private:
  // After the fork of a process with threads: nothing but calls of the system.
  [[noreturn]] static void Grow(const char* group_processes) {
    // So slowly that a server which looks four times a second meets every step on the way.
    constexpr size_t kPiece = 2 << 20;
    constexpr timespec kPause = {0, 100'000'000};
    const int group = open(group_processes, O_WRONLY | O_CLOEXEC);
    if (group < 0 || write(group, "0", 1) != 1) _exit(1);
    for (;;) {
      void* const piece =
          mmap(nullptr, kPiece, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
      if (piece != MAP_FAILED) memset(piece, 1, kPiece);
      nanosleep(&kPause, nullptr);
    }
  }

  pid_t pid_ = 0;
};

CaseReport ShareWithANeighbour(uint64_t seed) {
  SmallScene small;
  Scene& scene = small.scene;
  CaseReport& report = scene.report;
  if (!small.Start()) return report;
  const Inserting inserting(&scene.caller, seed);
  report.Expect(Eventually([&] { return inserting.stored() >= 20'000; }, absl::Seconds(60)),
                "it took few inserts");
  Neighbour neighbour(small.group.processes());
  report.Expect(Eventually([&] { return inserting.refused_for_memory() > 0; }, absl::Seconds(60)),
                "no insert was refused though a neighbour took what was left");
  neighbour.Stop();
  // What came last is evicted last.
  for (const Question& question : inserting.Latest()) {
    scene.caller.Lookup(question, By::kBoth, &report.findings);
  }
  report.Expect(report.findings.failed == 0, "lookups failed while memory was short");
  report.Expect(report.findings.hits > 0, "nothing was found while memory was short");
  neighbour.Leave();
  const int64_t before = inserting.stored();
  report.Expect(Eventually([&] { return inserting.stored() > before + 100; }, absl::Seconds(30)),
                "inserts did not resume when the neighbour had left");
  report.Expect(!scene.server.HasEnded(), "it was killed, or ended:\n" + scene.server.log());
  return report;
}

}  // namespace

CaseReport InsertForEver(int rounds, uint64_t seed) {
  SmallScene small;
  Scene& scene = small.scene;
  CaseReport& report = scene.report;
  if (!small.Start()) return report;
  const Inserting inserting(&scene.caller, seed);
  for (; report.rounds < rounds && !scene.server.HasEnded(); ++report.rounds) {
    absl::SleepFor(absl::Seconds(10));
    for (int i = 0; i < 100; ++i) {
      const Question question = RandomQuestion(seed + static_cast<uint64_t>(i));
      scene.caller.Lookup(question, By::kBoth, &report.findings);
    }
  }
  report.Expect(!scene.server.HasEnded(), "it was killed, or ended:\n" + scene.server.log());
  const int64_t peak = PeakBytes(scene.server.pid());
  report.Expect(peak > 0 && peak < kGroupBytes, absl::StrCat("it took ", peak, " bytes"));
  return report;
}

CaseReport NeighbourTakesMemory(int rounds, uint64_t seed) {
  CaseReport report;
  for (int i = 0; i < rounds; ++i) {
    CaseReport round = ShareWithANeighbour(seed + static_cast<uint64_t>(i));
    if (round.not_run) return round;
    report.Join(round);
  }
  return report;
}

}  // namespace semcached
