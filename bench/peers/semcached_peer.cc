#include "peers/semcached_peer.h"

#include <string>
#include <utility>
#include <vector>

namespace semcached::peers {
namespace {

constexpr Hash128 kScope{1, 2};

PeerKind Kind(IndexType type, std::vector<int> efforts) {
  return {std::string("semcached ") + Name(type), std::move(efforts), 0, [type](size_t dimension) {
            return std::make_unique<SemcachedPeer>(OptionsOf(type, dimension));
          }};
}

const int kDefaultEffort = IndexOptions().ef_search;

const bool registered = Register(Kind(IndexType::kAuto, {kDefaultEffort})) &&
                        Register(Kind(IndexType::kFlat, {0})) &&
                        Register(Kind(IndexType::kHnsw, {kDefaultEffort}));

}  // namespace

IndexOptions OptionsOf(IndexType type, size_t dimension) {
  IndexOptions options;
  options.type = type;
  options.dimension = dimension;
  return options;
}

SemcachedPeer::SemcachedPeer(const IndexOptions& options)
    : options_(options), index_(MakeVectorIndex(options_, &builds_)) {}

void SemcachedPeer::Build(absl::Span<const Vector> vectors) {
  vectors_ = vectors;
  Fill();
}

void SemcachedPeer::SetEffort(int effort) {
  if (effort == 0 || effort == options_.ef_search) return;
  options_.ef_search = effort;
  index_ = MakeVectorIndex(options_, &builds_);
  Fill();
}

Proposals SemcachedPeer::Propose(const Vector& query, float least) {
  return ProposeFrom(kScope, query, least);
}

bool SemcachedPeer::Insert(size_t id, const Vector& vector) {
  return InsertInto(kScope, id, vector);
}

bool SemcachedPeer::Erase(size_t id) { return index_->Erase(id + 1); }

void SemcachedPeer::Settle() {
  index_->Maintain();
  builds_.RunAll();
}

bool SemcachedPeer::InsertInto(const Hash128& scope, size_t id, const Vector& vector) {
  return index_->Insert(id + 1, scope, vector).ok();
}

Proposals SemcachedPeer::ProposeFrom(const Hash128& scope, const Vector& query, float least) const {
  Proposals proposals;
  for (const Candidate& one : index_->Search(scope, query, least, kMostProposals).candidates) {
    proposals.push_back(one.id - 1);
  }
  return proposals;
}

void SemcachedPeer::Fill() {
  for (size_t i = 0; i < vectors_.size(); ++i) Insert(i, vectors_[i]);
  Settle();
}

}  // namespace semcached::peers
