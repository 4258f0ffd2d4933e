#include "eval/svg_plot.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace semcached::eval {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(EscapeXml, MeansWhatItSaysInTextsAndAttributes) {
  EXPECT_EQ(EscapeXml("a < b & \"c\" > 'd'"), "a &lt; b &amp; &quot;c&quot; &gt; &#39;d&#39;");
  EXPECT_EQ(EscapeXml("&amp;"), "&amp;amp;");
  EXPECT_EQ(EscapeXml("größer"), "größer");
}

TEST(LinePlot, NamesItsTitleAxesAndSeriesEscaped) {
  const std::string svg = LinePlot("a<b", {"hit rate", 0, 1, 0.5}, {"precision", 0.5, 1, 0.1},
                                   {{"R&D", {{0, 0.5}, {1, 1}}}});
  EXPECT_THAT(svg, HasSubstr("a&lt;b"));
  EXPECT_THAT(svg, HasSubstr("R&amp;D"));
  EXPECT_THAT(svg, HasSubstr(">hit rate<"));
  EXPECT_THAT(svg, HasSubstr(">precision<"));
  EXPECT_THAT(svg, HasSubstr(">0.6<"));  // a tick
  EXPECT_THAT(svg, Not(HasSubstr("R&D")));
}

TEST(LinePlot, CutsOffWhatIsBeyondItsAxes) {
  const Axis axis{"share", 0, 1, 0.5};
  const auto plot = [&](double y) { return LinePlot("t", axis, axis, {{"s", {{0.5, y}}}}); };
  EXPECT_EQ(plot(7), plot(1));
  EXPECT_EQ(plot(-7), plot(0));
  EXPECT_NE(plot(0.5), plot(1));
}

TEST(LinePlot, TellsWhatLogarithmsAreOf) {
  const std::string svg =
      LinePlot("t", {"entries", 3, 6, 1, true}, {"us", -1, 1, 1, true}, {{"s", {{3, 0}, {6, 1}}}});
  for (const char* tick : {">1,000<", ">1,000,000<", ">0.1<", ">10<"}) {
    EXPECT_THAT(svg, HasSubstr(tick));
  }
}

TEST(BarPlot, DrawsABarAGroupAndName) {
  const std::string svg =
      BarPlot("t", {"served", 0, 1, 0.5}, {"shipped", "forced"}, {{"unit", {0.1, 0.2}}});
  EXPECT_THAT(svg, HasSubstr(">unit<"));
  EXPECT_THAT(svg, HasSubstr(">forced<"));
}

}  // namespace
}  // namespace semcached::eval
