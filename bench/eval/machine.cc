#include "eval/machine.h"

#include <absl/strings/str_cat.h>
#include <absl/time/clock.h>
#include <absl/time/time.h>

#include <fstream>
#include <thread>

#include "semcached/base/version.h"

namespace semcached::eval {
namespace {

std::string Processor() {
  std::ifstream input("/proc/cpuinfo");
  for (std::string line; std::getline(input, line);) {
    const size_t colon = line.find(": ");
    if (line.rfind("model name", 0) == 0 && colon != std::string::npos) {
      return line.substr(colon + 2);
    }
  }
  return "a processor that does not tell its name";
}

}  // namespace

std::string WhenAndWhere() {
  return absl::StrCat(absl::FormatTime("%Y-%m-%d", absl::Now(), absl::UTCTimeZone()),
                      ", semcached ", kVersion, " (", kRevision, ", ", kBuildType, "), ",
                      Processor(), ", ", std::thread::hardware_concurrency(), " cores");
}

}  // namespace semcached::eval
