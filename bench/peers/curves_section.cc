#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>

#include <chrono>
#include <cmath>
#include <iostream>
#include <random>
#include <string>

#include "eval/section.h"
#include "eval/svg_plot.h"
#include "peers/index_sections.h"
#include "peers/semcached_peer.h"
#include "semcached/base/spread.h"
#include "support/clustered_vectors.h"

namespace semcached::peers {
namespace {

using eval::Axis;
using eval::Series;
using eval::TableHead;
using eval::TableRow;

constexpr size_t kQueries = 500;
constexpr int kRounds = 5;
constexpr size_t kMoreInserts = 500;
constexpr uint64_t kSeed = 3;

// What there is at one point of a curve.
struct Costs {
  double entries = 0;
  double scopes = 1;
  double hit_micros = 0;  // medians of the rounds' means
  double miss_micros = 0;
  double insert_micros = 0;
  double bytes = 0;  // an entry, by the index's own count
};

Hash128 ScopeNumber(size_t number) { return {number, 11}; }

double MicrosSince(std::chrono::steady_clock::time_point begin) {
  return std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - begin)
      .count();
}

// Vectors without end, the real ones first: after those, real ones moved to a cosine of kMadeNear
// with what they were. The last real ones are left over for misses.
class Supply {
 public:
  explicit Supply(const std::vector<Vector>& real)
      : real_(real), stored_(real.size() - real.size() / 20) {}

  Vector Next() {
    const size_t number = next_++;
    if (number < stored_) return real_[number];
    return NearTo(real_[random_() % stored_], kMadeNear, random_);
  }
  Vector AnyLeftOver() { return real_[stored_ + random_() % (real_.size() - stored_)]; }
  std::mt19937_64& random() { return random_; }
  size_t stored() const { return stored_; }

 private:
  const std::vector<Vector>& real_;
  const size_t stored_;
  size_t next_ = 0;
  std::mt19937_64 random_{kSeed};
};

struct Query {
  Hash128 scope;
  Vector vector;
};

// An index that grows, and what is asked of it.
class Growing {
 public:
  Growing(IndexType type, size_t scopes, const BenchVectors& vectors)
      : index_(OptionsOf(type, kDimension)), scopes_(scopes), supply_(vectors.real) {}

  Costs CostsAt(size_t entries) {
    while (size_ < entries) InsertOne(supply_.Next());
    index_.Settle();
    Ask();
    Costs costs;
    costs.entries = static_cast<double>(entries);
    costs.scopes = static_cast<double>(scopes_);
    const IndexStats stats = index_.Stats();
    costs.bytes = static_cast<double>(stats.memory_bytes) / costs.entries;
    std::vector<double> hits;
    std::vector<double> misses;
    for (int round = 0; round < kRounds; ++round) {
      hits.push_back(MicrosAQueryOf(hits_));
      misses.push_back(MicrosAQueryOf(misses_));
    }
    costs.hit_micros = SpreadOf(hits).median;
    costs.miss_micros = SpreadOf(misses).median;
    costs.insert_micros = MicrosAnInsert();
    return costs;
  }

 private:
  // Some of what is stored is kept, to make hits from.
  void InsertOne(Vector vector) {
    const Hash128 scope = ScopeNumber(size_ % scopes_);
    index_.InsertInto(scope, size_, vector);
    ++size_;
    if (kept_.size() < kQueries) {
      kept_.push_back({scope, std::move(vector)});
    } else if (const size_t place = supply_.random()() % size_; place < kQueries) {
      kept_[place] = {scope, std::move(vector)};
    }
  }

