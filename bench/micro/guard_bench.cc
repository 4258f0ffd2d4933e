// What a guard adds to a semantic hit: one call on a pair of texts.
#include <benchmark/benchmark.h>

#include <iterator>
#include <optional>
#include <string>
#include <string_view>

#include "semcached/guard/guard.h"

namespace semcached {
namespace {

using Guard = std::optional<std::string> (*)(std::string_view, std::string_view);

struct Pair {
  std::string_view a;
  std::string_view b;
};

// Questions as they come; all pass, so that each guard does all its work.
constexpr Pair kPairs[] = {
    {"How do I reverse a linked list in Python 3?", "what's the way to reverse a list in python3"},
    {"How long do I boil an egg, 5 minutes or 300 seconds?",
     "Does an egg take 300 seconds, that is 5 minutes, of boiling?"},
    {"What is the best way to lose weight in a month?",
     "How can one lose weight within one month in the best way?"},
    {"what does std::move do when I call push_back() with 2 arguments",
     "calling push_back() with two arguments: what does std::move do"},
};

void BM_Guard(benchmark::State& state, Guard guard) {
  size_t i = 0;
  for (auto _ : state) {
    const Pair& pair = kPairs[i++ % std::size(kPairs)];
    benchmark::DoNotOptimize(guard(pair.a, pair.b));
  }
}
BENCHMARK_CAPTURE(BM_Guard, numbers, NumbersDiffer);
BENCHMARK_CAPTURE(BM_Guard, negation, NegationDiffers);
BENCHMARK_CAPTURE(BM_Guard, identifiers, IdentifiersDiffer);

// The cost must grow with the length, not with its square.
void BM_GuardLongText(benchmark::State& state, Guard guard) {
  std::string text;
  for (int64_t i = 0; i < state.range(0); ++i) {
    text += "the " + std::to_string(i) + " km from word" + std::to_string(i) + " to_there ";
  }
  for (auto _ : state) benchmark::DoNotOptimize(guard(text, text));
  state.SetBytesProcessed(static_cast<int64_t>(state.iterations() * text.size()));
}
BENCHMARK_CAPTURE(BM_GuardLongText, numbers, NumbersDiffer)->Range(10, 1000);
BENCHMARK_CAPTURE(BM_GuardLongText, negation, NegationDiffers)->Range(10, 1000);
BENCHMARK_CAPTURE(BM_GuardLongText, identifiers, IdentifiersDiffer)->Range(10, 1000);

}  // namespace
}  // namespace semcached
