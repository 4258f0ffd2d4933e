// A hash map in which no insert moves many elements.
#ifndef SEMCACHED_BASE_SPLIT_MAP_H_
#define SEMCACHED_BASE_SPLIT_MAP_H_

#include <absl/container/flat_hash_map.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace semcached {

// One table moves all of its elements whenever it has no free slot left: when it has grown, and,
// now and then, when as many were erased as came. For 100,000s of elements that takes milliseconds,
// and whoever needs the lock around the table waits for them. Here elements are spread, by the
// first bits of their hash, over tables of at most kMostInPart, and one that is full is split in
// two (extendible hashing: Fagin et al., 1979).
//
// Thread-compatible.
template <typename Key, typename Value>
class SplitMap {
 public:
  // Few enough to be moved in some ten microseconds, fresh pages of memory included. As many as a
  // table of 63 slots takes.
  static constexpr size_t kMostInPart = 55;

  SplitMap() = default;
  SplitMap(const SplitMap&) = delete;
  SplitMap& operator=(const SplitMap&) = delete;

  size_t size() const { return size_; }
  bool contains(const Key& key) const { return Find(key) != nullptr; }

  // Null if there is none. Valid until the next call that is not const.
  Value* Find(const Key& key) { return const_cast<Value*>(std::as_const(*this).Find(key)); }
  const Value* Find(const Key& key) const {
    if (directory_.empty()) return nullptr;
    const size_t hash = Hash(key);
    const Table& table = directory_[Place(hash)]->table;
    const auto found = table.find(key, hash);
    return found == table.end() ? nullptr : &found->second;
  }

  // The value of `key`, made if there was none. Valid as above.
  Value& operator[](const Key& key) { return *Emplace(key).first; }

  // The value of `key`, made of `arguments` if there was none, and whether it was made.
  template <typename... Arguments>
  std::pair<Value*, bool> Emplace(const Key& key, Arguments&&... arguments) {
    Part* part = PartFor(Hash(key));
    const size_t capacity = part->table.capacity();
    const auto [place, made] = part->table.try_emplace(key, std::forward<Arguments>(arguments)...);
    capacity_ += part->table.capacity() - capacity;
    size_ += made ? 1 : 0;
    return {&place->second, made};
  }

  // Whether there was one.
  bool Erase(const Key& key) {
    if (directory_.empty()) return false;
    Table& table = directory_[Place(Hash(key))]->table;
    if (table.erase(key) == 0) return false;
    --size_;
    if (table.empty()) {
      capacity_ -= table.capacity();
      table = Table();  // an empty table keeps its memory
    }
    return true;
  }

  // Calls `visit(key, value)` with all, in no order; it changes nothing.
  template <typename Visit>
  void ForEach(Visit visit) const {
    for (size_t i = 0; i < parts_.size(); ++i) ForEachOfPart(i, visit);
  }

  // The same a part at a time, from 0 to parts() - 1. Between two of them the map may change: what
  // is in it all the while is visited, now and then twice, since a part that is split leaves its
  // upper half to a new last one.
  size_t parts() const { return parts_.size(); }
  template <typename Visit>
  void ForEachOfPart(size_t part, Visit visit) const {
    for (const auto& [key, value] : parts_[part]->table) visit(key, value);
  }

  // Without what the elements themselves point to. Takes constant time.
  size_t MemoryBytes() const {
    return capacity_ * (sizeof(typename Table::value_type) + 1) +
           parts_.size() * (sizeof(Part) + sizeof(parts_[0])) +
           directory_.capacity() * sizeof(void*);
  }

 private:
  using Table = absl::flat_hash_map<Key, Value>;
  // Elements whose hashes begin with the same `bits` bits.
  struct Part {
    Table table;
    uint32_t bits = 0;
  };
  static constexpr uint32_t kHashBits = 64;
  // Hashes that agree in more than this are not told apart; so many parts are never needed.
  static constexpr uint32_t kMostBits = 24;

  // A table looks at the last bits of a hash, so that the first are still free to choose it.
  static size_t Hash(const Key& key) { return typename Table::hasher()(key); }
  size_t Place(size_t hash) const { return bits_ == 0 ? 0 : hash >> (kHashBits - bits_); }

  // Where one more element of that hash goes.
  Part* PartFor(size_t hash) {
    if (directory_.empty()) {
      parts_.push_back(std::make_unique<Part>());
      directory_.push_back(parts_.back().get());
    }
    Part* const part = directory_[Place(hash)];
    if (part->table.size() < kMostInPart || part->bits >= kMostBits) return part;
    Split(part, hash);
    return directory_[Place(hash)];
  }

  // `hash` is one of those of `part`.
  void Split(Part* part, size_t hash) {
    if (part->bits == bits_) {
      std::vector<Part*> twice;
      twice.reserve(2 * directory_.size());
      for (Part* const each : directory_) twice.insert(twice.end(), 2, each);
      directory_.swap(twice);
      ++bits_;
    }
    parts_.push_back(std::make_unique<Part>());
    Part* const upper = parts_.back().get();
    upper->bits = ++part->bits;
    Table all = std::exchange(part->table, Table());
    for (auto& element : all) {
      const bool is_upper = (Hash(element.first) >> (kHashBits - part->bits) & 1) != 0;
      (is_upper ? upper : part)->table.emplace(element.first, std::move(element.second));
    }
    capacity_ += part->table.capacity() + upper->table.capacity() - all.capacity();
    const size_t places = size_t{1} << (bits_ - part->bits);
    const size_t first = (hash >> (kHashBits - part->bits) | 1) * places;
    for (size_t i = 0; i < places; ++i) directory_[first + i] = upper;
  }

  uint32_t bits_ = 0;             // of a hash that the directory looks at
  std::vector<Part*> directory_;  // by those; a part of fewer bits stands in several places
  std::vector<std::unique_ptr<Part>> parts_;
  size_t size_ = 0;
  size_t capacity_ = 0;  // of all tables
};

}  // namespace semcached

#endif  // SEMCACHED_BASE_SPLIT_MAP_H_
