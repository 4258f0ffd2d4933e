#include "index/scope_table.h"

#include <algorithm>
#include <utility>

namespace semcached {
namespace {

// Fewer vectors than this are compared one by one as quickly as by their signs.
constexpr size_t kMinCodes = 128;

// Of so many members the mean is as good as the mean of all.
constexpr size_t kMeanSample = 256;

// What a flat_hash_map holds: a slot and a control byte for each of its capacity.
template <typename Map>
size_t MapBytes(const Map& map) {
  return map.capacity() * (sizeof(typename Map::value_type) + 1);
}

// Gives room back that a scope will hardly need again.
void ShrinkIfSparse(std::vector<Member>* members) {
  if (members->capacity() < 64 || members->size() * 4 > members->capacity()) return;
  std::vector<Member> smaller;
  smaller.reserve(members->size() * 2);
  smaller.assign(members->begin(), members->end());
  members->swap(smaller);
}

}  // namespace

ScopeTable::ScopeTable(size_t dimension)
    : dimension_(dimension), slab_(std::make_shared<VectorSlab>(CompactBytes(dimension))) {}

const std::shared_ptr<Partition>& ScopeTable::Insert(EntryId id, const Hash128& scope,
                                                     const std::byte* row) {
  std::shared_ptr<Partition>& partition = partitions_[scope];
  if (partition == nullptr) partition = std::make_shared<Partition>(scope);
  places_[id] = {partition.get(), static_cast<uint32_t>(partition->members.size())};
  partition->members.push_back({id, slab_->Add(row), partition->round});
  if (partition->codes != nullptr) {
    partition->codes->PushBack(VectorOf(partition->members.back()));
    KeepCentred(partition.get());
  }
  AdjustCodes(partition.get());
  return partition;
}

std::shared_ptr<Partition> ScopeTable::Erase(EntryId id) {
  const Place* const place = places_.Find(id);
  if (place == nullptr) return nullptr;
  std::shared_ptr<Partition> partition = partitions_.find(place->partition->scope)->second;
  const Member member = partition->members[place->position];
  if (place->position >= partition->covered && member.round < partition->graph_round &&
      partition->left_out > 0) {
    --partition->left_out;
  }
  Uncover(partition.get(), member);
  Swap(partition.get(), place->position, partition->members.size() - 1);
  partition->members.pop_back();
  if (partition->codes != nullptr) partition->codes->PopBack();
  AdjustCodes(partition.get());
  places_.Erase(id);
  partition->erased.push_back({member.slot, member.round, partition->round});
  if (!partition->Reads(partition->erased.back())) {
    partition->erased.pop_back();
    slab_->Remove(member.slot);
  }
  if (partition->members.empty()) {
    Release(TakeUnread(partition.get()));
    partitions_.erase(partition->scope);
  } else {
    ShrinkIfSparse(&partition->members);
  }
  return partition;
}

const Partition* ScopeTable::Find(const Hash128& scope) const {
  const auto it = partitions_.find(scope);
  return it == partitions_.end() ? nullptr : it->second.get();
}

const Member* ScopeTable::FindMember(const Partition& partition, EntryId id) const {
  const Place* const place = places_.Find(id);
  if (place == nullptr || place->partition != &partition) return nullptr;
  return &partition.members[place->position];
}

const Member* ScopeTable::FindCovered(const Partition& partition, EntryId id) const {
  const Place* const place = places_.Find(id);
  if (place == nullptr || place->partition != &partition) return nullptr;
  return place->position < partition.covered ? &partition.members[place->position] : nullptr;
}

void ScopeTable::Cover(Partition* partition, const Member& member) {
  const Place* place = FindPlace(*partition, member);
  if (place == nullptr || place->position < partition->covered) return;
  Swap(partition, place->position, partition->covered++);
}

void ScopeTable::Uncover(Partition* partition, const Member& member) {
  const Place* place = FindPlace(*partition, member);
  if (place == nullptr || place->position >= partition->covered) return;
  Swap(partition, place->position, --partition->covered);
}

const ScopeTable::Place* ScopeTable::FindPlace(const Partition& partition,
                                               const Member& member) const {
  const Place* const place = places_.Find(member.id);
  if (place == nullptr || place->partition != &partition) return nullptr;
  // Not if the id was erased and stored again, after the round began that `member` is known to.
  return partition.members[place->position].round == member.round ? place : nullptr;
}

void ScopeTable::Swap(Partition* partition, size_t a, size_t b) {
  if (a == b) return;
  std::swap(partition->members[a], partition->members[b]);
  if (partition->codes != nullptr) {
    partition->codes->Set(a, VectorOf(partition->members[a]));
    partition->codes->Set(b, VectorOf(partition->members[b]));
  }
  places_.Find(partition->members[a].id)->position = static_cast<uint32_t>(a);
  places_.Find(partition->members[b].id)->position = static_cast<uint32_t>(b);
}

void ScopeTable::AdjustCodes(Partition* partition) {
  const size_t count = partition->members.size();
  if (partition->codes != nullptr && count < kMinCodes / 2) partition->codes.reset();
  if (partition->codes != nullptr || count < kMinCodes) return;
  partition->codes = std::make_unique<SignCodes>(MeanOf(*partition));
  for (const Member& member : partition->members) partition->codes->PushBack(VectorOf(member));
}

void ScopeTable::KeepCentred(Partition* partition) {
  SignCodes& codes = *partition->codes;
  if (codes.CentreIsOld()) codes.MoveCentre(MeanOf(*partition));
  codes.Recode([&](size_t position) { return VectorOf(partition->members[position]); });
}

std::vector<float> ScopeTable::MeanOf(const Partition& partition) const {
  std::vector<float> mean(dimension_, 0.0F);
  const size_t count = partition.members.size();
  const size_t sample = std::min(count, kMeanSample);
  for (size_t i = 0; i < sample; ++i) {
    const CompactVector vector = VectorOf(partition.members[i * count / sample]);
    const float weight = vector.scale / static_cast<float>(sample);
    for (size_t c = 0; c < dimension_; ++c) mean[c] += weight * static_cast<float>(vector.codes[c]);
  }
  return mean;
}

std::vector<VectorSlab::Slot> ScopeTable::TakeUnread(Partition* partition) {
  std::vector<VectorSlab::Slot> unread;
  std::vector<ErasedRow> read;
  for (const ErasedRow& row : partition->erased) {
    if (partition->Reads(row)) {
      read.push_back(row);
    } else {
      unread.push_back(row.slot);
    }
  }
  partition->erased.swap(read);
  return unread;
}

void ScopeTable::Release(absl::Span<const VectorSlab::Slot> rows) {
  for (const VectorSlab::Slot slot : rows) slab_->Remove(slot);
}

size_t ScopeTable::MemoryBytes() const {
  size_t bytes = slab_->MemoryBytes() + MapBytes(partitions_) + places_.MemoryBytes();
  for (const auto& [scope, partition] : partitions_) {
    bytes += sizeof(Partition) + partition->members.capacity() * sizeof(Member) +
             partition->erased.capacity() * sizeof(ErasedRow);
    if (partition->codes != nullptr) bytes += partition->codes->MemoryBytes();
    if (partition->graph != nullptr) bytes += partition->graph->MemoryBytes();
  }
  return bytes;
}

}  // namespace semcached
