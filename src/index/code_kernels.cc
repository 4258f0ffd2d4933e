#include "index/code_kernels.h"

#include <algorithm>
#include <bit>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace semcached {
namespace {

template <typename T>
int32_t DotPortable(const T* a, const int8_t* b, size_t size) {
  int32_t sum = 0;
  for (size_t i = 0; i < size; ++i) sum += int32_t{a[i]} * int32_t{b[i]};
  return sum;
}

size_t MatchPortable(const uint64_t* blocks, size_t count, const uint64_t* query, size_t words,
                     uint32_t below, CodeMatch* out) {
  size_t found = 0;
  for (size_t block = 0; block < count; ++block) {
    uint32_t distances[kBlockVectors] = {};
    for (size_t word = 0; word < words; ++word, blocks += kBlockVectors) {
      for (size_t lane = 0; lane < kBlockVectors; ++lane) {
        distances[lane] += static_cast<uint32_t>(std::popcount(blocks[lane] ^ query[word]));
      }
    }
    for (size_t lane = 0; lane < kBlockVectors; ++lane) {
      if (distances[lane] >= below) continue;
      out[found++] = {static_cast<uint32_t>(block * kBlockVectors + lane), distances[lane]};
    }
  }
  return found;
}

uint32_t DifferPortable(const uint64_t* a, const uint64_t* b, size_t words) {
  int bits = 0;
  for (size_t word = 0; word < words; ++word) bits += std::popcount(a[word] ^ b[word]);
  return static_cast<uint32_t>(bits);
}

constexpr size_t kWordBits = 64;

template <typename IsSet>
void Signs(size_t begin, size_t size, uint64_t* out, IsSet is_set) {
  for (size_t i = begin; i < size; ++i) {
    if (i % kWordBits == 0) out[i / kWordBits] = 0;
    out[i / kWordBits] |= uint64_t{is_set(i)} << i % kWordBits;
  }
}

void SignsOfFloats(const float* vector, const float* centre, size_t size, uint64_t* out) {
  Signs(0, size, out, [&](size_t i) { return vector[i] >= centre[i]; });
}

void SignsOfBytes(const int8_t* codes, float scale, const float* centre, size_t size,
                  uint64_t* out) {
  Signs(0, size, out, [&](size_t i) { return scale * static_cast<float>(codes[i]) >= centre[i]; });
}

#if defined(__x86_64__)

constexpr uint32_t kMostDistance = 0x7FFF;

#define SEMCACHED_AVX2 __attribute__((target("avx2,popcnt")))
#define SEMCACHED_AVX512 \
  __attribute__((target("avx2,popcnt,avx512f,avx512bw,avx512vl,avx512vnni,avx512vpopcntdq")))

SEMCACHED_AVX2 inline int32_t Sum(__m256i values) {
  __m128i half = _mm_add_epi32(_mm256_castsi256_si128(values), _mm256_extracti128_si256(values, 1));
  half = _mm_add_epi32(half, _mm_shuffle_epi32(half, 0x4E));
  half = _mm_add_epi32(half, _mm_shuffle_epi32(half, 0xB1));
  return _mm_cvtsi128_si32(half);
}

SEMCACHED_AVX2 inline __m256i Shorts(const int8_t* bytes) {
  return _mm256_cvtepi8_epi16(_mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes)));
}
SEMCACHED_AVX2 inline __m256i Shorts(const int16_t* shorts) {
  return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(shorts));
}

template <typename T>
SEMCACHED_AVX2 int32_t DotAvx2(const T* a, const int8_t* b, size_t size) {
  __m256i sum0 = _mm256_setzero_si256();
  __m256i sum1 = _mm256_setzero_si256();
  size_t i = 0;
  for (; i + 32 <= size; i += 32) {
    sum0 = _mm256_add_epi32(sum0, _mm256_madd_epi16(Shorts(a + i), Shorts(b + i)));
    sum1 = _mm256_add_epi32(sum1, _mm256_madd_epi16(Shorts(a + i + 16), Shorts(b + i + 16)));
  }
  return Sum(_mm256_add_epi32(sum0, sum1)) + DotPortable(a + i, b + i, size - i);
}

// Bits of each byte by two look-ups of four bits (Mula, 2018), summed over eight bytes.
SEMCACHED_AVX2 inline __m256i CountBits(__m256i values) {
  const __m256i table = _mm256_setr_epi8(0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4,  //
                                         0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4);
  const __m256i low = _mm256_set1_epi8(0x0F);
  return _mm256_add_epi8(
      _mm256_shuffle_epi8(table, _mm256_and_si256(values, low)),
      _mm256_shuffle_epi8(table, _mm256_and_si256(_mm256_srli_epi16(values, 4), low)));
}

