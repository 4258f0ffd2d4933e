#ifndef SEMCACHED_TESTS_FAULT_TRAFFIC_H_
#define SEMCACHED_TESTS_FAULT_TRAFFIC_H_

#include <absl/time/time.h>

#include <atomic>
#include <cstdint>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "fault/fault_server.h"
#include "fault/oracle.h"

namespace semcached {

// What a case came to. Added up over its rounds.
struct Findings {
  int64_t lookups = 0;
  int64_t hits = 0;
  int64_t wrong = 0;      // answers
  int64_t came_back = 0;  // answers that were deleted: wrong too, unless files were damaged
  int64_t lost = 0;       // acknowledged entries of class process or durable
  int64_t failed = 0;     // lookups that got no answer
  std::map<grpc::StatusCode, int64_t> failures;  // of them, by code
  int64_t inserts = 0;                           // of a mixed load
  std::map<grpc::StatusCode, int64_t> refused;   // of them, by code
  std::vector<std::string> wrong_notes;          // the first few of each, in words
  std::vector<std::string> came_back_notes;
  std::vector<std::string> lost_notes;

  static void Note(const std::string& note, std::vector<std::string>* notes) {
    if (notes->size() < 5) notes->push_back(note);
  }
};

enum class By { kText, kVector, kBoth };

// What became of an insert. True: it was stored.
struct Inserted {
  grpc::Status status;
  bool stored = false;
  absl::Time expires;  // when the server says that it will be dead, if it is stored

  explicit operator bool() const { return stored; }
};

// Calls of the oracle's questions, each judged. Thread-safe as far as the oracle is.
class Caller {
 public:
  Caller(FaultServer* server, Oracle* oracle) : server_(*server), oracle_(*oracle) {}

  // Unless it fails: judged, and counted in `findings`. True if it was a hit: `body` gets it then,
  // if there is one.
  bool Lookup(const Question& question, By by, Findings* findings,
              std::string* body = nullptr) const;
  Inserted Insert(const Question& question, absl::Duration ttl = absl::InfiniteDuration()) const;
  void Delete(const Question& question) const;
  // Every acknowledged entry that must be there is looked up, by text and by vector.
  void LookForAll(Findings* findings) const;

 private:
  v1::LookupRequest Request(const Question& question, By by) const;

  FaultServer& server_;
  Oracle& oracle_;
};

// Mixed load from several threads until Stop(): lookups, inserts, deletes of random questions of
// three tenants in three categories. A call that fails because the server is gone is no finding.
class Traffic {
 public:
  Traffic(FaultServer* server, Oracle* oracle, uint64_t seed, int threads = 3);
  ~Traffic() { Stop(); }

  // Returns what was found.
  Findings Stop();
  int64_t calls() const { return calls_; }

 private:
  void Run(uint64_t seed, Findings* findings);

  const Caller caller_;
  std::atomic<bool> stopping_{false};
  std::atomic<int64_t> calls_{0};
  std::vector<Findings> findings_;
  std::vector<std::thread> threads_;
};

Question RandomQuestion(uint64_t random);
void Add(const Findings& more, Findings* to);

}  // namespace semcached

#endif  // SEMCACHED_TESTS_FAULT_TRAFFIC_H_
