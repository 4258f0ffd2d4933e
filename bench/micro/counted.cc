// Runs one hot function many times, for callgrind to count its instructions (scripts/count.sh):
//   semcached-counted [NAME [TIMES=200]]
// Without a name, prints those that there are. What prepares a function is not counted.

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <functional>
#include <iostream>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "semcached/guard/guard.h"
#include "semcached/index/vector_index.h"
#include "semcached/store/document_store.h"
#include "support/manual_executor.h"
#include "support/vectors.h"

namespace semcached {
namespace {

constexpr size_t kDimension = 384;
constexpr size_t kEntries = 2'000;
const Hash128 kScope{1, 2};

using Work = std::function<void(int)>;

class Index {
 public:
  explicit Index(IndexType type = IndexType::kAuto) {
    IndexOptions options;
    options.type = type;
    options.dimension = kDimension;
    index_ = MakeVectorIndex(options, &executor_);
    for (size_t i = 0; i < kEntries; ++i) Insert(RandomUnit(random_, kDimension));
    index_->Maintain();
    executor_.RunAll();
  }
  void InsertNext() { Insert(queries_[next_query_++ % queries_.size()]); }
  void Search() {
    const std::vector<float> query = queries_[next_query_++ % queries_.size()];
    if (!index_->Search(kScope, query, 0.85F, 8).candidates.empty()) std::abort();
  }

 private:
  void Insert(const std::vector<float>& vector) {
    if (!index_->Insert(next_++, kScope, vector).ok()) std::abort();
  }

  std::vector<std::vector<float>> MakeQueries() {
    constexpr size_t kQueries = 16;
    std::vector<std::vector<float>> queries;
    queries.reserve(kQueries);
    for (size_t i = 0; i < kQueries; ++i) queries.push_back(RandomUnit(random_, kDimension));
    return queries;
  }

  std::mt19937_64 random_{7};
  ManualExecutor executor_;
  std::unique_ptr<VectorIndex> index_;
  EntryId next_ = 1;
  std::vector<std::vector<float>> queries_ = MakeQueries();
  size_t next_query_ = 0;
};

class Store {
 public:
  Store() {
    path_ = std::filesystem::temp_directory_path() / ("counted-" + std::to_string(getpid()));
    auto store = OpenRocksDbStore({.path = path_});
    if (!store.ok()) std::abort();
    store_ = *std::move(store);
    std::mt19937_64 random(7);
    document_.entry.category = "code";
    document_.entry.scope = {"tenant", "model", "context"};
    document_.entry.embedding = {"model@1", RandomUnit(random, kDimension)};
    document_.query = "how do I reverse a list in python";
    document_.response.body = std::string(2048, 'x');
    for (size_t i = 0; i < kEntries; ++i) Put();
  }
  ~Store() {
    store_.reset();
    std::filesystem::remove_all(path_);
  }
  void Put() {
    document_.entry.id = ++last_;
    if (!store_->Put(document_, Durability::kProcess).ok()) std::abort();
  }
  void GetAnswer(int i) {
    if (!store_->GetAnswer(static_cast<EntryId>(i) % last_ + 1).ok()) std::abort();
  }
  void Get(int i) {
    if (!store_->Get(static_cast<EntryId>(i) % last_ + 1).ok()) std::abort();
  }

 private:
  std::filesystem::path path_;
  std::unique_ptr<DocumentStore> store_;
  Document document_;
  EntryId last_ = 0;
};

void CheckAllGuards(int /*i*/) {
  constexpr const char* kQuery =
      "I bought a second hand laptop last week and its battery lasts only 2 hours, so I would like "
      "to know how I can check the health of the battery on windows 11 before I pay the seller";
  constexpr const char* kCached =
      "the battery of the second hand laptop that I bought last week lasts only 2 hours; how do I "
      "check the health of the battery on windows 11 before I pay the seller please";
  if (CheckGuards(kAllGuards, GuardText(kQuery), GuardText(kCached)).has_value()) std::abort();
}

// Made when asked for: each prepares itself.
const std::map<std::string, std::function<Work()>> kFunctions = {
    {"guards", [] { return CheckAllGuards; }},
    {"index-insert",
     [] {
       auto index = std::make_shared<Index>();
       return [index](int /*i*/) { index->InsertNext(); };
     }},
    {"index-search-2000",
     [] {
       auto index = std::make_shared<Index>();
       return [index](int /*i*/) { index->Search(); };
     }},
    {"index-search-graph-2000",
     [] {
       auto index = std::make_shared<Index>(IndexType::kHnsw);
       return [index](int /*i*/) { index->Search(); };
     }},
    {"store-get",
     [] {
       auto store = std::make_shared<Store>();
       return [store](int i) { store->Get(i); };
     }},
    {"store-get-answer",
     [] {
       auto store = std::make_shared<Store>();
       return [store](int i) { store->GetAnswer(i); };
     }},
    {"store-put",
     [] {
       auto store = std::make_shared<Store>();
       return [store](int /*i*/) { store->Put(); };
     }},
};

}  // namespace

// By name: what callgrind collects is switched on and off by it.
__attribute__((noinline)) void Counted(const std::function<void(int)>& work, int times) {
  for (int i = 0; i < times; ++i) work(i);
}

}  // namespace semcached

int main(int argc, char** argv) {
  if (argc < 2) {
    for (const auto& [name, make] : semcached::kFunctions) std::cout << name << '\n';
    return 0;
  }
  const auto found = semcached::kFunctions.find(argv[1]);
  if (found == semcached::kFunctions.end()) {
    std::cerr << "no function " << argv[1] << "; without arguments their names are printed\n";
    return 2;
  }
  const std::function<void(int)> work = found->second();
  semcached::Counted(work, argc > 2 ? std::atoi(argv[2]) : 200);
  return 0;
}
