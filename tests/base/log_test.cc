#include "semcached/base/log.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

namespace semcached {
namespace {

// The log is the process's own, so each test speaks in a process of its own and reads the one
// line that this wrote to standard error.
template <typename Speak>
void ExpectLine(Speak speak, const std::string& pattern) {
  EXPECT_EXIT(
      {
        speak();
        std::_Exit(0);
      },
      testing::ExitedWithCode(0), "^" + pattern + "\n$");
}

TEST(Log, WritesTheEventAndItsFieldsAsText) {
  ExpectLine(
      [] {
        LogInfo("server started", {{"port", 8080}, {"store", "a b"}});
      },
      R"([0-9]{4}-[0-9-]+T[0-9:.]+Z info server started port="8080" store="a b")");
}

TEST(Log, WritesOneJsonObjectALine) {
  ExpectLine(
      [] {
        ConfigureLog(LogFormat::kJson, LogLevel::kInfo);
        LogWarning("reload refused", {{"errors", 2}});
      },
      R"re(\{"ts":"[0-9]{4}-[0-9-]+T[0-9:.]+Z","level":"warning","msg":"reload refused","errors":"2"\})re");
}

TEST(Log, KeepsWhatIsBelowTheLeastLevelToItself) {
  ExpectLine(
      [] {
        ConfigureLog(LogFormat::kText, LogLevel::kError);
        LogInfo("quiet");
        LogWarning("quiet");
        LogError("loud");
      },
      R"([^ ]*Z error loud)");
}

TEST(Log, AValueCannotForgeALineOrAField) {
  ExpectLine(
      [] {
        LogInfo("event", {{"name", "x\" forged=\"1\nforged"}});
      },
      R"([^ ]*Z info event name="x\\" forged=\\"1\\u000aforged")");
}

TEST(Log, TakesBracesAsText) {
  ExpectLine(
      [] {
        LogInfo("event {}", {{"name", "{0:d}"}});
      },
      R"([^ ]*Z info event \{\} name="\{0:d\}")");
}

}  // namespace
}  // namespace semcached
