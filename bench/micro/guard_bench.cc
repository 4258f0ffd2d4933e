// What a guard adds to a semantic hit: one call on a pair of texts.
#include <benchmark/benchmark.h>

#include <iterator>
#include <optional>
#include <string>
#include <string_view>

#include "semcached/guard/guard.h"
#include "semcached/guard/redaction.h"

namespace semcached {
namespace {

struct Pair {
  std::string_view a;
  std::string_view b;
};

// Questions as they come; most guards pass most of them, and so do all their work.
constexpr Pair kPairs[] = {
    {"How do I reverse a linked list in Python 3?", "what's the way to reverse a list in python3"},
    {"How long do I boil an egg, 5 minutes or 300 seconds?",
     "Does an egg take 300 seconds, that is 5 minutes, of boiling?"},
    {"What is the best way to lose weight in a month?",
     "How can one lose weight within one month in the best way?"},
    {"what does std::move do when I call push_back() with 2 arguments",
     "calling push_back() with two arguments: what does std::move do"},
};

// Two texts of 200 characters each.
constexpr Pair kLongPairs[] = {
    {"I bought a second hand laptop last week and its battery lasts only 2 hours, so I would like "
     "to "
     "know how I can check the health of the battery on windows 11 before I ask the seller for "
     "money "
     "back",
     "the battery of the second hand laptop that I bought last week lasts only 2 hours; how do I "
     "check "
     "the health of the battery on windows 11 before I ask the seller to give me my money back "
     "please"},
    {"What happens to the remote branch when I run git push --force after a rebase of my feature "
     "branch, and how can my colleagues get the new commits without losing the changes in their "
     "own "
     "branch?",
     "If I run git push --force after I rebased my feature branch, what happens to the remote "
     "branch, "
     "and how do my colleagues get the new commits without losing changes of their own branches? "
     "Thanks."},
};

void BM_Guard(benchmark::State& state, GuardKind guard) {
  size_t i = 0;
  for (auto _ : state) {
    const Pair& pair = kPairs[i++ % std::size(kPairs)];
    benchmark::DoNotOptimize(CheckGuards({&guard, 1}, pair.a, pair.b));
  }
}
BENCHMARK_CAPTURE(BM_Guard, numbers, GuardKind::kNumbers);
BENCHMARK_CAPTURE(BM_Guard, negation, GuardKind::kNegation);
BENCHMARK_CAPTURE(BM_Guard, identifiers, GuardKind::kIdentifiers);
BENCHMARK_CAPTURE(BM_Guard, entities, GuardKind::kEntities);
BENCHMARK_CAPTURE(BM_Guard, focus, GuardKind::kFocus);
BENCHMARK_CAPTURE(BM_Guard, roles, GuardKind::kRoles);

// Each guard by itself, on two long texts that are ready.
void BM_GuardPrepared(benchmark::State& state, GuardKind guard) {
  const GuardText a(kLongPairs[0].a);
  const GuardText b(kLongPairs[0].b);
  for (auto _ : state) benchmark::DoNotOptimize(CheckGuards({&guard, 1}, a, b));
}
BENCHMARK_CAPTURE(BM_GuardPrepared, numbers, GuardKind::kNumbers);
BENCHMARK_CAPTURE(BM_GuardPrepared, negation, GuardKind::kNegation);
BENCHMARK_CAPTURE(BM_GuardPrepared, identifiers, GuardKind::kIdentifiers);
BENCHMARK_CAPTURE(BM_GuardPrepared, entities, GuardKind::kEntities);
BENCHMARK_CAPTURE(BM_GuardPrepared, focus, GuardKind::kFocus);
BENCHMARK_CAPTURE(BM_GuardPrepared, roles, GuardKind::kRoles);

void BM_GuardPrepare(benchmark::State& state) {
  for (auto _ : state) {
    const GuardText text(kLongPairs[0].a);
    benchmark::DoNotOptimize(&text.prepared());
  }
}
BENCHMARK(BM_GuardPrepare);

// What a lookup pays once, if it meets an entry whose text is not kept, before the above.
void BM_GuardRedact(benchmark::State& state) {
  const HashKey key = {1, 2, 3};
  for (auto _ : state) benchmark::DoNotOptimize(RedactForGuards(kLongPairs[0].a, key));
}
BENCHMARK(BM_GuardRedact);

// All guards over two texts of 200 characters, both made ready: what a semantic hit pays.
void BM_Guard_all(benchmark::State& state) {
  size_t i = 0;
  for (auto _ : state) {
    const Pair& pair = kLongPairs[i++ % std::size(kLongPairs)];
    benchmark::DoNotOptimize(CheckEachGuard(kAllGuards, GuardText(pair.a), GuardText(pair.b)));
  }
}
BENCHMARK(BM_Guard_all)->Name("BM_Guard/all");

// The cost must grow with the length, not with its square.
void BM_GuardLongText(benchmark::State& state, GuardKind guard) {
  std::string text;
  for (int64_t i = 0; i < state.range(0); ++i) {
    text += "the " + std::to_string(i) + " km from word" + std::to_string(i) + " to_there ";
  }
  const GuardText a(text);
  const GuardText b(text);
  for (auto _ : state) benchmark::DoNotOptimize(CheckGuards({&guard, 1}, a, b));
  state.SetBytesProcessed(static_cast<int64_t>(state.iterations() * text.size()));
}
BENCHMARK_CAPTURE(BM_GuardLongText, numbers, GuardKind::kNumbers)->Range(10, 1000);
BENCHMARK_CAPTURE(BM_GuardLongText, negation, GuardKind::kNegation)->Range(10, 1000);
BENCHMARK_CAPTURE(BM_GuardLongText, identifiers, GuardKind::kIdentifiers)->Range(10, 1000);
BENCHMARK_CAPTURE(BM_GuardLongText, entities, GuardKind::kEntities)->Range(10, 1000);

}  // namespace
}  // namespace semcached
