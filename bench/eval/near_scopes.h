// Scopes that are nearly another one.
#ifndef SEMCACHED_BENCH_EVAL_NEAR_SCOPES_H_
#define SEMCACHED_BENCH_EVAL_NEAR_SCOPES_H_

#include <array>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace semcached::eval {

// Namespace, model, context.
using ScopeParts = std::array<std::string, 3>;

// Unlike for any two scopes that differ, and printable.
std::string NameOf(const ScopeParts& scope);

// Scopes to hold entries: many that read the same when their fields are joined ("ab"+"c",
// "a"+"bc"), with empty fields, NUL bytes, separators, and numbers that look like lengths. All
// differ.
std::vector<ScopeParts> TrickyScopes();

// Differs from `scope` in one or more fields: another tenant, model or context; a field longer or
// shorter by a byte, in other case, with white space or a NUL at an end, empty, or traded with
// another; a byte moved over the border of two fields. Valid UTF-8 if the scope is ASCII.
ScopeParts NearlyLike(const ScopeParts& scope, std::mt19937_64* random);

}  // namespace semcached::eval

#endif  // SEMCACHED_BENCH_EVAL_NEAR_SCOPES_H_
