#include "peers/bench_vectors.h"

#include <absl/container/flat_hash_set.h>
#include <absl/strings/str_cat.h>

#include <algorithm>
#include <cmath>
#include <iostream>
#include <random>
#include <utility>

#include "peers/nearest.h"
#include "semcached/base/clock.h"
#include "semcached/base/status.h"
#include "semcached/base/tsv.h"
#include "semcached/embed/remembered_vectors.h"
#include "semcached/index/similarity.h"
#include "support/clustered_vectors.h"

namespace semcached::peers {
namespace {

constexpr uint64_t kSeed = 1;
constexpr size_t kTold = 5'000;

absl::StatusOr<std::vector<std::string>> DistinctTexts(const std::string& data) {
  absl::flat_hash_set<std::string> seen;
  std::vector<std::string> texts;
  const auto take = [&](const std::string& text) {
    if (seen.insert(text).second) texts.push_back(text);
  };
  bool head = true;
  RETURN_IF_ERROR(ReadTsv(data + "/pairs.tsv", 4, [&](const TsvFields& row) {
    if (std::exchange(head, false)) return;
    take(row[2]);
    take(row[3]);
  }));
  head = true;
  RETURN_IF_ERROR(ReadTsv(data + "/queries.tsv", 4, [&](const TsvFields& row) {
    if (!std::exchange(head, false)) take(row[3]);
  }));
  return texts;
}

}  // namespace

absl::StatusOr<BenchVectors> LoadVectors(const std::string& data, const std::string& model_dir,
                                         const std::string& memory_file, size_t most) {
  BenchVectors vectors;
  std::mt19937_64 random(kSeed);
  if (data.empty()) {
    vectors.real = ClusteredVectors(most, kDimension, random);
    vectors.source =
        "synthetic, since no data was named: random vectors at a cosine of 0.7 to one of many "
        "topics, about 50 to each";
    return vectors;
  }
  ASSIGN_OR_RETURN(std::vector<std::string> texts, DistinctTexts(data));
  std::shuffle(texts.begin(), texts.end(), random);
  if (texts.size() > most) texts.resize(most);
  ASSIGN_OR_RETURN(const auto embedder, OpenRememberedVectors(model_dir, memory_file));
  for (const std::string& text : texts) {
    const std::string_view view = text;
    ASSIGN_OR_RETURN(auto embedded, embedder->Embed({&view, 1}, Call(SystemClock())));
    Vector& vector = embedded.front();
    if (!vector.empty() && Normalize(absl::MakeSpan(vector)).ok()) {
      vectors.real.push_back(std::move(vector));
    }
    if (vectors.real.size() % kTold == 0) {
      std::cerr << "embedded " << vectors.real.size() << " of " << texts.size() << "\n";
    }
  }
  vectors.source = absl::StrCat(vectors.real.size(), " texts of public data sets, embedded by ",
                                embedder->identity());
  return vectors;
}

Collection Collect(const BenchVectors& vectors, size_t stored, size_t queries) {
  std::mt19937_64 random(kSeed + 1);
  Collection collection;
  const std::vector<Vector>& real = vectors.real;
  const size_t taken = std::min(stored, real.size() - real.size() / 20);
  collection.stored.assign(real.begin(), real.begin() + static_cast<std::ptrdiff_t>(taken));
  collection.made_stored = stored - taken;
  while (collection.stored.size() < stored) {
    collection.stored.push_back(NearTo(real[random() % taken], kMadeNear, random));
  }
  const auto ask = [&](const Vector& query) {
    const Nearest nearest = NearestOf(collection.stored, query);
    if (nearest.similarity >= kLeast && collection.hits.size() < queries) {
      collection.hits.push_back(query);
      collection.nearest_of_hits.push_back(nearest.position);
    } else if (nearest.similarity < kLeast && collection.misses.size() < queries) {
      collection.misses.push_back(query);
    }
  };
  for (size_t i = taken; i < real.size(); ++i) {
    if (collection.hits.size() == queries && collection.misses.size() == queries) break;
    ask(real[i]);
  }
  collection.made_hits = queries - collection.hits.size();
  collection.made_misses = queries - collection.misses.size();
  while (collection.hits.size() < queries) {
    ask(NearTo(collection.stored[random() % stored], kMadeNear, random));
  }
  while (collection.misses.size() < queries) {
    ask(NearTo(collection.stored[random() % stored], kMadeFar, random));
  }
  return collection;
}

Collection CollectTemplate(size_t stored, size_t queries, double cosine) {
  std::mt19937_64 random(kSeed + 2);
  Collection collection;
  const Vector centre = RandomUnit(random, kDimension);
  while (collection.stored.size() < stored) {
    collection.stored.push_back(NearTo(centre, std::sqrt(kTemplateSimilarity), random));
  }
  while (collection.hits.size() < queries) {
    collection.hits.push_back(NearTo(collection.stored[random() % stored], cosine, random));
    const Nearest nearest = NearestOf(collection.stored, collection.hits.back());
    collection.nearest_of_hits.push_back(nearest.position);
  }
  collection.made_stored = stored;
  collection.made_hits = queries;
  return collection;
}

}  // namespace semcached::peers
