#include "eval/svg_plot.h"

#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>
#include <absl/strings/str_replace.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace semcached::eval {
namespace {

constexpr int kWidth = 860;
constexpr int kHeight = 480;
constexpr int kLeft = 70;
constexpr int kRight = 610;  // of the drawing; the legend stands beside it
constexpr int kMiddle = (kLeft + kRight) / 2;
constexpr int kTop = 50;
constexpr int kBottom = 400;
constexpr int kLegendLine = 20;

// Told apart on white, by the colour-blind too (after Okabe and Ito, 2008).
constexpr std::array<const char*, 10> kColours = {"#0072b2", "#d55e00", "#009e73", "#cc79a7",
                                                  "#56b4e9", "#e69f00", "#000000", "#7f7f7f",
                                                  "#8c564b", "#9467bd"};

const char* ColourOf(size_t i) { return kColours[i % kColours.size()]; }

std::string TickLabel(const Axis& axis, double value) {
  if (!axis.powers) return absl::StrFormat("%g", std::round(value * 1000) / 1000);
  const double power = std::pow(10, value);
  if (power < 1) return absl::StrFormat("%g", power);
  std::string digits = absl::StrFormat("%.0f", power);
  for (size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, 1, ',');
  return digits;
}

// One picture as it grows.
class Drawing {
 public:
  explicit Drawing(const std::string& title) {
    absl::StrAppendFormat(&svg_,
                          "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" "
                          "width=\"%d\" height=\"%d\" font-family=\"sans-serif\" "
                          "font-size=\"13\" fill=\"#222\">\n"
                          "<title>%s</title>\n"
                          "<rect width=\"%d\" height=\"%d\" fill=\"#fff\"/>\n",
                          kWidth, kHeight, kWidth, kHeight, EscapeXml(title), kWidth, kHeight);
    Text(kMiddle, kTop - 22, "middle", title, "font-size=\"16\"");
  }

  void Line(double x1, double y1, double x2, double y2, const std::string& style) {
    absl::StrAppendFormat(&svg_, "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" %s/>\n", x1,
                          y1, x2, y2, style);
  }

  void Text(double x, double y, const std::string& anchor, const std::string& text,
            const std::string& more = "") {
    absl::StrAppendFormat(&svg_, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" %s>%s</text>\n", x,
                          y, anchor, more, EscapeXml(text));
  }

  void Rectangle(double x, double y, double width, double height, const std::string& colour) {
    absl::StrAppendFormat(
        &svg_, "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\"/>\n", x, y,
        width, height, colour);
  }

  void Circle(double x, double y, const std::string& colour) {
    absl::StrAppendFormat(&svg_, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"4\" fill=\"%s\"/>\n", x, y,
                          colour);
  }

  void Append(const std::string& piece) { absl::StrAppend(&svg_, piece); }

  void VerticalAxis(const Axis& axis) {
    for (double value = axis.low; value <= axis.high + axis.step / 1000; value += axis.step) {
      const double y = YOf(axis, value);
      Line(kLeft, y, kRight, y, "stroke=\"#e4e4e4\"");
      Text(kLeft - 8, y + 4, "end", TickLabel(axis, value));
    }
    Line(kLeft, kTop, kLeft, kBottom, "stroke=\"#444\"");
    constexpr int kHalfway = (kTop + kBottom) / 2;
    Text(20, kHalfway, "middle", axis.label,
         absl::StrFormat("transform=\"rotate(-90 20 %d)\"", kHalfway));
  }

  void HorizontalAxis(const Axis& axis) {
    for (double value = axis.low; value <= axis.high + axis.step / 1000; value += axis.step) {
      const double x = XOf(axis, value);
      Line(x, kTop, x, kBottom, "stroke=\"#e4e4e4\"");
      Text(x, kBottom + 20, "middle", TickLabel(axis, value));
    }
    BaseLine();
    Text(kMiddle, kBottom + 46, "middle", axis.label);
  }

