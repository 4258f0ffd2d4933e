// What the store costs a lookup and an insert.
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <memory>
#include <string>
#include <utility>

#include "semcached/store/document_store.h"

namespace semcached {
namespace {

constexpr EntryId kEntries = 20'000;
constexpr size_t kBodyBytes = 2048;

Document MakeDocument(EntryId id) {
  Document document;
  document.entry.id = id * 0x9e3779b97f4a7c15;  // spread, as random ids are
  document.entry.category = "code";
  document.entry.scope = {"tenant", "model", "context"};
  document.entry.embedding = {"bench@1/384", std::vector<float>(384, 0.05F)};
  document.query = "how do I reverse a list in python";
  document.response.body.resize(kBodyBytes);
  uint64_t state = document.entry.id;
  for (char& byte : document.response.body) {
    state = state * 6364136223846793005 + 1442695040888963407;
    byte = static_cast<char>('a' + (state >> 59));
  }
  return document;
}

// A store in a directory of its own, gone at the end.
class BenchStore {
 public:
  BenchStore() {
    path_ = (std::filesystem::temp_directory_path() / "semcached-bench-XXXXXX").string();
    if (mkdtemp(path_.data()) == nullptr) std::abort();
    auto store = OpenRocksDbStore({.path = path_});
    if (!store.ok()) {
      std::cerr << store.status() << "\n";
      std::abort();
    }
    store_ = *std::move(store);
  }
  ~BenchStore() {
    store_.reset();
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  BenchStore(const BenchStore&) = delete;
  BenchStore& operator=(const BenchStore&) = delete;

  void Fill() {
    for (EntryId id = 1; id <= kEntries; ++id) {
      if (!store_->Put(MakeDocument(id), Durability::kMemory).ok()) std::abort();
    }
    if (!store_->Flush().ok()) std::abort();
  }
  DocumentStore* operator->() { return store_.get(); }
  DocumentStore& operator*() { return *store_; }

 private:
  std::string path_;
  std::unique_ptr<DocumentStore> store_;
};

void PutProcess(benchmark::State& state) {
  BenchStore store;
  Document document = MakeDocument(1);
  EntryId id = 0;
  for (auto _ : state) {
    document.entry.id = ++id * 0x9e3779b97f4a7c15;
    if (!store->Put(document, Durability::kProcess).ok()) state.SkipWithError("put");
  }
}
BENCHMARK(PutProcess);

using Read = absl::StatusOr<Document> (DocumentStore::*)(EntryId) const;

void Get2KiB(benchmark::State& state, Read read) {
  BenchStore store;
  store.Fill();
  EntryId id = 0;
  for (auto _ : state) {
    id = id % kEntries + 1;
    const auto document = ((*store).*read)(id * 0x9e3779b97f4a7c15);
    if (!document.ok()) state.SkipWithError("get");
    benchmark::DoNotOptimize(document);
  }
}
BENCHMARK_CAPTURE(Get2KiB, whole, &DocumentStore::Get);
BENCHMARK_CAPTURE(Get2KiB, answer, &DocumentStore::GetAnswer);  // what an exact hit reads

void GetAbsent(benchmark::State& state) {
  BenchStore store;
  store.Fill();
  EntryId id = kEntries;
  for (auto _ : state) {
    const auto document = store->Get(++id * 0x9e3779b97f4a7c15);
    if (document.ok()) state.SkipWithError("found");
  }
}
BENCHMARK(GetAbsent);

void ScanAll(benchmark::State& state) {
  BenchStore store;
  store.Fill();
  for (auto _ : state) {
    const auto report = store->Scan(IdRange(), [](const EntryRecord&) { return true; });
    if (!report.ok() || report->entries != kEntries) state.SkipWithError("scan");
  }
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(kEntries));
}
BENCHMARK(ScanAll)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace semcached
