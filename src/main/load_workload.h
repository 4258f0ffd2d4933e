#ifndef SEMCACHED_SRC_MAIN_LOAD_WORKLOAD_H_
#define SEMCACHED_SRC_MAIN_LOAD_WORKLOAD_H_

#include <absl/status/statusor.h>
#include <absl/time/time.h>

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "main/vector_rows.h"
#include "semcached/v1/semantic_cache.pb.h"

namespace semcached {

// What a load run sends: shares of all calls, which sum to 1.
struct Workload {
  std::string name;
  double exact_hit = 0;     // lookups by text of what is cached
  double semantic_hit = 0;  // lookups by vectors near to what is cached
  double miss = 0;          // lookups by vectors near to nothing
  double insert = 0;        // inserts of new vectors
  bool replace = false;     // inserts are of the run's first entries again, not of new vectors
  bool embed = false;       // texts come without vectors: the server embeds them
  int64_t entries = 1'000;  // inserted before the run
  std::vector<std::string> categories = {"code"};  // in turn
  int64_t namespaces = 1;                          // tenants, in turn within each category
  bool varied = false;           // answers of letters by chance, which compress as texts do
  absl::Duration ttl;            // of inserts; zero: the category's
  bool expire_together = false;  // `ttl` counts from the begin, for all of them
  // With a rate: all calls of a period come in its first share, as fast as that makes them.
  absl::Duration burst_period;
  double burst_share = 1;
};

// A file of bench/workloads by its name, or any file by its path: JSON with comments, the keys
// described in bench/workloads/README.md. NotFound, InvalidArgument: names the file and the key.
absl::StatusOr<Workload> ReadWorkload(const std::string& name_or_file);

// The randomness of one caller in one run: the same each time, and another than that of any other
// caller, run or seed.
std::mt19937_64 CallerRandom(uint64_t seed, int run, int caller);

// The requests of a workload, and what their answers should be. Immutable; a caller brings its own
// randomness.
class LoadRequests {
 public:
  struct Options {
    int dimension = 384;
    int response_bytes = 2'000;
    uint64_t seed = 1;
    std::string tenant;  // the namespace of all, or what those of several begin with
    absl::Time begin = absl::UnixEpoch();  // what `ttl` counts from, if all expire together
    // Vectors in place of random ones; both outlive the requests, and null takes random ones.
    const VectorRows* vectors = nullptr;  // the first of entries, in turn, the others of inserts
    const VectorRows* misses = nullptr;   // near to none of the entries; of lookups that miss
  };
  LoadRequests(const Workload& workload, const Options& options);

  // Where vectors are given: InvalidArgument says how many it takes, or that the workload sends
  // none.
  static absl::Status CheckVectors(const Workload& workload, const Options& options);

  enum class Kind { kExactHit, kSemanticHit, kMiss, kInsert };
  Kind AnyKind(std::mt19937_64& random) const;

  // Fills in a lookup; returns the entry that is asked for, or -1.
  int64_t MakeLookup(Kind kind, std::mt19937_64& random, v1::LookupRequest* request) const;
  void MakeInsert(std::mt19937_64& random, v1::InsertRequest* request) const;
  // What the run begins with. An entry is a function of its number and the seed, so that millions
  // of them take no memory here, and another process can ask for what this one has inserted.
  int64_t entries() const { return workload_.entries; }
  void MakeEntry(int64_t entry, v1::InsertRequest* request) const;

  // What MakeLookup was asked for and returned, from the text of what it made.
  struct Asked {
    Kind kind = Kind::kMiss;
    int64_t entry = -1;
  };
  static Asked WhatIsAsked(const v1::LookupRequest& request);
  // Of an entry's response, `filler` being options.response_bytes long.
  static std::string BodyOf(int64_t entry, const std::string& filler);

  // Whether an answer may be given to `request`, a lookup for `entry`: that entry's, or, of a
  // file's vectors, which may be near duplicates, that of another one above the threshold, whose
  // vector has the similarity that the response tells.
  bool IsRight(int64_t entry, const v1::LookupRequest& request,
               const v1::LookupResponse& response) const;

 private:
  void SetScope(int64_t entry, v1::Scope* scope) const;
  const std::string& CategoryOf(int64_t entry) const;
  std::vector<float> VectorOf(int64_t entry) const;
  std::vector<float> NewVector(std::mt19937_64& random) const;
  std::vector<float> MissedVector(std::mt19937_64& random) const;
  void SetEmbedding(const std::vector<float>& vector, v1::Embedding* embedding) const;
  std::string AnswerOf(int64_t entry) const;
  void Fill(int64_t entry, const std::vector<float>& vector, v1::InsertRequest* request) const;

  const Workload workload_;
  const Options options_;
  const std::string body_;
};

}  // namespace semcached

#endif  // SEMCACHED_SRC_MAIN_LOAD_WORKLOAD_H_