  void Ask() {
    hits_.clear();
    misses_.clear();
    for (const Query& kept : kept_) {
      hits_.push_back({kept.scope, NearTo(kept.vector, kMadeNear, supply_.random())});
    }
    while (misses_.size() < kQueries) {
      Query query = {ScopeNumber(supply_.random()() % scopes_), supply_.AnyLeftOver()};
      // Texts that were left over may have a stored neighbour: those are moved away from it.
      while (!index_.ProposeFrom(query.scope, query.vector, kLeast).empty()) {
        query.vector = NearTo(query.vector, kMadeFar, supply_.random());
      }
      misses_.push_back(std::move(query));
    }
  }

  double MicrosAQueryOf(const std::vector<Query>& queries) const {
    const auto begin = std::chrono::steady_clock::now();
    for (const Query& query : queries) {
      (void)index_.ProposeFrom(query.scope, query.vector, kLeast);
    }
    return MicrosSince(begin) / static_cast<double>(queries.size());
  }

  // They stay: at the next point of the curve there are more.
  double MicrosAnInsert() {
    std::vector<double> micros;
    for (int round = 0; round < kRounds; ++round) {
      std::vector<Vector> more;
      while (more.size() < kMoreInserts / kRounds) more.push_back(supply_.Next());
      const auto begin = std::chrono::steady_clock::now();
      for (const Vector& vector : more) {
        index_.InsertInto(ScopeNumber(size_ % scopes_), size_, vector);
        ++size_;
      }
      micros.push_back(MicrosSince(begin) / static_cast<double>(more.size()));
    }
    return SpreadOf(micros).median;
  }

  SemcachedPeer index_;
  const size_t scopes_;
  Supply supply_;
  size_t size_ = 0;
  std::vector<Query> kept_;
  std::vector<Query> hits_;
  std::vector<Query> misses_;
};

struct Curve {
  std::string name;
  std::vector<Costs> points;
};

std::string Micros(double value) { return absl::StrFormat("%.2f", value); }

void PrintTable(const std::vector<Curve>& curves) {
  std::cout << TableHead(
      {"index", "entries", "scopes", "hit, us", "miss, us", "insert, us", "bytes an entry"});
  for (const Curve& curve : curves) {
    for (const Costs& costs : curve.points) {
      std::cout << TableRow({curve.name, absl::StrFormat("%.0f", costs.entries),
                             absl::StrFormat("%.0f", costs.scopes), Micros(costs.hit_micros),
                             Micros(costs.miss_micros), Micros(costs.insert_micros),
                             absl::StrFormat("%.0f", costs.bytes)});
    }
  }
  std::cout << std::flush;
}

// The least whole-numbered axis of powers of ten that holds all values.
Axis LogAxis(const std::string& label, const std::vector<Series>& series, bool of_x) {
  Axis axis{label, 0, 0, 1, true};
  bool first = true;
  for (const Series& one : series) {
    for (const auto& [x, y] : one.points) {
      const double value = of_x ? x : y;
      axis.low = first ? std::floor(value) : std::min(axis.low, std::floor(value));
      axis.high = first ? std::ceil(value) : std::max(axis.high, std::ceil(value));
      first = false;
    }
  }
  if (axis.high <= axis.low) axis.high = axis.low + 1;
  return axis;
}

std::string DrawTimes(const std::string& title, const std::string& x_label,
                      const std::vector<Curve>& curves, double Costs::*x) {
  std::vector<Series> series;
  for (const Curve& curve : curves) {
    for (const auto& [what, micros] : {std::pair{"hit", &Costs::hit_micros},
                                       {"miss", &Costs::miss_micros},
                                       {"insert", &Costs::insert_micros}}) {
      Series one;
      one.name = absl::StrCat(curve.name, ", ", what);
      for (const Costs& costs : curve.points) {
        one.points.emplace_back(std::log10(costs.*x), std::log10(costs.*micros));
      }
      one.dashed = micros == &Costs::insert_micros;
      series.push_back(std::move(one));
    }
  }
  return LinePlot(title, LogAxis(x_label, series, true),
                  LogAxis("microseconds, logarithmic", series, false), series);
}

std::string DrawBytes(const std::string& title, const std::string& x_label,
                      const std::vector<Curve>& curves, double Costs::*x) {
  std::vector<Series> series;
  double most = 0;
  for (const Curve& curve : curves) {
    Series one;
    one.name = curve.name;
    for (const Costs& costs : curve.points) {
      one.points.emplace_back(std::log10(costs.*x), costs.bytes);
      most = std::max(most, costs.bytes);
    }
    series.push_back(std::move(one));
  }
  constexpr double kStep = 200;
  return LinePlot(title, LogAxis(x_label, series, true),
                  {"bytes an entry", 0, kStep * std::ceil(most / kStep), kStep}, series);
}

Curve BySize(IndexType type, size_t most, const BenchVectors& vectors) {
  Curve curve{Name(type), {}};
  Growing growing(type, 1, vectors);
  for (size_t entries = 1'000; entries <= most; entries *= 10) {
    std::cerr << "curves: " << Name(type) << ", " << entries << " entries\n";
    curve.points.push_back(growing.CostsAt(entries));
  }
  return curve;
}

}  // namespace

