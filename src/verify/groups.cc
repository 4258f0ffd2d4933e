#include "verify/groups.h"

#include <absl/container/flat_hash_map.h>

#include "semcached/base/text_groups.h"
#include "verify/dice.h"

namespace semcached::verify {
Groups GroupByTexts(absl::Span<const VerifyPair> pairs) {
  TextGroups texts;
  std::vector<size_t> places;
  places.reserve(pairs.size());
  for (const VerifyPair& pair : pairs) {
    const size_t a = texts.Add(pair.text_a);
    texts.Join(a, texts.Add(pair.text_b));
    places.push_back(a);
  }
  Groups groups;
  absl::flat_hash_map<size_t, uint32_t> numbers;
  for (const size_t place : places) {
    const auto next = static_cast<uint32_t>(numbers.size());
    groups.of.push_back(numbers.try_emplace(texts.Root(place), next).first->second);
  }
  groups.count = numbers.size();
  return groups;
}

Split SplitByGroups(absl::Span<const size_t> items, const Groups& groups, double share,
                    uint64_t seed) {
  std::vector<size_t> sizes(groups.count, 0);
  for (const size_t item : items) ++sizes[groups.of[item]];
  std::vector<uint32_t> order(groups.count);
  std::iota(order.begin(), order.end(), 0U);
  Dice(seed).Shuffle(order);
  const double wanted = share * static_cast<double>(items.size());
  std::vector<bool> out(groups.count, false);
  double taken = 0;
  for (const uint32_t group : order) {
    const auto size = static_cast<double>(sizes[group]);
    if (taken + size > wanted || (size > 1 && size > wanted / 10)) continue;
    out[group] = true;
    taken += size;
  }
  Split split;
  for (const size_t item : items) {
    (out[groups.of[item]] ? split.held_out : split.kept).push_back(item);
  }
  return split;
}

}  // namespace semcached::verify
