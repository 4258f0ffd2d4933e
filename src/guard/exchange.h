// Finds what is put in the place of what.
#ifndef SEMCACHED_GUARD_EXCHANGE_H_
#define SEMCACHED_GUARD_EXCHANGE_H_

#include <optional>
#include <string_view>
#include <utility>

#include "guard/prepared.h"

namespace semcached::guard {

// "replace butter with oil" and "replace oil with butter": butter and oil, whatever else the texts
// say of them. nullopt if they do not.
std::optional<std::pair<std::string_view, std::string_view>> FindTurnedExchange(const Prepared& a,
                                                                                const Prepared& b);

// "replace butter with oil" and "use oil in place of butter", so that their order tells nothing.
bool AreOneExchange(const Prepared& a, const Prepared& b);

}  // namespace semcached::guard

#endif  // SEMCACHED_GUARD_EXCHANGE_H_
