// Who gives way as memory runs short.
#ifndef SEMCACHED_CACHE_MEMORY_STEPS_H_
#define SEMCACHED_CACHE_MEMORY_STEPS_H_

namespace semcached {

// Each includes those before it. Lookups never give way.
enum class MemoryStep {
  kNone,
  kShrinkCaches,       // what only saves time: blocks of files, remembered embeddings
  kEvict,              // entries, a few at a time
  kRefuseInserts,      // ResourceExhausted
  kRefuseConnections,  // of new callers; operators get in
};
const char* Name(MemoryStep value);

// `share`: of the memory that this process may have, what is used. A step is taken at once, and
// left once it is a twentieth lower, so that what it frees does not end it.
MemoryStep NextMemoryStep(MemoryStep now, double share);

}  // namespace semcached

#endif  // SEMCACHED_CACHE_MEMORY_STEPS_H_
