// Loaded into the server before the C library (LD_PRELOAD): its files, its answers and its wall
// clock fail as the driver says, and its syncs are taken down. The server is the one that is
// shipped, without a hook of its own.

#include <dlfcn.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <unistd.h>

#include <cerrno>
#include <cstdarg>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>

#include "fault/faults.h"

namespace semcached {
namespace {

constexpr int64_t kNanos = 1'000'000'000;

// Null: none were asked for. Mapped at the first call of all.
Faults* Shared() {
  static Faults* const faults = [] {
    const char* path = std::getenv(kFaultsVariable);
    const int file = path == nullptr ? -1 : open(path, O_RDWR | O_CLOEXEC);
    if (file < 0) return static_cast<Faults*>(nullptr);
    void* mapped = mmap(nullptr, sizeof(Faults), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    close(file);
    return mapped == MAP_FAILED ? nullptr : static_cast<Faults*>(mapped);
  }();
  return faults;
}

template <typename Function>
Function* Real(const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

void Pass(Point point) {
  Faults* const faults = Shared();
  if (faults == nullptr || faults->point.load(std::memory_order_relaxed) != point) return;
  if (faults->passes.fetch_sub(1) > 0) return;
  kill(getpid(), SIGKILL);
  pause();
}

// Not the log, nor what goes to another process.
bool IsStored(int file) {
  struct stat status;
  return file > STDERR_FILENO && fstat(file, &status) == 0 && S_ISREG(status.st_mode);
}

// As a disk that is slow.
void Delay(const Faults& faults) {
  const int32_t millis = faults.slow_ms.load(std::memory_order_relaxed);
  if (millis <= 0) return;
  const timespec span = {millis / 1000, millis % 1000 * 1'000'000L};
  nanosleep(&span, nullptr);
}

// Runs `call` between the two points, if it is about a file.
template <typename Call>
auto Between(int file, Point before, Point after, Call call) {
  if (Shared() == nullptr || !IsStored(file)) return call();
  Pass(before);
  Delay(*Shared());
  const auto result = call();
  const int error = errno;
  Pass(after);
  errno = error;
  return result;
}

bool SyncFails() {
  Faults* const faults = Shared();
  if (faults == nullptr) return false;
  int32_t left = faults->failing_syncs.load(std::memory_order_relaxed);
  while (left > 0) {
    if (faults->failing_syncs.compare_exchange_weak(left, left - 1)) return true;
  }
  return false;
}

template <typename Call>
int Sync(int file, Call call) {
  return Between(file, Point::kBeforeSync, Point::kAfterSync, [&] {
    if (SyncFails()) {
      errno = EIO;
      return -1;
    }
    if (Shared() == nullptr) return call();
    Syncing syncing(&Shared()->ledger, file);
    const int result = call();
    if (result == 0) syncing.Succeeded();
    return result;
  });
}

int64_t Offset() {
  Faults* const faults = Shared();
  return faults == nullptr ? 0 : faults->clock_offset_ns.load(std::memory_order_relaxed);
}

int WallClock(clockid_t clock, timespec* now) {
  static auto* const real = Real<int(clockid_t, timespec*)>("clock_gettime");
  const int result = real(clock, now);
  if (result != 0 || (clock != CLOCK_REALTIME && clock != CLOCK_REALTIME_COARSE)) return result;
  const int64_t nanos = now->tv_nsec + Offset() % kNanos;
  now->tv_sec += Offset() / kNanos + (nanos >= kNanos ? 1 : 0) - (nanos < 0 ? 1 : 0);
  now->tv_nsec = (nanos + kNanos) % kNanos;
  return 0;
}

// Waits for a time of the wall clock, which Abseil makes so, go by the kernel's own.
timespec ForKernel(const timespec& until) {
  timespec shifted = until;
  shifted.tv_sec -= Offset() / kNanos;
  return shifted;
}

}  // namespace
}  // namespace semcached

using semcached::Between;
using semcached::Pass;
using semcached::Point;
using semcached::Real;
using semcached::Sync;

extern "C" {

ssize_t write(int file, const void* bytes, size_t count) {
  static auto* const real = Real<ssize_t(int, const void*, size_t)>("write");
  return Between(file, Point::kBeforeWrite, Point::kAfterWrite,
                 [=] { return real(file, bytes, count); });
}

ssize_t pwrite(int file, const void* bytes, size_t count, off_t offset) {
  static auto* const real = Real<ssize_t(int, const void*, size_t, off_t)>("pwrite");
  return Between(file, Point::kBeforeWrite, Point::kAfterWrite,
                 [=] { return real(file, bytes, count, offset); });
}

ssize_t pwrite64(int file, const void* bytes, size_t count, off64_t offset) {
  static auto* const real = Real<ssize_t(int, const void*, size_t, off64_t)>("pwrite64");
  return Between(file, Point::kBeforeWrite, Point::kAfterWrite,
                 [=] { return real(file, bytes, count, offset); });
}

int fsync(int file) {
  static auto* const real = Real<int(int)>("fsync");
  return Sync(file, [=] { return real(file); });
}

int fdatasync(int file) {
  static auto* const real = Real<int(int)>("fdatasync");
  return Sync(file, [=] { return real(file); });
}

int rename(const char* from, const char* to) noexcept {
  static auto* const real = Real<int(const char*, const char*)>("rename");
  Pass(Point::kBeforeRename);
  const int result = real(from, to);
  Pass(Point::kAfterRename);
  return result;
}

ssize_t sendmsg(int socket, const msghdr* message, int flags) {
  static auto* const real = Real<ssize_t(int, const msghdr*, int)>("sendmsg");
  Pass(Point::kBeforeSend);
  const ssize_t result = real(socket, message, flags);
  const int error = errno;
  Pass(Point::kAfterSend);
  errno = error;
  return result;
}

int clock_gettime(clockid_t clock, timespec* now) noexcept {
  return semcached::WallClock(clock, now);
}

int gettimeofday(timeval* now, void* /*zone*/) noexcept {
  timespec precise;
  const int result = semcached::WallClock(CLOCK_REALTIME, &precise);
  now->tv_sec = precise.tv_sec;
  now->tv_usec = precise.tv_nsec / 1000;
  return result;
}

// The C library's own signature, with its long.
long syscall(long number, ...) noexcept {  // NOLINT(google-runtime-int)
  using Syscall = long(long, ...);         // NOLINT(google-runtime-int)
  static auto* const real = Real<Syscall>("syscall");
  va_list list;
  va_start(list, number);
  void* arguments[6];
  for (void*& argument : arguments) argument = va_arg(list, void*);
  va_end(list);
  timespec until;
  const auto operation = reinterpret_cast<intptr_t>(arguments[1]);
  if (number == SYS_futex && (operation & FUTEX_CLOCK_REALTIME) != 0 && arguments[3] != nullptr) {
    until = semcached::ForKernel(*static_cast<const timespec*>(arguments[3]));
    arguments[3] = &until;
  }
  return real(number, arguments[0], arguments[1], arguments[2], arguments[3], arguments[4],
              arguments[5]);
}

time_t time(time_t* into) noexcept {
  timespec precise;
  semcached::WallClock(CLOCK_REALTIME, &precise);
  if (into != nullptr) *into = precise.tv_sec;
  return precise.tv_sec;
}

}  // extern "C"
