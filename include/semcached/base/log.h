// Structured log lines on standard error; spdlog behind one door.
//
// A line is a fixed event text and named fields. Nothing of a query, a response or a token is ever
// a field: callers pass ids, counts, names of categories and messages of their own.
#ifndef SEMCACHED_BASE_LOG_H_
#define SEMCACHED_BASE_LOG_H_

#include <absl/strings/str_cat.h>

#include <initializer_list>
#include <string>
#include <string_view>

namespace semcached {

enum class LogLevel { kDebug, kInfo, kWarning, kError };
enum class LogFormat { kText, kJson };

struct LogField {
  LogField(std::string_view name, const absl::AlphaNum& text)
      : key(name), value(text.data(), text.size()) {}
  std::string_view key;
  std::string value;
};

// Call once, before other threads log. Until then: text, info and above.
void ConfigureLog(LogFormat format, LogLevel least);

// Thread-safe.
void Log(LogLevel level, std::string_view event, std::initializer_list<LogField> fields = {});

inline void LogInfo(std::string_view event, std::initializer_list<LogField> fields = {}) {
  Log(LogLevel::kInfo, event, fields);
}
inline void LogWarning(std::string_view event, std::initializer_list<LogField> fields = {}) {
  Log(LogLevel::kWarning, event, fields);
}
inline void LogError(std::string_view event, std::initializer_list<LogField> fields = {}) {
  Log(LogLevel::kError, event, fields);
}

}  // namespace semcached

#endif  // SEMCACHED_BASE_LOG_H_
