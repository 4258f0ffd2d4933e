#include "main/server_process.h"

#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>
#include <absl/time/clock.h>
#include <httplib.h>

#include <iostream>
#include <optional>

#include "semcached/base/clock.h"
#include "semcached/base/status.h"

namespace semcached {
namespace {

// Its ticks and the reading itself take a hundredth.
constexpr double kRestingShare = 0.1;
constexpr absl::Duration kRestingTime = absl::Seconds(3);

constexpr absl::Duration kLookInterval = absl::Seconds(1);
constexpr absl::Duration kTellInterval = absl::Seconds(10);

}  // namespace

absl::StatusOr<ProcessFigures> ReadProcess(const std::string& http) {
  const auto missing = [&] {
    return absl::UnavailableError(
        absl::StrCat("no CPU time and memory of a process at http://", http, "/metrics"));
  };
  const size_t colon = http.rfind(':');
  int port = 0;
  if (colon == std::string::npos || !absl::SimpleAtoi(http.substr(colon + 1), &port)) {
    return absl::InvalidArgumentError(absl::StrCat("\"", http, "\" is no host:port"));
  }
  httplib::Client client(http.substr(0, colon), port);
  const httplib::Result page = client.Get("/metrics");
  if (!page) return missing();
  const auto value = [&](const std::string& name) -> std::optional<double> {
    const size_t at = page->body.find("\n" + name + " ");
    double number = 0;
    if (at == std::string::npos) return std::nullopt;
    const size_t begin = at + name.size() + 2;
    const std::string text = page->body.substr(begin, page->body.find('\n', begin) - begin);
    return absl::SimpleAtod(text, &number) ? std::optional(number) : std::nullopt;
  };
  const auto cpu = value("process_cpu_seconds_total");
  const auto resident = value("process_resident_memory_bytes");
  if (!cpu.has_value() || !resident.has_value()) return missing();
  return ProcessFigures{*cpu, *resident};
}

bool RestWatch::Look(absl::Duration now, double cpu_seconds) {
  const absl::Duration passed = now - last_;
  const double used = cpu_seconds - last_cpu_seconds_;
  last_ = now;
  last_cpu_seconds_ = cpu_seconds;
  if (first_) {
    first_ = false;
    return false;
  }
  share_ = passed > absl::ZeroDuration() ? used / absl::ToDoubleSeconds(passed) : 0;
  rested_ = share_ < kRestingShare ? rested_ + passed : absl::ZeroDuration();
  return rested_ >= kRestingTime;
}

absl::StatusOr<double> AwaitRest(const std::string& name, const std::string& http,
                                 absl::Duration patience) {
  const MonotonicTime begin = SystemClock().Monotonic();
  MonotonicTime told = begin;
  RestWatch watch;
  while (true) {
    ASSIGN_OR_RETURN(const ProcessFigures process, ReadProcess(http));
    const MonotonicTime now = SystemClock().Monotonic();
    if (watch.Look(now, process.cpu_seconds)) return absl::ToDoubleSeconds(now - begin);
    if (now - begin > patience) {
      return absl::DeadlineExceededError(absl::StrFormat(
          "it still uses %.2f of a core after %s", watch.share(), absl::FormatDuration(patience)));
    }
    if (now - told >= kTellInterval) {
      told = now;
      std::cerr << absl::StrFormat("%s: uses %.2f of a core; waiting until it rests\n", name,
                                   watch.share());
    }
    absl::SleepFor(kLookInterval);
  }
}

}  // namespace semcached