SEMCACHED_AVX2 size_t MatchAvx2(const uint64_t* blocks, size_t count, const uint64_t* query,
                                size_t words, uint32_t below, CodeMatch* out) {
  const __m256i zero = _mm256_setzero_si256();
  const __m256i limit = _mm256_set1_epi64x(below);
  size_t found = 0;
  for (size_t block = 0; block < count; ++block) {
    __m256i low = zero;
    __m256i high = zero;
    for (size_t word = 0; word < words; ++word, blocks += kBlockVectors) {
      const __m256i asked = _mm256_set1_epi64x(static_cast<int64_t>(query[word]));
      const auto* line = reinterpret_cast<const __m256i*>(blocks);
      const __m256i bits0 = CountBits(_mm256_xor_si256(_mm256_loadu_si256(line), asked));
      const __m256i bits1 = CountBits(_mm256_xor_si256(_mm256_loadu_si256(line + 1), asked));
      low = _mm256_add_epi64(low, _mm256_sad_epu8(bits0, zero));
      high = _mm256_add_epi64(high, _mm256_sad_epu8(bits1, zero));
    }
    const int near0 = _mm256_movemask_pd(_mm256_castsi256_pd(_mm256_cmpgt_epi64(limit, low)));
    const int near1 = _mm256_movemask_pd(_mm256_castsi256_pd(_mm256_cmpgt_epi64(limit, high)));
    auto near = static_cast<unsigned>(near0 | near1 << 4);
    if (near == 0) continue;
    alignas(32) uint64_t distances[kBlockVectors];
    _mm256_store_si256(reinterpret_cast<__m256i*>(distances), low);
    _mm256_store_si256(reinterpret_cast<__m256i*>(distances + 4), high);
    for (; near != 0; near &= near - 1) {
      const auto lane = static_cast<size_t>(std::countr_zero(near));
      out[found++] = {static_cast<uint32_t>(block * kBlockVectors + lane),
                      static_cast<uint32_t>(distances[lane])};
    }
  }
  return found;
}

// In words: they are few, and a register's sum takes longer than six counts.
SEMCACHED_AVX2 uint32_t DifferAvx2(const uint64_t* a, const uint64_t* b, size_t words) {
  uint64_t bits = 0;
#pragma GCC unroll 6
  for (size_t word = 0; word < words; ++word) {
    bits += static_cast<uint64_t>(_mm_popcnt_u64(a[word] ^ b[word]));
  }
  return static_cast<uint32_t>(bits);
}

// Eight bits: where `values` are not below `centre`.
SEMCACHED_AVX2 inline uint64_t NotBelow(__m256 values, const float* centre) {
  const __m256 set = _mm256_cmp_ps(values, _mm256_loadu_ps(centre), _CMP_GE_OQ);
  return static_cast<uint64_t>(_mm256_movemask_ps(set));
}

SEMCACHED_AVX2 void SignsOfFloatsAvx2(const float* vector, const float* centre, size_t size,
                                      uint64_t* out) {
  const size_t whole = size / kWordBits * kWordBits;
  for (size_t i = 0; i < whole; i += kWordBits) {
    uint64_t word = 0;
    for (size_t j = 0; j < kWordBits; j += 8) {
      word |= NotBelow(_mm256_loadu_ps(vector + i + j), centre + i + j) << j;
    }
    out[i / kWordBits] = word;
  }
  Signs(whole, size, out, [&](size_t i) { return vector[i] >= centre[i]; });
}

SEMCACHED_AVX2 void SignsOfBytesAvx2(const int8_t* codes, float scale, const float* centre,
                                     size_t size, uint64_t* out) {
  const __m256 scales = _mm256_set1_ps(scale);
  const size_t whole = size / kWordBits * kWordBits;
  for (size_t i = 0; i < whole; i += kWordBits) {
    uint64_t word = 0;
    for (size_t j = 0; j < kWordBits; j += 8) {
      const __m128i eight = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(codes + i + j));
      const __m256 values = _mm256_cvtepi32_ps(_mm256_cvtepi8_epi32(eight));
      word |= NotBelow(_mm256_mul_ps(values, scales), centre + i + j) << j;
    }
    out[i / kWordBits] = word;
  }
  Signs(whole, size, out,
        [&](size_t i) { return scale * static_cast<float>(codes[i]) >= centre[i]; });
}

SEMCACHED_AVX512 inline __m512i WideShorts(const int8_t* bytes) {
  return _mm512_cvtepi8_epi16(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(bytes)));
}
SEMCACHED_AVX512 inline __m512i WideShorts(const int16_t* shorts) {
  return _mm512_loadu_si512(shorts);
}

