#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>
#include <absl/types/span.h>

#include <algorithm>
#include <chrono>
#include <string_view>

#include "eval/truth_sections.h"
#include "semcached/guard/guard.h"

namespace semcached::eval {
namespace {

struct Texts {
  const char* name;
  std::string_view a;
  std::string_view b;
};

// 200 characters each.
constexpr Texts kTexts[] = {
    {"prose",
     "I have been using the same wooden chopping board for about 3 years and it has begun to smell "
     "of onions whenever I wash it with hot water; what is the best way to clean it without "
     "harming the wood????",
     "for about 3 years I have been using the same chopping board made of wood and whenever I wash "
     "it with hot water it has begun to smell of onions; how is it best cleaned without harming "
     "the wood, please?"},
    {"code",
     "In Python 3.11 my call of json.loads(text) raises ValueError at line 42 of read_config.py as "
     "soon as the file has a trailing comma, how do I make the parser accept it without --strict "
     "or other flags?",
     "how can I get the parser to accept a trailing comma in the file without --strict or others, "
     "in Python 3.11 my json.loads(text) call raises ValueError at line 42 of read_config.py when "
     "there is one there?"},
    {"numbers",
     "A train leaves Paris at 9:15 with 240 people, 35 of them get off after 120 km in Lyon, where "
     "another 18 get on; it arrives in Nice at 14:45. How many people are on board when it reaches "
     "Nice, please??",
     "A train with people on board leaves Paris at 9:15, 240 in all; in Lyon 35 of these get off, "
     "after 120 km, and 18 others get on; it is in Nice at 14:45. How many people are in the train "
     "when it is there?"},
};

using Nanos = std::chrono::duration<double, std::nano>;

// The median of many runs of a few calls each, in nanoseconds a call.
double MedianNanos(absl::Span<const GuardKind> guards, const Texts& texts, int runs) {
  constexpr int kCalls = 20;
  std::vector<double> nanos;
  size_t refusals = 0;
  for (int run = 0; run < runs; ++run) {
    const auto begin = std::chrono::steady_clock::now();
    for (int call = 0; call < kCalls; ++call) {
      refusals += CheckEachGuard(guards, GuardText(texts.a), GuardText(texts.b)).size();
    }
    nanos.push_back(Nanos(std::chrono::steady_clock::now() - begin).count() / kCalls);
  }
  // Or the compiler might see that nobody looks at the outcome.
  if (refusals > static_cast<size_t>(runs) * kCalls * guards.size()) return -1;
  std::nth_element(nanos.begin(), nanos.begin() + runs / 2, nanos.end());
  return nanos[static_cast<size_t>(runs) / 2];
}

}  // namespace

Section GuardTimeSection(bool quick) {
  const int runs = quick ? 200 : 2'000;
  Section section;
  section.markdown =
      "## What guards take (truth.7)\n\nMicroseconds for two texts of about 200 characters, in "
      "this "
      "process, the median of many runs. Both texts are made ready anew in each call, and no guard "
      "is "
      "spared by another's refusal. `all`: in one call.\n\n";
  std::vector<std::string> head = {"texts"};
  for (const GuardKind guard : kAllGuards) head.emplace_back(Name(guard));
  head.insert(head.end(), {"all", "refused by"});
  section.markdown += TableHead(head);
  double worst = 0;
  for (const Texts& texts : kTexts) {
    std::vector<std::string> cells = {
        absl::StrCat(texts.name, " (", texts.a.size(), ", ", texts.b.size(), ")")};
    for (const GuardKind guard : kAllGuards) {
      cells.push_back(absl::StrFormat("%.2f", MedianNanos({&guard, 1}, texts, runs) / 1000));
    }
    const double all = MedianNanos(kAllGuards, texts, runs);
    const auto refusal = CheckGuards(kAllGuards, texts.a, texts.b);
    cells.push_back(absl::StrFormat("%.2f", all / 1000));
    cells.emplace_back(refusal.has_value() ? Name(refusal->guard) : "-");
    section.markdown += TableRow(cells);
    worst = std::max(worst, all);
  }
  section.markdown += "\n";
  section.bars.push_back(
      {"truth.7 all guards over two texts of 200 characters", worst / 1000, "us", 20, true,
       "median in process, the slowest of the texts in the table; every guard, in "
       "one call that makes both texts ready"});
  return section;
}

}  // namespace semcached::eval
