// Texts that belong together, by pairs that say so.
#ifndef SEMCACHED_BASE_TEXT_GROUPS_H_
#define SEMCACHED_BASE_TEXT_GROUPS_H_

#include <absl/container/flat_hash_map.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace semcached {

// Disjoint sets (union-find) over texts, which go by the number in which they were added. Not
// thread-safe.
class TextGroups {
 public:
  // The number of `text`; a new one is a group by itself.
  size_t Add(std::string_view text);
  // Makes one group of theirs.
  void Join(size_t a, size_t b) { parents_[Root(a)] = Root(b); }
  // The same for all of a group, until it is joined.
  size_t Root(size_t text);

  const std::vector<std::string>& texts() const { return texts_; }  // by number

 private:
  absl::flat_hash_map<std::string, size_t> numbers_;
  std::vector<std::string> texts_;
  std::vector<size_t> parents_;
};

}  // namespace semcached

#endif  // SEMCACHED_BASE_TEXT_GROUPS_H_
