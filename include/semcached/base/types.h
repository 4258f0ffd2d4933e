// The words that every room shares.
#ifndef SEMCACHED_BASE_TYPES_H_
#define SEMCACHED_BASE_TYPES_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace semcached {

// Names one entry for ever: an entry that is replaced gets a new one, so an id never stands for two
// contents. Random and never 0.
using EntryId = uint64_t;

// What must be equal, byte for byte, for an answer to be reusable.
struct Scope {
  std::string namespace_name;  // the tenant
  std::string model;
  std::string context;  // fingerprint of system prompt, history, tools, sampling parameters

  friend bool operator==(const Scope&, const Scope&) = default;
};

// A vector and the space it belongs to. Vectors of different identities are never compared.
struct Embedding {
  std::string identity;  // model, version (file hash) and dimension, e.g. "minilm@afdb6f1a/384"
  std::vector<float> values;
};

enum class Durability {
  kMemory,   // lost when the process ends
  kProcess,  // survives the death of the process, not that of the machine
  kDurable,  // on disk
};

enum class TtlMode {
  kAbsolute,  // age counts from the insert
  kSliding,   // age counts from the last hit; max_lifetime caps it
};

enum class EvictionKind { kLru, kLfu, kS3Fifo, kCostAware };

enum class IndexType {
  kAuto,  // a scan until a graph is much faster
  kHnsw,  // a graph from 2,000 entries on
  kFlat,  // never a graph
};

enum class GuardKind { kNumbers, kNegation, kIdentifiers, kEntities, kFocus, kRoles };

inline constexpr GuardKind kAllGuards[] = {GuardKind::kNumbers,     GuardKind::kNegation,
                                           GuardKind::kIdentifiers, GuardKind::kEntities,
                                           GuardKind::kFocus,       GuardKind::kRoles};

enum class AdaptationMode { kOff, kShadow, kEnforce };

// What an error budget does: shadow computes and shows, enforce applies.
enum class BudgetMode { kShadow, kEnforce };

// What is done about a category that costs more than it saves.
enum class WhenLosing { kReport, kBypass };

// What a learned verifier does, where there is one: shadow counts what it would decide.
enum class VerifierMode { kOff, kShadow, kEnforce };

// The names as configuration, metrics and messages write them: lower case, stable.
const char* Name(Durability value);
const char* Name(TtlMode value);
const char* Name(EvictionKind value);
const char* Name(IndexType value);
const char* Name(GuardKind value);
const char* Name(AdaptationMode value);
const char* Name(BudgetMode value);
const char* Name(WhenLosing value);
const char* Name(VerifierMode value);

}  // namespace semcached

#endif  // SEMCACHED_BASE_TYPES_H_
