#include "peers/index_sections.h"

#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>

#include <chrono>
#include <iostream>
#include <string>

#include "peers/measure.h"
#include "peers/semcached_peer.h"
#include "semcached/base/spread.h"

namespace semcached::peers {
namespace {

constexpr size_t kQueries = 500;
constexpr int kRounds = 5;

// The exact keys of the cache: a key and an id in a hash table at its usual load.
constexpr double kExactKeyBytes = 40;

double Bytes(const SemcachedPeer& index) { return static_cast<double>(index.Stats().memory_bytes); }

constexpr int kTurnovers = 10;
// For builds, in one turnover: what is due at a tenth is late by a fortieth, as where builds take
// a while.
constexpr int kPauses = 40;

// Wears an index that holds the collection; its ids count from what is returned then.
using Wear = size_t (*)(const Collection& collection, SemcachedPeer* index);

size_t ReplaceOldest(const Collection& collection, SemcachedPeer* index) {
  const size_t entries = collection.stored.size();
  size_t next = entries;
  for (int turnover = 0; turnover < kTurnovers; ++turnover) {
    for (size_t i = 0; i < entries; ++i, ++next) {
      index->Erase(next - entries);
      index->Insert(next, collection.stored[i]);
      if (i % (entries / kPauses) == 0) index->Settle();
    }
  }
  index->Settle();
  return next - entries;
}

// As many changes; each entry goes before the next one comes.
size_t ReplaceNewest(const Collection& collection, SemcachedPeer* index) {
  const size_t entries = collection.stored.size();
  for (size_t i = 0; i < kTurnovers * entries; ++i) {
    index->Insert(entries + i, collection.misses[i % collection.misses.size()]);
    if (i % (entries / kPauses) == 0) index->Settle();
    index->Erase(entries + i);
  }
  index->Settle();
  return 0;
}

struct Worn {
  double recall = 0;
  double micros = 0;
  double bytes = 0;
  double in_graph = 0;  // share of the entries
};

// The same collection, fresh and worn, asked in turn.
struct Comparison {
  Worn fresh;
  Worn after;
  double time_ratio = 0;
};

Worn StateOf(const Collection& collection, size_t first, SemcachedPeer* index) {
  Worn state;
  state.recall = Recall(index, collection, first);
  state.bytes = Bytes(*index);
  state.in_graph = static_cast<double>(index->Stats().graph_entry_count) /
                   static_cast<double>(collection.stored.size());
  return state;
}

double MicrosOf(const Collection& collection, SemcachedPeer* index) {
  return (MicrosAQuery(index, collection.hits) + MicrosAQuery(index, collection.misses)) / 2;
}

Comparison Compare(const IndexOptions& options, const Collection& collection, Wear wear) {
  SemcachedPeer fresh(options);
  SemcachedPeer worn(options);
  Comparison result;
  fresh.Build(collection.stored);
  worn.Build(collection.stored);
  result.fresh = StateOf(collection, 0, &fresh);
  result.after = StateOf(collection, wear(collection, &worn), &worn);
  std::vector<double> fresh_micros;
  std::vector<double> after_micros;
  std::vector<double> ratios;
  for (int round = 0; round < kRounds; ++round) {
    fresh_micros.push_back(MicrosOf(collection, &fresh));
    after_micros.push_back(MicrosOf(collection, &worn));
    ratios.push_back(after_micros.back() / fresh_micros.back());
  }
  result.fresh.micros = SpreadOf(fresh_micros).median;
  result.after.micros = SpreadOf(after_micros).median;
  result.time_ratio = SpreadOf(ratios).median;
  return result;
}

void AddTurnoverBars(const std::string& what, const Comparison& compared,
                     std::vector<eval::Bar>* bars) {
  bars->push_back({absl::StrCat("speed.5 recall", what), compared.after.recall, "", kWantedRecall,
                   false,
                   "share of the true nearest neighbours at or above 0.80 among the proposals"});
  bars->push_back({absl::StrCat("speed.5 time", what), compared.time_ratio, "x", 1.15, true,
                   "mean of hits and misses to a fresh index's, median of five rounds in turn"});
  bars->push_back({absl::StrCat("speed.5 memory", what),
                   compared.after.bytes / compared.fresh.bytes, "x", 1.10, true,
                   "the index's own count, to the fresh index"});
}

// Of one query in a round over all of them, each in one of so many scopes.
template <typename ScopeOf>
double MicrosIn(const SemcachedPeer& index, const std::vector<Vector>& queries, ScopeOf scope_of) {
  const auto begin = std::chrono::steady_clock::now();
  for (size_t i = 0; i < queries.size(); ++i) {
    (void)index.ProposeFrom(scope_of(i), queries[i], kLeast);
  }
  const std::chrono::duration<double, std::micro> took = std::chrono::steady_clock::now() - begin;
  return took.count() / static_cast<double>(queries.size());
}

Hash128 ScopeNumber(size_t number) { return {number, 7}; }

}  // namespace

void TurnoverSection(const BenchVectors& vectors, bool quick, std::vector<eval::Bar>* bars) {
  std::cout
      << "\n## After " << kTurnovers
      << " complete turnovers\n\n"
         "The oldest entry is replaced, or a newest one comes and goes as often. Graphs "
         "begin at a quarter of the entries here, so that there is one to wear with `auto`.\n\n"
         "| index | replaced | entries | in a graph | recall, fresh | after | us, fresh | "
         "after | bytes an entry, fresh | after |\n"
         "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n";
  for (const IndexType type : {IndexType::kAuto, IndexType::kFlat, IndexType::kHnsw}) {
    // Graphs are renewed some eighty times.
    const size_t full = type == IndexType::kFlat ? 20'000 : 4'000;
    const size_t entries = quick ? 200 : full;
    const Collection collection = Collect(vectors, entries, kQueries);
    IndexOptions options = OptionsOf(type, kDimension);
    options.graph_min_entries = entries / 4;
    for (const auto& [name, wear] :
         {std::pair<const char*, Wear>{"oldest", ReplaceOldest}, {"newest", ReplaceNewest}}) {
      std::cerr << "turnover: " << Name(type) << ", " << name << "\n";
      const Comparison compared = Compare(options, collection, wear);
      const auto count = static_cast<double>(entries);
      std::cout << absl::StrFormat(
          "| %s | %s | %d | %.0f %% | %.4f | %.4f | %.1f | %.1f | %.0f | %.0f |\n", Name(type),
          name, entries, 100 * compared.after.in_graph, compared.fresh.recall,
          compared.after.recall, compared.fresh.micros, compared.after.micros,
          compared.fresh.bytes / count, compared.after.bytes / count);
      AddTurnoverBars(absl::StrCat(" after ten turnovers of the ", name, ", ", Name(type)),
                      compared, bars);
    }
  }
}

void MemorySection(const BenchVectors& vectors, bool quick, std::vector<eval::Bar>* bars) {
  constexpr size_t kInScope = 10;
  const size_t entries = quick ? 1'000 : 100'000;
  const size_t scopes = entries / kInScope;
  const Collection collection = Collect(vectors, entries, kQueries);
  std::cerr << "memory and scopes\n";
  const IndexOptions options = OptionsOf(IndexType::kAuto, kDimension);
  SemcachedPeer one(options);
  SemcachedPeer many(options);
  SemcachedPeer alone(options);  // the entries of one of the many scopes
  for (size_t i = 0; i < entries; ++i) {
    one.Insert(i, collection.stored[i]);
    many.InsertInto(ScopeNumber(i % scopes), i, collection.stored[i]);
    if (i % scopes == 0) alone.InsertInto(ScopeNumber(0), i, collection.stored[i]);
  }
  for (SemcachedPeer* index : {&one, &many, &alone}) index->Settle();
  const auto any_scope = [scopes](size_t query) { return ScopeNumber(query * 7919 % scopes); };
  const auto only_scope = [](size_t /*query*/) { return ScopeNumber(0); };
  std::vector<double> many_micros;
  std::vector<double> alone_micros;
  std::vector<double> ratios;
  for (int round = 0; round < kRounds; ++round) {
    many_micros.push_back(MicrosIn(many, collection.hits, any_scope));
    alone_micros.push_back(MicrosIn(alone, collection.hits, only_scope));
    ratios.push_back(many_micros.back() / alone_micros.back());
  }
  const double entry_bytes = Bytes(one) / static_cast<double>(entries);
  const double empty_bytes = Bytes(SemcachedPeer(options));
  const std::string many_scopes = absl::StrFormat("%d scopes of %d", scopes, kInScope);
  std::cout << "\n## Memory and scopes\n\n| what | value |\n| --- | ---: |\n"
            << absl::StrFormat(
                   "| bytes an entry, %d in one scope | %.0f |\n"
                   "| the same in %s | %.0f |\n"
                   "| an empty index, bytes | %.0f |\n"
                   "| a lookup among %d entries alone, us | %.2f |\n"
                   "| a lookup in one of %s, us | %.2f |\n",
                   entries, entry_bytes, many_scopes, Bytes(many) / static_cast<double>(entries),
                   empty_bytes, kInScope, SpreadOf(alone_micros).median, many_scopes,
                   SpreadOf(many_micros).median);
  bars->push_back({absl::StrCat("speed.6 bytes an entry, auto, ", entries, " entries"),
                   entry_bytes + kExactKeyBytes, "bytes", 700, true,
                   "the index's own count of all structures, and 40 for the exact key"});
  bars->push_back(
      {"speed.9 an empty index", empty_bytes, "bytes", 4096, true, "the index's own count"});
  bars->push_back({absl::StrCat("speed.9 memory of ", many_scopes), Bytes(many) / Bytes(one), "x",
                   1.5, true, absl::StrCat("to one scope of ", entries)});
  bars->push_back({absl::StrCat("speed.9 lookup among ", many_scopes), SpreadOf(ratios).median, "x",
                   1.2, true,
                   absl::StrCat("to a lookup in an index of ", kInScope,
                                " entries, median of five rounds in turn")});
}

}  // namespace semcached::peers