std::map<std::string, std::string> CurvesSection(const BenchVectors& vectors, bool quick,
                                                 bool shown) {
  std::map<std::string, std::string> plots;
  const size_t of_data = Supply(vectors.real).stored();
  std::cout << absl::StrFormat(
      "\n## What it costs by size\n\n"
      "One scope, which grows. The first %d entries are vectors of that source, the others such "
      "vectors moved to a cosine of %.1f; hits are %.1f from what is stored, misses have nothing "
      "at %.2f. `auto` is a scan up to %d entries here, and `hnsw` up to %d. No insert waits for a "
      "graph. Medians of %d rounds; bytes by the index's own count.\n\n",
      of_data, kMadeNear, kMadeNear, kLeast,
      GraphMinEntries(OptionsOf(IndexType::kAuto, kDimension)) - 1,
      GraphMinEntries(OptionsOf(IndexType::kHnsw, kDimension)) - 1, kRounds);
  std::vector<Curve> by_size;
  by_size.push_back(BySize(IndexType::kFlat, quick ? 10'000 : 1'000'000, vectors));
  for (const IndexType type : {IndexType::kAuto, IndexType::kHnsw}) {
    by_size.push_back(BySize(type, quick ? 10'000 : 100'000, vectors));
  }
  PrintTable(by_size);
  const char* entries = "entries in one scope, logarithmic";
  plots["size-time.svg"] = DrawTimes("Time by size", entries, by_size, &Costs::entries);
  plots["size-memory.svg"] = DrawBytes("Memory by size", entries, by_size, &Costs::entries);
  const auto show = [&](const char* file) {
    if (shown) std::cout << "\n![" << file << "](" << file << ")\n";
  };
  show("size-time.svg");
  show("size-memory.svg");

  const size_t all = quick ? 10'000 : 100'000;
  std::cout << absl::StrFormat(
      "\n## What it costs by scopes\n\n%d entries in all, evenly in so many scopes.\n\n", all);
  std::vector<Curve> by_scopes = {{Name(IndexType::kAuto), {}}};
  for (size_t scopes = 1; scopes <= all / 10; scopes *= 10) {
    std::cerr << "curves: " << scopes << " scopes\n";
    by_scopes[0].points.push_back(Growing(IndexType::kAuto, scopes, vectors).CostsAt(all));
  }
  PrintTable(by_scopes);
  const std::string scopes = absl::StrFormat("scopes, over %d entries, logarithmic", all);
  plots["scopes-time.svg"] = DrawTimes("Time by scopes", scopes, by_scopes, &Costs::scopes);
  plots["scopes-memory.svg"] = DrawBytes("Memory by scopes", scopes, by_scopes, &Costs::scopes);
  show("scopes-time.svg");
  show("scopes-memory.svg");
  return plots;
}

}  // namespace semcached::peers
