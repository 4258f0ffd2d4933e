// The inner product of two vectors, as fast as the processor can.
#ifndef SEMCACHED_BASE_DOT_KERNEL_H_
#define SEMCACHED_BASE_DOT_KERNEL_H_

#include <cstddef>
#include <vector>

namespace semcached {

// The inner product of two arrays of `size` floats, of any alignment.
using DotKernel = float (*)(const float* a, const float* b, size_t size);

// Those that this processor can run, slowest first; the first is portable.
struct NamedDotKernel {
  const char* name;
  DotKernel kernel;
};
std::vector<NamedDotKernel> SupportedDotKernels();

// The fastest of them, chosen at the first call. Thread-safe.
DotKernel ActiveDotKernel();

}  // namespace semcached

#endif  // SEMCACHED_BASE_DOT_KERNEL_H_