  void BaseLine() { Line(kLeft, kBottom, kRight, kBottom, "stroke=\"#444\""); }

  void LegendText(size_t i, const std::string& name) {
    Text(kRight + 46, LegendY(i) + 4, "start", name);
  }
  static double LegendY(size_t i) { return kTop + 10 + kLegendLine * static_cast<double>(i); }

  static double XOf(const Axis& axis, double value) {
    const double share = (value - axis.low) / (axis.high - axis.low);
    return kLeft + (kRight - kLeft) * std::clamp(share, 0.0, 1.0);
  }
  static double YOf(const Axis& axis, double value) {
    const double share = (value - axis.low) / (axis.high - axis.low);
    return kBottom - (kBottom - kTop) * std::clamp(share, 0.0, 1.0);
  }

  std::string Finish() && {
    svg_ += "</svg>\n";
    return std::move(svg_);
  }

 private:
  std::string svg_;
};

}  // namespace

std::string EscapeXml(const std::string& text) {
  return absl::StrReplaceAll(
      text, {{"&", "&amp;"}, {"<", "&lt;"}, {">", "&gt;"}, {"\"", "&quot;"}, {"'", "&#39;"}});
}

std::string LinePlot(const std::string& title, const Axis& x, const Axis& y,
                     const std::vector<Series>& series) {
  Drawing drawing(title);
  drawing.VerticalAxis(y);
  drawing.HorizontalAxis(x);
  for (size_t i = 0; i < series.size(); ++i) {
    const Series& one = series[i];
    const double legend = Drawing::LegendY(i);
    drawing.LegendText(i, one.name);
    if (one.only_points) {
      drawing.Circle(kRight + 30, legend, ColourOf(i));
      for (const auto& [px, py] : one.points) {
        drawing.Circle(Drawing::XOf(x, px), Drawing::YOf(y, py), ColourOf(i));
      }
      continue;
    }
    const std::string style =
        absl::StrFormat("stroke=\"%s\" stroke-width=\"2\" fill=\"none\"%s", ColourOf(i),
                        one.dashed ? " stroke-dasharray=\"6 4\"" : "");
    drawing.Line(kRight + 18, legend, kRight + 42, legend, style);
    std::string points;
    for (const auto& [px, py] : one.points) {
      absl::StrAppendFormat(&points, "%.1f,%.1f ", Drawing::XOf(x, px), Drawing::YOf(y, py));
    }
    drawing.Append(absl::StrCat("<polyline points=\"", points, "\" ", style, "/>\n"));
  }
  return std::move(drawing).Finish();
}

std::string BarPlot(const std::string& title, const Axis& y, const std::vector<std::string>& names,
                    const std::vector<BarGroup>& groups) {
  Drawing drawing(title);
  drawing.VerticalAxis(y);
  drawing.BaseLine();
  const double slot = static_cast<double>(kRight - kLeft) / static_cast<double>(groups.size() + 1);
  const double bar = slot * 0.8 / static_cast<double>(std::max<size_t>(names.size(), 1));
  for (size_t g = 0; g < groups.size(); ++g) {
    const double left = kLeft + slot * (static_cast<double>(g) + 0.5);
    for (size_t i = 0; i < groups[g].values.size(); ++i) {
      const double top = Drawing::YOf(y, groups[g].values[i]);
      drawing.Rectangle(left + bar * static_cast<double>(i), top, bar, kBottom - top, ColourOf(i));
    }
    const double middle = left + slot * 0.4;
    drawing.Text(middle, kBottom + 16, "end", groups[g].name,
                 absl::StrFormat("transform=\"rotate(-35 %.1f %d)\"", middle, kBottom + 16));
  }
  for (size_t i = 0; i < names.size(); ++i) {
    drawing.Rectangle(kRight + 24, Drawing::LegendY(i) - 6, 12, 12, ColourOf(i));
    drawing.LegendText(i, names[i]);
  }
  return std::move(drawing).Finish();
}

}  // namespace semcached::eval
