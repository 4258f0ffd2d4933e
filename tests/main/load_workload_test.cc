#include "main/load_workload.h"

#include <absl/time/clock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <numeric>
#include <random>
#include <set>
#include <string>

namespace semcached {
namespace {

TEST(CallerRandomTest, NoTwoCallersSendTheSame) {
  std::set<uint64_t> seen;
  size_t count = 0;
  for (const uint64_t seed : {1ULL, 2ULL, 1ULL << 32}) {
    for (const int run : {0, 1}) {
      for (int caller = 0; caller < 1024; ++caller, ++count) {
        seen.insert(CallerRandom(seed, run, caller)());
      }
    }
  }
  EXPECT_EQ(seen.size(), count);
  EXPECT_EQ(CallerRandom(3, 4, 5)(), CallerRandom(3, 4, 5)());
}

double Cosine(const v1::Embedding& a, const v1::Embedding& b) {
  return std::inner_product(a.values().begin(), a.values().end(), b.values().begin(), 0.0);
}

v1::InsertRequest EntryOf(const LoadRequests& requests, int64_t number) {
  v1::InsertRequest request;
  requests.MakeEntry(number, &request);
  return request;
}

// What another process asks for is what the first one has inserted.
TEST(LoadRequestsTest, AnEntryIsAFunctionOfItsNumberAndTheSeed) {
  Workload workload;
  workload.entries = 20;
  workload.namespaces = 4;
  const LoadRequests requests(workload, {384, 10, 7, "t"});
  const LoadRequests again(workload, {384, 10, 7, "t"});
  const LoadRequests other(workload, {384, 10, 8, "t"});
  constexpr double kChance = 0.3;  // six standard deviations
  for (int64_t i = 0; i < 20; ++i) {
    const v1::InsertRequest entry = EntryOf(requests, i);
    EXPECT_EQ(entry.SerializeAsString(), EntryOf(again, i).SerializeAsString());
    EXPECT_NEAR(Cosine(entry.embedding(), entry.embedding()), 1, 1e-5);
    EXPECT_NEAR(Cosine(entry.embedding(), EntryOf(other, i).embedding()), 0, kChance);
    for (int64_t j = 0; j < i; ++j) {
      EXPECT_NEAR(Cosine(entry.embedding(), EntryOf(requests, j).embedding()), 0, kChance);
    }
  }
}

TEST(LoadRequestsTest, ALookupAsksInTheScopeOfItsEntryForWhatIsNearIt) {
  Workload workload;
  workload.entries = 20;
  workload.namespaces = 4;
  workload.categories = {"a", "b"};
  const LoadRequests requests(workload, {384, 10, 7, "t"});
  std::mt19937_64 random(1);
  for (int i = 0; i < 50; ++i) {
    v1::LookupRequest lookup;
    const int64_t number = requests.MakeLookup(LoadRequests::Kind::kSemanticHit, random, &lookup);
    const v1::InsertRequest entry = EntryOf(requests, number);
    EXPECT_EQ(lookup.scope().SerializeAsString(), entry.scope().SerializeAsString());
    EXPECT_EQ(lookup.category(), entry.category());
    EXPECT_NEAR(Cosine(lookup.embedding(), entry.embedding()), 0.95, 0.1);
  }
}

// Unit vectors along the first axes.
VectorRows Axes(int count, int dimension) {
  const std::string file = testing::TempDir() + "/some_axes.f32";
  std::ofstream output(file, std::ios::binary);
  for (int row = 0; row < count; ++row) {
    std::vector<float> values(static_cast<size_t>(dimension));
    values[static_cast<size_t>(row)] = 1;
    output.write(reinterpret_cast<const char*>(values.data()),
                 static_cast<std::streamsize>(values.size() * sizeof(float)));
  }
  output.close();
  auto rows = VectorRows::Read(file, dimension);
  EXPECT_TRUE(rows.ok()) << rows.status();
  return *std::move(rows);
}

int AxisOf(const v1::Embedding& embedding) {
  for (int i = 0; i < embedding.values_size(); ++i) {
    if (embedding.values(i) == 1) return i;
  }
  return -1;
}

TEST(LoadRequestsTest, EntriesTakeTheFirstVectorsOfAFileAndInsertsTheOthers) {
  const VectorRows vectors = Axes(5, 8);
  const VectorRows misses = Axes(8, 8);
  Workload workload;
  workload.entries = 3;
  LoadRequests::Options options = {8, 10, 7, "t"};
  options.vectors = &vectors;
  options.misses = &misses;
  const LoadRequests requests(workload, options);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(AxisOf(EntryOf(requests, i).embedding()), i);

  std::mt19937_64 random(1);
  std::set<int> missed;
  std::set<int> inserted;
  for (int i = 0; i < 200; ++i) {
    v1::LookupRequest miss;
    requests.MakeLookup(LoadRequests::Kind::kMiss, random, &miss);
    missed.insert(AxisOf(miss.embedding()));
    v1::InsertRequest insert;
    requests.MakeInsert(random, &insert);
    inserted.insert(AxisOf(insert.embedding()));
    EXPECT_EQ(miss.embedding().identity(), insert.embedding().identity());
  }
  EXPECT_EQ(missed, (std::set<int>{0, 1, 2, 3, 4, 5, 6, 7}));
  EXPECT_EQ(inserted, (std::set<int>{3, 4})) << "those that no entry has";
}

// Texts that differ may have vectors that hardly do: then another entry's answer is right, too.
TEST(LoadRequestsTest, AnotherEntryThatIsAsNearAsItSaysIsRight) {
  const VectorRows vectors = Axes(3, 8);
  Workload workload;
  workload.entries = 3;
  LoadRequests::Options options = {8, 10, 7, "t"};
  options.vectors = &vectors;
  const LoadRequests requests(workload, options);
  v1::LookupRequest request;
  request.mutable_embedding()->mutable_values()->Resize(8, 0);
  request.mutable_embedding()->set_values(0, 0.6F);
  request.mutable_embedding()->set_values(1, 0.8F);
  v1::LookupResponse response;
  response.mutable_response()->set_body("1 xx");
  response.set_similarity_threshold(0.75F);
  response.set_similarity(0.8F);
  EXPECT_TRUE(requests.IsRight(0, request, response));
  response.set_similarity(0.9F);
  EXPECT_FALSE(requests.IsRight(0, request, response)) << "that is not its similarity";
  EXPECT_TRUE(requests.IsRight(1, request, response)) << "the entry asked for";
  response.set_similarity(0.8F);
  response.set_similarity_threshold(0.85F);
  EXPECT_FALSE(requests.IsRight(0, request, response)) << "below the threshold";
  response.mutable_response()->set_body("7 xx");
  EXPECT_FALSE(requests.IsRight(0, request, response)) << "there is no such entry";
}

TEST(LoadRequestsTest, ThereAreVectorsEnoughOrItSaysHowManyItTakes) {
  const VectorRows vectors = Axes(3, 8);
  LoadRequests::Options options;
  options.vectors = &vectors;
  Workload workload;
  workload.entries = 3;
  EXPECT_TRUE(LoadRequests::CheckVectors(workload, options).ok());
  workload.insert = 1;
  EXPECT_EQ(LoadRequests::CheckVectors(workload, options).message(),
            "3 vectors; 3 entries and new ones take 4");
  workload.replace = true;
  EXPECT_TRUE(LoadRequests::CheckVectors(workload, options).ok());
  workload.embed = true;
  EXPECT_FALSE(LoadRequests::CheckVectors(workload, options).ok());
}

TEST(VectorRowsTest, AFileOfOtherRowsIsRefused) {
  const std::string file = testing::TempDir() + "/some_rows.f32";
  std::ofstream(file) << std::string(36, 'x');
  EXPECT_TRUE(absl::IsInvalidArgument(VectorRows::Read(file, 8).status())) << "36 bytes";
  EXPECT_TRUE(absl::IsInvalidArgument(VectorRows::Read(file, 3).status())) << "no length of 1";
  std::ofstream(file).close();
  EXPECT_TRUE(absl::IsInvalidArgument(VectorRows::Read(file, 3).status()));
  EXPECT_TRUE(absl::IsNotFound(VectorRows::Read(file + ".gone", 3).status()));
}

absl::StatusOr<Workload> Read(const std::string& text) {
  const std::string file = testing::TempDir() + "/some_workload.json";
  std::ofstream(file) << text;
  return ReadWorkload(file);
}

TEST(ReadWorkloadTest, TheShippedOnesCanBeRead) {
  for (const char* name : {"evicting", "expiring", "replacing", "lookup"}) {
    const absl::StatusOr<Workload> workload = ReadWorkload(name);
    EXPECT_TRUE(workload.ok()) << workload.status();
  }
}

TEST(ReadWorkloadTest, WhatExpiresTogetherNeedsAnEnd) {
  EXPECT_TRUE(Read(R"({"insert": 1, "ttl": "8s", "expire_together": true})").ok());
  EXPECT_FALSE(Read(R"({"insert": 1, "expire_together": true})").ok());
}

TEST(LoadRequestsTest, WhatExpiresTogetherEndsAtOneMoment) {
  Workload workload;
  workload.insert = 1;
  workload.entries = 1;
  workload.ttl = absl::Hours(2);
  workload.expire_together = true;
  LoadRequests::Options options;
  options.begin = absl::Now() - absl::Hours(1);
  std::mt19937_64 random(1);
  v1::InsertRequest request;
  LoadRequests(workload, options).MakeInsert(random, &request);
  EXPECT_GT(request.ttl().seconds(), 0);
  EXPECT_LE(request.ttl().seconds(), 3600);

  options.begin -= absl::Hours(2);  // over: what has no ttl at all would stay
  LoadRequests(workload, options).MakeInsert(random, &request);
  EXPECT_EQ(request.ttl().seconds(), 0);
  EXPECT_GT(request.ttl().nanos(), 0);
}

TEST(LoadRequestsTest, ReplacementsAreOfTheFirstEntries) {
  Workload workload;
  workload.insert = 1;
  workload.entries = 3;
  workload.replace = true;
  const LoadRequests requests(workload, {});
  std::set<std::string> entries;
  for (int64_t entry = 0; entry < requests.entries(); ++entry) {
    v1::InsertRequest request;
    requests.MakeEntry(entry, &request);
    entries.insert(request.SerializeAsString());
  }
  std::mt19937_64 random(1);
  for (int i = 0; i < 20; ++i) {
    v1::InsertRequest replacement;
    requests.MakeInsert(random, &replacement);
    EXPECT_EQ(entries.count(replacement.SerializeAsString()), 1U);
  }
}

}  // namespace
}  // namespace semcached
