// Plain SVG pictures of figures: lines over two axes, and bars by group.
#ifndef SEMCACHED_BENCH_EVAL_SVG_PLOT_H_
#define SEMCACHED_BENCH_EVAL_SVG_PLOT_H_

#include <string>
#include <utility>
#include <vector>

namespace semcached::eval {

// Text between tags or in an attribute.
std::string EscapeXml(const std::string& text);

struct Axis {
  std::string label;
  double low = 0;
  double high = 1;
  double step = 0.1;    // between ticks
  bool powers = false;  // values are decimal logarithms, and ticks say what of
};

struct Series {
  std::string name;
  std::vector<std::pair<double, double>> points;  // x, y, in the units of the axes
  bool dashed = false;
  bool only_points = false;  // marks without a line
};

// A line (or marks) a series, each with a colour and an entry of the legend. Points outside the
// axes are cut off at their edges.
std::string LinePlot(const std::string& title, const Axis& x, const Axis& y,
                     const std::vector<Series>& series);

struct BarGroup {
  std::string name;
  std::vector<double> values;  // one a name of the legend
};

// Bars beside each other, group by group along the x axis.
std::string BarPlot(const std::string& title, const Axis& y, const std::vector<std::string>& names,
                    const std::vector<BarGroup>& groups);

}  // namespace semcached::eval

#endif  // SEMCACHED_BENCH_EVAL_SVG_PLOT_H_
