#include "semcached/base/types.h"

namespace semcached {

const char* Name(Durability value) {
  switch (value) {
    case Durability::kMemory:
      return "memory";
    case Durability::kProcess:
      return "process";
    case Durability::kDurable:
      return "durable";
  }
  return "unknown";
}

const char* Name(TtlMode value) { return value == TtlMode::kSliding ? "sliding" : "absolute"; }

const char* Name(EvictionKind value) {
  switch (value) {
    case EvictionKind::kLru:
      return "lru";
    case EvictionKind::kLfu:
      return "lfu";
    case EvictionKind::kS3Fifo:
      return "s3fifo";
    case EvictionKind::kCostAware:
      return "cost_aware";
  }
  return "unknown";
}

const char* Name(IndexType value) {
  switch (value) {
    case IndexType::kAuto:
      return "auto";
    case IndexType::kHnsw:
      return "hnsw";
    case IndexType::kFlat:
      return "flat";
  }
  return "unknown";
}

const char* Name(GuardKind value) {
  switch (value) {
    case GuardKind::kNumbers:
      return "numbers";
    case GuardKind::kNegation:
      return "negation";
    case GuardKind::kIdentifiers:
      return "identifiers";
    case GuardKind::kEntities:
      return "entities";
    case GuardKind::kFocus:
      return "focus";
    case GuardKind::kRoles:
      return "roles";
  }
  return "unknown";
}

const char* Name(AdaptationMode value) {
  switch (value) {
    case AdaptationMode::kOff:
      return "off";
    case AdaptationMode::kShadow:
      return "shadow";
    case AdaptationMode::kEnforce:
      return "enforce";
  }
  return "unknown";
}

const char* Name(VerifierMode value) {
  switch (value) {
    case VerifierMode::kOff:
      return "off";
    case VerifierMode::kShadow:
      return "shadow";
    case VerifierMode::kEnforce:
      return "enforce";
  }
  return "unknown";
}

const char* Name(WhenLosing value) {
  switch (value) {
    case WhenLosing::kReport:
      return "report";
    case WhenLosing::kBypass:
      return "bypass";
  }
  return "unknown";
}

const char* Name(BudgetMode value) {
  switch (value) {
    case BudgetMode::kShadow:
      return "shadow";
    case BudgetMode::kEnforce:
      return "enforce";
  }
  return "unknown";
}

}  // namespace semcached
