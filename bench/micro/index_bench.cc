// What a search, an insert and a build cost, by structure and size: the measurements behind
// GraphMinEntries(). See docs/performance.md, "How the index searches".
//
// Vectors are synthetic (topics and paraphrases of them) unless SEMCACHED_BENCH_VECTORS names a
// file of at least 32,000 raw float32 vectors with 384 components.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <tuple>

#include "index/code_kernels.h"
#include "peers/nearest.h"
#include "semcached/base/dot_kernel.h"
#include "semcached/index/similarity.h"
#include "semcached/index/vector_index.h"
#include "support/clustered_vectors.h"
#include "support/manual_executor.h"

namespace semcached {
namespace {

constexpr size_t kDimension = 384;
constexpr size_t kQueries = 2000;
constexpr size_t kMostEntries = 80'000;
const Hash128 kScope{1, 2};

using Vectors = std::vector<std::vector<float>>;

// Empty if there is no file.
Vectors FromFile(size_t count) {
  Vectors vectors;
  const char* path = std::getenv("SEMCACHED_BENCH_VECTORS");
  if (path == nullptr) return vectors;
  std::ifstream file(path, std::ios::binary);
  std::vector<float> vector(kDimension);
  while (vectors.size() < count &&
         file.read(reinterpret_cast<char*>(vector.data()), kDimension * sizeof(float))) {
    if (Normalize(absl::MakeSpan(vector)).ok()) vectors.push_back(vector);
  }
  return vectors;
}

// All that any benchmark stores: it takes the first so many.
const Vectors& Stored() {
  static const Vectors vectors = [] {
    std::mt19937_64 random(1);
    Vectors all = FromFile(kMostEntries);
    return all.size() == kMostEntries ? all : ClusteredVectors(kMostEntries, kDimension, random);
  }();
  return vectors;
}

// Paraphrases of stored ones, and as many that have no near neighbour.
Vectors Queries(size_t stored) {
  std::mt19937_64 random(2);
  Vectors queries;
  for (size_t i = 0; i < kQueries; ++i) {
    const std::vector<float>& near = Stored()[random() % stored];
    queries.push_back(NearTo(near, i % 2 == 0 ? 0.92 : 0.6, random));
  }
  return queries;
}

// Kept for the other benchmarks: a large graph takes a minute to build.
VectorIndex& Filled(IndexType type, size_t count, size_t ef_search) {
  static ManualExecutor executor;
  static std::map<std::tuple<IndexType, size_t, size_t>, std::unique_ptr<VectorIndex>> indexes;
  auto& index = indexes[{type, count, ef_search}];
  if (index != nullptr) return *index;
  IndexOptions options;
  options.type = type;
  options.graph_min_entries = 1;
  options.dimension = kDimension;
  options.ef_search = static_cast<int>(ef_search);
  index = MakeVectorIndex(options, &executor);
  for (size_t i = 0; i < count; ++i) (void)index->Insert(i + 1, kScope, Stored()[i]);
  index->Maintain();
  executor.RunAll();
  return *index;
}

void BM_Search(benchmark::State& state, IndexType type) {
  const auto count = static_cast<size_t>(state.range(0));
  const auto ef_search = static_cast<size_t>(state.range(1));
  const VectorIndex& index = Filled(type, count, ef_search);
  const Vectors queries = Queries(count);
  size_t i = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(index.Search(kScope, queries[i++ % kQueries], 0.85F, 4));
  }
  size_t hits = 0;
  size_t found = 0;
  for (size_t q = 0; q < kQueries; q += 4) {
    const peers::Nearest truth =
        peers::NearestOf(absl::MakeConstSpan(Stored()).first(count), queries[q]);
    if (truth.similarity < 0.85F) continue;
    ++hits;
    const SearchResult result = index.Search(kScope, queries[q], 0.85F, 4);
    found += std::any_of(result.candidates.begin(), result.candidates.end(),
                         [&](const Candidate& one) { return one.id == truth.position + 1; });
  }
  state.counters["recall_at_085"] = static_cast<double>(found) / static_cast<double>(hits);
  state.counters["in_graph"] = static_cast<double>(index.Stats().graph_entry_count);
  state.counters["memory_mb"] = static_cast<double>(index.Stats().memory_bytes) / 1e6;
}
BENCHMARK_CAPTURE(BM_Search, scan, IndexType::kFlat)
    ->ArgNames({"entries", "ef"})
    ->ArgsProduct({{100, 1000, 10000, 32000, 80000}, {0}})
    ->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(BM_Search, graph, IndexType::kHnsw)
    ->ArgNames({"entries", "ef"})
    ->ArgsProduct({{1000, 10000, 32000, 80000}, {16, 64}})
    ->Unit(benchmark::kMicrosecond);

// One entry replaced by another, with the index at a constant size.
void BM_Replace(benchmark::State& state) {
  static ManualExecutor never;
  IndexOptions options;
  options.dimension = kDimension;
  const auto index = MakeVectorIndex(options, &never);
  const auto count = static_cast<size_t>(state.range(0));
  const Vectors& vectors = Stored();
  EntryId next = 1;
  for (; next <= count; ++next) (void)index->Insert(next, kScope, vectors[next - 1]);
  for (auto _ : state) {
    (void)index->Erase(next - count);
    (void)index->Insert(next, kScope, vectors[next % count]);
    ++next;
  }
}
BENCHMARK(BM_Replace)->Arg(1000)->Arg(32000)->Unit(benchmark::kMicrosecond);

// An erase and an insert, now and then, while searches overlap without a gap.
void BM_ReplaceWhileSearched(benchmark::State& state) {
  ManualExecutor never;
  IndexOptions options;
  options.type = IndexType::kFlat;
  options.dimension = kDimension;
  const auto index = MakeVectorIndex(options, &never);
  const auto count = static_cast<size_t>(state.range(0));
  const Vectors& vectors = Stored();
  EntryId next = 1;
  for (; next <= count; ++next) (void)index->Insert(next, kScope, vectors[next - 1]);
  std::atomic<bool> done{false};
  std::vector<std::thread> readers;
  for (size_t reader = 0; reader < 4; ++reader) {
    readers.emplace_back([&, reader] {
      while (!done) benchmark::DoNotOptimize(index->Search(kScope, vectors[reader], 0.85F, 4));
    });
  }
  double worst = 0;
  for (auto _ : state) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
    const auto start = std::chrono::steady_clock::now();
    (void)index->Erase(next - count);
    (void)index->Insert(next, kScope, vectors[next % count]);
    ++next;
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    state.SetIterationTime(took.count());
    worst = std::max(worst, took.count());
  }
  state.counters["worst_ms"] = worst * 1e3;
  done = true;
  for (std::thread& reader : readers) reader.join();
}
BENCHMARK(BM_ReplaceWhileSearched)
    ->Arg(1000)
    ->Arg(8000)
    ->Iterations(300)
    ->Unit(benchmark::kMicrosecond)
    ->UseManualTime();

