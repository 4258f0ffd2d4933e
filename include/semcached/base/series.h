// A time series' name and labels, as Prometheus writes them: name{label="value",...}
#ifndef SEMCACHED_BASE_SERIES_H_
#define SEMCACHED_BASE_SERIES_H_

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace semcached {

struct Series {
  std::string name;                                        // [a-zA-Z_:][a-zA-Z0-9_:]*
  std::map<std::string, std::string, std::less<>> labels;  // values without escapes

  // Whether this series has the name and all the labels of `pattern`, and perhaps more labels.
  bool Matches(const Series& pattern) const;
};

// The name that `text` begins with; empty if it begins with none.
std::string_view SeriesNameIn(std::string_view text);

// Takes one series off the front of `text`. Absent, and `text` is then of no use, where it begins
// with none: a bad name, a brace or quote that does not close, a label given twice. Reads each byte
// once.
std::optional<Series> ConsumeSeries(std::string_view* text);

}  // namespace semcached

#endif  // SEMCACHED_BASE_SERIES_H_
