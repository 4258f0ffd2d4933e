#include "semcached/base/hash.h"

#include <gtest/gtest.h>

#include <cstring>
#include <map>
#include <random>
#include <string>
#include <vector>

namespace semcached {
namespace {

using Fields = std::vector<std::string>;

std::string Encode(const Fields& fields) {
  std::string bytes;
  for (const std::string& field : fields) AppendLengthPrefixed(field, &bytes);
  return bytes;
}

std::string Bytes(const Hash128& hash) {
  return std::string(reinterpret_cast<const char*>(&hash), sizeof(hash));
}

std::string FromHex(const std::string& hex) {
  std::string bytes;
  for (size_t i = 0; i < hex.size(); i += 2) {
    bytes.push_back(static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16)));
  }
  return bytes;
}

HashKey CountingKey() {
  HashKey key;
  for (size_t i = 0; i < key.size(); ++i) key[i] = static_cast<uint8_t>(i);
  return key;
}

// The first vectors of the reference implementation: key 00..0f, input 00, 01, ...
TEST(KeyedHash, IsSipHash24WithOutputOf128Bits) {
  const HashKey key = CountingKey();
  EXPECT_EQ(Bytes(KeyedHash(key, "")), FromHex("a3817f04ba25a8e66df67214c7550293"));
  EXPECT_EQ(Bytes(KeyedHash(key, std::string("\0", 1))),
            FromHex("da87c1d86b99af44347659119b22fc45"));
  EXPECT_EQ(Bytes(KeyedHash(key, std::string("\0\1", 2))),
            FromHex("8177228da4a45dc7fca38bdef60affe4"));
}

TEST(KeyedHash, DependsOnTheKey) {
  HashKey other = CountingKey();
  other[15] ^= 1;
  EXPECT_NE(KeyedHash(CountingKey(), "text"), KeyedHash(other, "text"));
}

TEST(KeyedHash, SeesWhatStandsBehindANul) {
  const HashKey key = CountingKey();
  EXPECT_NE(KeyedHash(key, std::string("a\0b", 3)), KeyedHash(key, std::string("a\0c", 3)));
}

TEST(Crc32, HasTheCheckValueOfIeee8023) {
  EXPECT_EQ(Crc32("123456789"), 0xCBF43926U);
  EXPECT_EQ(Crc32(""), 0U);
}

// Fast ways take blocks of many bytes and treat both ends apart; stores keep what they give.
TEST(Crc32, IsThatOfTheDefinitionAtEveryLengthAndAlignment) {
  std::string bytes;
  for (uint32_t i = 0; i < 5'000; ++i) bytes.push_back(static_cast<char>(i * 2'654'435'761U >> 24));
  for (size_t from = 0; from < 16; ++from) {
    uint32_t crc = ~0U;
    for (size_t size = 1; from + size <= bytes.size(); ++size) {
      crc ^= static_cast<uint8_t>(bytes[from + size - 1]);
      for (int bit = 0; bit < 8; ++bit) crc = crc >> 1 ^ ((crc & 1) != 0 ? 0xEDB88320U : 0);
      ASSERT_EQ(Crc32(std::string_view(bytes).substr(from, size)), ~crc) << from << " " << size;
    }
  }
}

TEST(Crc32, FindsEveryFlippedBit) {
  const std::string intact = "an entry, as it was written";
  for (size_t bit = 0; bit < intact.size() * 8; ++bit) {
    std::string damaged = intact;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_NE(Crc32(damaged), Crc32(intact)) << "bit " << bit;
  }
}

TEST(LengthPrefix, IsEightBytesLittleEndian) {
  EXPECT_EQ(Encode({"ab"}), std::string("\2\0\0\0\0\0\0\0ab", 10));
  EXPECT_EQ(Encode({std::string(0x0102, 'x')}).substr(0, 8), std::string("\2\1\0\0\0\0\0\0", 8));
}

TEST(LengthPrefix, TellsApartWhatJoiningWouldConfuse) {
  EXPECT_NE(Encode({"ab", "c"}), Encode({"a", "bc"}));
  EXPECT_NE(Encode({"", "a"}), Encode({"a", ""}));
  EXPECT_NE(Encode({""}), Encode({}));
  EXPECT_NE(Encode({"", ""}), Encode({""}));
  EXPECT_NE(Encode({"a", "b"}), Encode({Encode({"a"}) + Encode({"b"})}));
}

// A field made of what usually separates fields, or of whole encodings of others.
std::string TrickyField(std::mt19937_64& random) {
  static const std::vector<std::string> pieces = {"",
                                                  std::string(1, '\0'),
                                                  "|",
                                                  "/",
                                                  ":",
                                                  ",",
                                                  "\n",
                                                  "a",
                                                  "ab",
                                                  "\xff",
                                                  "\1",
                                                  std::string("\1\0\0\0\0\0\0\0", 8),
                                                  std::string("\0\0\0\0\0\0\0\0", 8),
                                                  Encode({"a"})};
  std::string field;
  for (uint64_t count = random() % 4; count > 0; --count) {
    field += pieces[random() % pieces.size()];
  }
  return field;
}

TEST(LengthPrefix, GivesNoTwoSequencesTheSameBytes) {
  const uint64_t seed = std::random_device()();
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  std::mt19937_64 random(seed);
  std::map<std::string, Fields> seen;
  for (int round = 0; round < 20'000; ++round) {
    Fields fields(random() % 4);
    for (std::string& field : fields) field = TrickyField(random);
    const auto [known, is_new] = seen.emplace(Encode(fields), fields);
    ASSERT_EQ(known->second, fields);
  }
  EXPECT_GT(seen.size(), 5'000U);
}

}  // namespace
}  // namespace semcached
