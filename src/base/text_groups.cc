#include "semcached/base/text_groups.h"

namespace semcached {

size_t TextGroups::Add(std::string_view text) {
  const auto [found, added] = numbers_.try_emplace(std::string(text), texts_.size());
  if (added) {
    texts_.emplace_back(text);
    parents_.push_back(found->second);
  }
  return found->second;
}

size_t TextGroups::Root(size_t text) {
  while (parents_[text] != text) text = parents_[text] = parents_[parents_[text]];
  return text;
}

}  // namespace semcached
