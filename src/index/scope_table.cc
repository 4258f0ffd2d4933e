#include "index/scope_table.h"

#include <utility>

namespace semcached {
namespace {

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

const std::shared_ptr<Partition>& ScopeTable::Insert(EntryId id, const Hash128& scope,
                                                     absl::Span<const float> vector) {
  std::shared_ptr<Partition>& partition = partitions_[scope];
  if (partition == nullptr) partition = std::make_shared<Partition>(scope);
  places_[id] = {partition.get(), static_cast<uint32_t>(partition->members.size())};
  partition->members.push_back({id, slab_.Add(vector), ++last_stamp_});
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
  places_.erase(id);
  slab_.Remove(member.slot);
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
  places_.find(partition->members[a].id)->second.position = static_cast<uint32_t>(a);
  places_.find(partition->members[b].id)->second.position = static_cast<uint32_t>(b);
}

size_t ScopeTable::MemoryBytes() const {
  size_t bytes = slab_.MemoryBytes() + MapBytes(partitions_) + MapBytes(places_);
  for (const auto& [scope, partition] : partitions_) {
    bytes += sizeof(Partition) + partition->members.capacity() * sizeof(Member);
    if (partition->graph != nullptr) bytes += partition->graph->MemoryBytes();
  }
  return bytes;
}

}  // namespace semcached
