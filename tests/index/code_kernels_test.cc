// Every kernel gives what the plain arithmetic gives.
#include "index/code_kernels.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>
#include <random>

namespace semcached {
namespace {

using ::testing::ElementsAreArray;

class CodeKernelsTest : public ::testing::TestWithParam<CodeKernels> {
 protected:
  template <typename T>
  std::vector<T> Random(size_t count, int most) {
    std::uniform_int_distribution<int> value(-most, most);
    std::vector<T> values(count);
    for (T& one : values) one = static_cast<T>(value(random_));
    return values;
  }

  template <typename T>
  static int64_t PlainDot(const std::vector<T>& a, const std::vector<int8_t>& b) {
    int64_t sum = 0;
    for (size_t i = 0; i < a.size(); ++i) sum += int64_t{a[i]} * b[i];
    return sum;
  }

  std::mt19937_64 random_{11};
};

TEST_P(CodeKernelsTest, InnerProductsAreExactAtAnySize) {
  for (size_t size = 0; size < 300; ++size) {
    const auto bytes = Random<int8_t>(size, 127);
    const auto more = Random<int8_t>(size, 127);
    const auto shorts = Random<int16_t>(size, 2047);
    ASSERT_EQ(GetParam().dot_byte(more.data(), bytes.data(), size), PlainDot(more, bytes)) << size;
    ASSERT_EQ(GetParam().dot_short(shorts.data(), bytes.data(), size), PlainDot(shorts, bytes))
        << size;
  }
}

TEST_P(CodeKernelsTest, TheLargestInnerProductFits) {
  constexpr size_t kMostComponents = 8192;
  const std::vector<int16_t> shorts(kMostComponents, 2047);
  const std::vector<int8_t> bytes(kMostComponents, 127);
  EXPECT_EQ(GetParam().dot_short(shorts.data(), bytes.data(), kMostComponents),
            PlainDot(shorts, bytes));
}

TEST_P(CodeKernelsTest, DifferingBitsAreCountedInAnyNumberOfWords) {
  for (size_t words = 0; words < 20; ++words) {
    std::vector<uint64_t> a(words);
    std::vector<uint64_t> b(words);
    uint32_t expected = 0;
    for (size_t word = 0; word < words; ++word) {
      a[word] = random_();
      b[word] = random_();
      expected += static_cast<uint32_t>(std::popcount(a[word] ^ b[word]));
    }
    ASSERT_EQ(GetParam().differ(a.data(), b.data(), words), expected);
  }
}

TEST_P(CodeKernelsTest, SignsAreThoseOfPlainComparisons) {
  std::uniform_real_distribution<float> value(-1, 1);
  constexpr float kScale = 1.0F / 127;
  for (size_t size = 1; size < 300; ++size) {
    const auto codes = Random<int8_t>(size, 127);
    std::vector<float> vector(size);
    std::vector<float> centre(size);
    for (size_t i = 0; i < size; ++i) {
      vector[i] = value(random_);
      // Equal ones count as not below.
      centre[i] = i % 3 == 0   ? kScale * static_cast<float>(codes[i])
                  : i % 3 == 1 ? vector[i]
                               : value(random_);
    }
    std::vector<uint64_t> of_floats((size + 63) / 64, ~uint64_t{0});
    std::vector<uint64_t> of_bytes = of_floats;
    GetParam().signs_float(vector.data(), centre.data(), size, of_floats.data());
    GetParam().signs_byte(codes.data(), kScale, centre.data(), size, of_bytes.data());
    for (size_t i = 0; i < of_floats.size() * 64; ++i) {
      const bool float_set = (of_floats[i / 64] >> i % 64 & 1) != 0;
      const bool byte_set = (of_bytes[i / 64] >> i % 64 & 1) != 0;
      ASSERT_EQ(float_set, i < size && vector[i] >= centre[i]) << size << ' ' << i;
      ASSERT_EQ(byte_set, i < size && kScale * codes[i] >= centre[i]) << size << ' ' << i;
    }
  }
}

TEST_P(CodeKernelsTest, MatchesAreThoseBelowTheLimitByPosition) {
  for (const size_t words : {1, 2, 3, 6, 12, 17, 128}) {
    for (const size_t blocks : {0, 1, 2, 9}) {
      std::vector<uint64_t> codes(blocks * words * kBlockVectors);
      for (uint64_t& word : codes) word = random_();
      std::vector<uint64_t> query(words);
      for (uint64_t& word : query) word = random_();
      std::vector<uint32_t> distances(blocks * kBlockVectors);
      for (size_t i = 0; i < distances.size(); ++i) {
        for (size_t word = 0; word < words; ++word) {
          const size_t at = (i / kBlockVectors * words + word) * kBlockVectors + i % kBlockVectors;
          distances[i] += static_cast<uint32_t>(std::popcount(codes[at] ^ query[word]));
        }
      }
      const auto half = static_cast<uint32_t>(words * 32);
      for (const uint32_t below : {0U, half - 4, half, half + 4, 4 * half, ~0U}) {
        std::vector<CodeMatch> expected;
        for (uint32_t i = 0; i < distances.size(); ++i) {
          if (distances[i] < below) expected.push_back({i, distances[i]});
        }
        std::vector<CodeMatch> matches(distances.size());
        matches.resize(
            GetParam().match(codes.data(), blocks, query.data(), words, below, matches.data()));
        ASSERT_THAT(matches, ElementsAreArray(expected)) << words << " words, below " << below;
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Supported, CodeKernelsTest, ::testing::ValuesIn(SupportedCodeKernels()),
                         [](const auto& suite) { return std::string(suite.param.name); });

}  // namespace
}  // namespace semcached
