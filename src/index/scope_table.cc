#include "index/scope_table.h"

#include <utility>

#include "index/compact_vector.h"

namespace semcached {
namespace {

// Fewer vectors than this are compared one by one as quickly as by their signs.
constexpr size_t kMinCodes = 128;

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
  partition->members.push_back({id, slab_->Add(row), ++last_stamp_});
  if (partition->codes != nullptr) partition->codes->PushBack(CodeOf(partition->members.back()));
  AdjustCodes(partition.get());
  return partition;
}

std::shared_ptr<Partition> ScopeTable::Erase(EntryId id) {
  const auto it = places_.find(id);
  if (it == places_.end()) return nullptr;
  const std::shared_ptr<Partition> partition =
      partitions_.find(it->second.partition->scope)->second;
  const Member member = partition->members[it->second.position];
  Uncover(partition.get(), member);
  Swap(partition.get(), places_.find(id)->second.position, partition->members.size() - 1);
  partition->members.pop_back();
  if (partition->codes != nullptr) partition->codes->PopBack();
  AdjustCodes(partition.get());
  places_.erase(id);
  partition->erased.push_back(member.slot);
  // The graph of an empty scope is not asked again.
  if (!partition->ReadsErased() || (partition->members.empty() && !partition->building)) {
    Release(TakeErased(partition.get()));
  }
  if (partition->members.empty()) {
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
  const auto it = places_.find(id);
  if (it == places_.end() || it->second.partition != &partition) return nullptr;
  return &partition.members[it->second.position];
}

const Member* ScopeTable::FindCovered(const Partition& partition, EntryId id) const {
  const auto it = places_.find(id);
  if (it == places_.end() || it->second.partition != &partition) return nullptr;
  const size_t position = it->second.position;
  return position < partition.covered ? &partition.members[position] : nullptr;
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
  const auto it = places_.find(member.id);
  if (it == places_.end() || it->second.partition != &partition) return nullptr;
  return partition.members[it->second.position].stamp == member.stamp ? &it->second : nullptr;
}

void ScopeTable::Swap(Partition* partition, size_t a, size_t b) {
  if (a == b) return;
  std::swap(partition->members[a], partition->members[b]);
  if (partition->codes != nullptr) partition->codes->Swap(a, b);
  places_.find(partition->members[a].id)->second.position = static_cast<uint32_t>(a);
  places_.find(partition->members[b].id)->second.position = static_cast<uint32_t>(b);
}

void ScopeTable::AdjustCodes(Partition* partition) {
  const size_t count = partition->members.size();
  if (partition->codes != nullptr && count < kMinCodes / 2) partition->codes.reset();
  if (partition->codes != nullptr || count < kMinCodes) return;
  partition->codes = std::make_unique<SignCodes>(dimension_);
  for (const Member& member : partition->members) partition->codes->PushBack(CodeOf(member));
}

SignCode ScopeTable::CodeOf(const Member& member) const {
  return SignsOf(absl::MakeConstSpan(ReadCompact(Row(member)).codes, dimension_));
}

std::vector<VectorSlab::Slot> ScopeTable::TakeErasedBeforeBuild(Partition* partition) {
  std::vector<VectorSlab::Slot> before = std::move(partition->erased);
  const auto end = before.begin() + static_cast<std::ptrdiff_t>(partition->erased_before_build);
  partition->erased.assign(end, before.end());
  before.erase(end, before.end());
  partition->erased_before_build = 0;
  return before;
}

std::vector<VectorSlab::Slot> ScopeTable::TakeErased(Partition* partition) {
  return std::exchange(partition->erased, {});
}

void ScopeTable::Release(absl::Span<const VectorSlab::Slot> rows) {
  for (const VectorSlab::Slot slot : rows) slab_->Remove(slot);
}

size_t ScopeTable::MemoryBytes() const {
  size_t bytes = slab_->MemoryBytes() + MapBytes(partitions_) + MapBytes(places_);
  for (const auto& [scope, partition] : partitions_) {
    bytes += sizeof(Partition) + partition->members.capacity() * sizeof(Member) +
             partition->erased.capacity() * sizeof(VectorSlab::Slot);
    if (partition->codes != nullptr) bytes += partition->codes->MemoryBytes();
    if (partition->graph != nullptr) bytes += partition->graph->MemoryBytes();
  }
  return bytes;
}

}  // namespace semcached