void BM_DotProduct(benchmark::State& state, DotKernel kernel) {
  const Vectors& vectors = Stored();
  size_t i = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(kernel(vectors[0].data(), vectors[i++ % 16].data(), kDimension));
  }
}

// All codes of a scope of so many entries; nothing is near.
void BM_MatchSigns(benchmark::State& state, const CodeKernels& kernels) {
  constexpr size_t kWords = kDimension / 64;
  const auto count = static_cast<size_t>(state.range(0));
  std::mt19937_64 random(3);
  std::vector<uint64_t> codes(count * kWords);
  for (uint64_t& word : codes) word = random();
  std::vector<CodeMatch> matches(count);
  for (auto _ : state) {
    benchmark::DoNotOptimize(kernels.match(codes.data(), count / kBlockVectors, codes.data(),
                                           kWords, 64, matches.data()));
  }
}

void BM_DotBytes(benchmark::State& state, const CodeKernels& kernels) {
  const std::vector<int16_t> shorts(kDimension, 100);
  const std::vector<int8_t> bytes(kDimension, 10);
  for (auto _ : state) {
    benchmark::DoNotOptimize(kernels.dot_short(shorts.data(), bytes.data(), kDimension));
  }
}

const bool kRegistered = [] {
  for (const CodeKernels& kernels : SupportedCodeKernels()) {
    const std::string name = kernels.name;
    benchmark::RegisterBenchmark(("BM_MatchSigns/" + name).c_str(), BM_MatchSigns, kernels)
        ->Arg(80'000)
        ->Unit(benchmark::kMicrosecond);
    benchmark::RegisterBenchmark(("BM_DotBytes/" + name).c_str(), BM_DotBytes, kernels);
  }
  for (const auto& [name, kernel] : SupportedDotKernels()) {
    benchmark::RegisterBenchmark((std::string("BM_DotProduct/") + name).c_str(), BM_DotProduct,
                                 kernel);
  }
  return true;
}();

}  // namespace
}  // namespace semcached
