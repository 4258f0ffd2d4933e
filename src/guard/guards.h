// The guards one by one: the reason for a refusal, or nullopt.
#ifndef SEMCACHED_GUARD_GUARDS_H_
#define SEMCACHED_GUARD_GUARDS_H_

#include <optional>
#include <string>

#include "guard/text_pair.h"

namespace semcached::guard {

std::optional<std::string> NumbersDiffer(const TextPair& pair);
std::optional<std::string> NegationDiffers(const TextPair& pair);
std::optional<std::string> IdentifiersDiffer(const TextPair& pair);
std::optional<std::string> EntitiesDiffer(const TextPair& pair);
std::optional<std::string> FocusDiffers(const TextPair& pair);
std::optional<std::string> RolesDiffer(const TextPair& pair);

}  // namespace semcached::guard

#endif  // SEMCACHED_GUARD_GUARDS_H_
