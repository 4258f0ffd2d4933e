// Finds out whether two texts put the same things into another relation.
#ifndef SEMCACHED_GUARD_RELATIONS_H_
#define SEMCACHED_GUARD_RELATIONS_H_

#include <optional>
#include <string_view>
#include <utility>

#include "guard/prepared.h"

namespace semcached::guard {

// "with my consent" against "against my consent": texts that are the same, word by word, but for
// one preposition, and with that it is another question. The words that differ. Knows English.
std::optional<std::pair<std::string_view, std::string_view>> FindRelation(const Words& a,
                                                                          const Words& b);

}  // namespace semcached::guard

#endif  // SEMCACHED_GUARD_RELATIONS_H_
