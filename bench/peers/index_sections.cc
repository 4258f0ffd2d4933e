#include "peers/index_sections.h"

#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>

#include <chrono>
#include <iostream>
#include <string>

#include "main/spread.h"
#include "peers/measure.h"
#include "semcached/index/vector_index.h"
#include "support/manual_executor.h"

namespace semcached::peers {
namespace {

constexpr size_t kDimension = 384;
constexpr size_t kQueries = 500;
constexpr int kRounds = 5;
constexpr Hash128 kScope{1, 2};

// The exact keys of the cache: a key and an id in a hash table at its usual load.
constexpr double kExactKeyBytes = 40;

Hash128 ScopeNumber(size_t number) { return {number, 7}; }

class Index {
 public:
  explicit Index(IndexType type) {
    options_.type = type;
    options_.dimension = kDimension;
    index_ = MakeVectorIndex(options_, &builds_);
  }
  void Insert(size_t id, const Vector& vector, const Hash128& scope = kScope) {
    (void)index_->Insert(id + 1, scope, vector);
  }
  void Erase(size_t id) { (void)index_->Erase(id + 1); }
  void Settle() {
    index_->Maintain();
    builds_.RunAll();
  }
  double Bytes() const { return static_cast<double>(index_->Stats().memory_bytes); }
  SearchResult Search(const Vector& query, const Hash128& scope = kScope) const {
    return index_->Search(scope, query, kLeast, kMostProposals);
  }

  double Micros(const std::vector<Vector>& queries, size_t scopes = 0) const {
    const auto begin = std::chrono::steady_clock::now();
    size_t at = 0;
    for (const Vector& query : queries) {
      (void)Search(query, scopes == 0 ? kScope : ScopeNumber(at++ * 7919 % scopes));
    }
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    return took.count() * 1e6 / static_cast<double>(queries.size());
  }

 private:
  IndexOptions options_;
  ManualExecutor builds_;
  std::unique_ptr<VectorIndex> index_;
};

struct State {
  double recall = 0;
  double micros = 0;
  double bytes = 0;
};

// `first`: of the collection's vectors, the id of the first.
State Look(const Index& index, const Collection& collection, size_t first) {
  State state;
  size_t found = 0;
  for (size_t i = 0; i < collection.hits.size(); ++i) {
    for (const Candidate& one : index.Search(collection.hits[i]).candidates) {
      if (one.id - 1 != first + collection.nearest_of_hits[i]) continue;
      ++found;
      break;
    }
  }
  state.recall = static_cast<double>(found) / static_cast<double>(collection.hits.size());
  std::vector<double> rounds;
  for (int round = 0; round < kRounds; ++round) {
    rounds.push_back(index.Micros(collection.hits) + index.Micros(collection.misses));
  }
  state.micros = SpreadOf(rounds).median / 2;
  state.bytes = index.Bytes();
  return state;
}

}  // namespace

void TurnoverSection(const BenchVectors& vectors, bool quick, std::vector<eval::Bar>* bars) {
  constexpr int kTurnovers = 10;
  constexpr size_t kSteps = 5;  // pauses for builds in one turnover
  std::cout
      << "\n## After " << kTurnovers << " complete turnovers\n\n"
      << "| index | entries | recall, fresh | after | us, fresh | after | bytes an entry, fresh "
         "| after |\n| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n";
  for (const IndexType type : {IndexType::kAuto, IndexType::kFlat, IndexType::kHnsw}) {
    // Graphs are built fifty times.
    const size_t full = type == IndexType::kHnsw ? 4'000 : 20'000;
    const size_t entries = quick ? 200 : full;
    std::cerr << "turnover: " << Name(type) << "\n";
    const Collection collection = Collect(vectors, entries, kQueries);
    Index index(type);
    size_t next = 0;
    const auto fill = [&] {
      for (const Vector& vector : collection.stored) index.Insert(next++, vector);
    };
    fill();
    index.Settle();
    const State fresh = Look(index, collection, 0);
    for (int turnover = 0; turnover < kTurnovers; ++turnover) {
      for (size_t i = 0; i < entries; ++i, ++next) {
        index.Erase(next - entries);
        index.Insert(next, collection.stored[i]);
        if (i % (entries / kSteps) == 0) index.Settle();
      }
    }
    index.Settle();
    const State after = Look(index, collection, next - entries);
    const auto count = static_cast<double>(entries);
    std::cout << absl::StrFormat("| %s | %d | %.4f | %.4f | %.1f | %.1f | %.0f | %.0f |\n",
                                 Name(type), entries, fresh.recall, after.recall, fresh.micros,
                                 after.micros, fresh.bytes / count, after.bytes / count);
    const std::string what = absl::StrCat(" after ten turnovers, ", Name(type));
    bars->push_back({absl::StrCat("speed.5 recall", what), after.recall, "", kWantedRecall, false,
                     "share of the true nearest neighbours at or above 0.80 among the proposals"});
    bars->push_back({absl::StrCat("speed.5 time", what), after.micros / fresh.micros, "x", 1.15,
                     true, "mean of hits and misses, median of five rounds, to the fresh index"});
    bars->push_back({absl::StrCat("speed.5 memory", what), after.bytes / fresh.bytes, "x", 1.10,
                     true, "the index's own count, to the fresh index"});
  }
}

void MemorySection(const BenchVectors& vectors, bool quick, std::vector<eval::Bar>* bars) {
  const size_t entries = quick ? 1'000 : 100'000;
  const size_t scopes = entries / 10;
  const Collection collection = Collect(vectors, entries, kQueries);
  std::cerr << "memory and scopes\n";
  Index one(IndexType::kAuto);
  Index many(IndexType::kAuto);
  for (size_t i = 0; i < entries; ++i) {
    one.Insert(i, collection.stored[i]);
    many.Insert(i, collection.stored[i], ScopeNumber(i % scopes));
  }
  const double entry_bytes = one.Bytes() / static_cast<double>(entries);
  const double one_micros = one.Micros(collection.hits);
  const double many_micros = many.Micros(collection.hits, scopes);
  std::cout << "\n## Memory and scopes\n\n| what | value |\n| --- | ---: |\n"
            << absl::StrFormat(
                   "| bytes an entry, 100,000 in one scope | %.0f |\n"
                   "| the same in 10,000 scopes of 10 | %.0f |\n"
                   "| an empty index, bytes | %.0f |\n"
                   "| a lookup in the one scope, us | %.1f |\n"
                   "| a lookup in one of the 10,000, us | %.1f |\n",
                   entry_bytes, many.Bytes() / static_cast<double>(entries),
                   Index(IndexType::kAuto).Bytes(), one_micros, many_micros);
  bars->push_back({"speed.6 bytes an entry, auto, 100,000 entries", entry_bytes + kExactKeyBytes,
                   "bytes", 700, true,
                   "the index's own count of all structures, and 40 for the exact key"});
  bars->push_back({"speed.9 an empty index", Index(IndexType::kAuto).Bytes(), "bytes", 4096, true,
                   "the index's own count"});
  bars->push_back({"speed.9 memory of 10,000 scopes of 10", many.Bytes() / one.Bytes(), "x", 1.5,
                   true, "to one scope of 100,000"});
  bars->push_back({"speed.9 lookup among 10,000 scopes of 10", many_micros / one_micros, "x", 1.2,
                   true, "to a lookup in one scope of 100,000"});
}

}  // namespace semcached::peers
