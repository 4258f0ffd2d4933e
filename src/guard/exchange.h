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

// What is taken out, and what is put there.
struct Exchanged {
  WordId out = 0;
  WordId in = 0;

  // Whether these two are, in either order.
  bool Are(const Word& a, const Word& b) const {
    return (a.id == out && b.id == in) || (a.id == in && b.id == out);
  }
};

// "replace butter with oil" and "use oil in place of butter": one exchange, told in either order.
// nullopt if they are none.
std::optional<Exchanged> FindSameExchange(const Prepared& a, const Prepared& b);

}  // namespace semcached::guard

#endif  // SEMCACHED_GUARD_EXCHANGE_H_