SEMCACHED_AVX512 inline int32_t Sum(__m512i values) {
  // By way of memory: what would split the register warns in GCC 12.
  alignas(64) int32_t lanes[16];
  _mm512_store_si512(lanes, values);
  const auto* halves = reinterpret_cast<const __m256i*>(lanes);
  return Sum(_mm256_add_epi32(_mm256_load_si256(halves), _mm256_load_si256(halves + 1)));
}

SEMCACHED_AVX512 int32_t DotShortsAvx512(const int16_t* a, const int8_t* b, size_t size) {
  __m512i sum0 = _mm512_setzero_si512();
  __m512i sum1 = _mm512_setzero_si512();
  size_t i = 0;
  for (; i + 64 <= size; i += 64) {
    sum0 = _mm512_dpwssd_epi32(sum0, WideShorts(a + i), WideShorts(b + i));
    sum1 = _mm512_dpwssd_epi32(sum1, WideShorts(a + i + 32), WideShorts(b + i + 32));
  }
  return Sum(_mm512_add_epi32(sum0, sum1)) + DotAvx2(a + i, b + i, size - i);
}

// The instruction reads one of its factors without a sign: 128 is added to it, and what that adds
// to the sum is taken away.
SEMCACHED_AVX512 int32_t DotBytesAvx512(const int8_t* a, const int8_t* b, size_t size) {
  const __m512i top_bits = _mm512_set1_epi8(-128);  // 128 without a sign
  __m512i sum = _mm512_setzero_si512();
  __m512i added = _mm512_setzero_si512();
  size_t i = 0;
  for (; i + 64 <= size; i += 64) {
    const __m512i left = _mm512_xor_si512(_mm512_loadu_si512(a + i), top_bits);
    const __m512i right = _mm512_loadu_si512(b + i);
    sum = _mm512_dpbusd_epi32(sum, left, right);
    added = _mm512_dpbusd_epi32(added, top_bits, right);
  }
  return Sum(_mm512_sub_epi32(sum, added)) + DotAvx2(a + i, b + i, size - i);
}

SEMCACHED_AVX512 size_t MatchAvx512(const uint64_t* blocks, size_t count, const uint64_t* query,
                                    size_t words, uint32_t below, CodeMatch* out) {
  // In 16 bits, since GCC 12 may spill a mask register of eight bits as one byte and read it back
  // as four.
  const __m128i limit = _mm_set1_epi16(static_cast<int16_t>(std::min(below, kMostDistance)));
  size_t found = 0;
  for (size_t block = 0; block < count; ++block) {
    __m512i sum = _mm512_setzero_si512();
    for (size_t word = 0; word < words; ++word, blocks += kBlockVectors) {
      const __m512i asked = _mm512_set1_epi64(static_cast<int64_t>(query[word]));
      sum = _mm512_add_epi64(
          sum, _mm512_popcnt_epi64(_mm512_xor_si512(_mm512_loadu_si512(blocks), asked)));
    }
    const __m128i shorts = _mm512_maskz_cvtepi64_epi16(0xFF, sum);
    // Two bits a vector.
    auto near = static_cast<unsigned>(_mm_movemask_epi8(_mm_cmpgt_epi16(limit, shorts)));
    if (near == 0) continue;
    alignas(16) uint16_t distances[kBlockVectors];
    _mm_store_si128(reinterpret_cast<__m128i*>(distances), shorts);
    for (near &= 0x5555; near != 0; near &= near - 1) {
      const auto lane = static_cast<size_t>(std::countr_zero(near)) / 2;
      out[found++] = {static_cast<uint32_t>(block * kBlockVectors + lane), distances[lane]};
    }
  }
  return found;
}

#endif

}  // namespace

std::vector<CodeKernels> SupportedCodeKernels() {
  std::vector<CodeKernels> kernels = {{"portable", 8'000, MatchPortable, DifferPortable,
                                       DotPortable<int16_t>, DotPortable<int8_t>, SignsOfFloats,
                                       SignsOfBytes}};
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("popcnt")) {
    kernels.push_back({"avx2", 50'000, MatchAvx2, DifferAvx2, DotAvx2<int16_t>, DotAvx2<int8_t>,
                       SignsOfFloatsAvx2, SignsOfBytesAvx2});
    if (__builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
        __builtin_cpu_supports("avx512vnni") && __builtin_cpu_supports("avx512vpopcntdq")) {
      kernels.push_back({"avx512", 100'000, MatchAvx512, DifferAvx2, DotShortsAvx512,
                         DotBytesAvx512, SignsOfFloatsAvx2, SignsOfBytesAvx2});
    }
  }
#endif
  return kernels;
}

const CodeKernels& ActiveCodeKernels() {
  static const CodeKernels kernels = SupportedCodeKernels().back();
  return kernels;
}

}  // namespace semcached
