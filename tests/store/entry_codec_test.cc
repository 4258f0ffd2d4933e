#include "store/entry_codec.h"

#include <gtest/gtest.h>

#include <random>

#include "store/documents.h"

namespace semcached {
namespace {

class EntryCodec : public ::testing::Test {
 protected:
  std::mt19937_64 random_{[] {
    const uint64_t seed = std::random_device{}();
    ::testing::Test::RecordProperty("seed", std::to_string(seed));
    std::cout << "seed " << seed << "\n";
    return seed;
  }()};
};

// Puts a right checksum behind a changed value, so that the layout itself must be checked.
std::string Resealed(std::string value) {
  value.resize(value.size() - 4);
  const uint32_t crc = Crc32(value);
  value.append(reinterpret_cast<const char*>(&crc), sizeof(crc));
  return value;
}

TEST_F(EntryCodec, RandomDocumentsComeBack) {
  for (int i = 0; i < 2000; ++i) {
    const Document document = RandomDocument(random_);
    const EntryId id = document.entry.id;
    const auto encoded = EncodeDocument(document);
    ASSERT_TRUE(encoded.ok()) << encoded.status();
    const auto decoded = DecodeDocument(id, encoded->entry, encoded->response);
    ASSERT_TRUE(decoded.ok()) << decoded.status();
    EXPECT_TRUE(SameDocument(*decoded, document));
    EXPECT_EQ(decoded->entry.disk_bytes, encoded->entry.size() + encoded->response.size());
    EXPECT_EQ(DecodeEntry(id, encoded->entry)->disk_bytes, decoded->entry.disk_bytes);
    for (const std::string& half : {encoded->entry, encoded->response}) {
      const auto header = DecodeHeader(id, half);
      ASSERT_TRUE(header.ok());
      EXPECT_EQ(header->category, document.entry.category);
      EXPECT_EQ(header->insert_time, document.entry.insert_time);
      EXPECT_EQ(header->ttl, document.entry.ttl);
    }
  }
}

TEST_F(EntryCodec, EveryTruncationIsRejected) {
  const auto encoded = EncodeDocument(MakeDocument(5));
  for (size_t size = 0; size < encoded->entry.size(); ++size) {
    const std::string cut = encoded->entry.substr(0, size);
    ASSERT_FALSE(DecodeEntry(5, cut).ok()) << size;
    ASSERT_FALSE(size >= 5 && DecodeEntry(5, Resealed(cut)).ok()) << size;
  }
  for (size_t size = 0; size < encoded->response.size(); ++size) {
    const std::string cut = encoded->response.substr(0, size);
    ASSERT_FALSE(DecodeDocument(5, encoded->entry, cut).ok()) << size;
    ASSERT_FALSE(size >= 5 && DecodeDocument(5, encoded->entry, Resealed(cut)).ok()) << size;
  }
}

TEST_F(EntryCodec, EveryFlippedBitIsDataLoss) {
  const auto encoded = EncodeDocument(MakeDocument(5));
  const auto flipped = [](std::string value, size_t bit) {
    value[bit / 8] = static_cast<char>(value[bit / 8] ^ (1 << bit % 8));
    return value;
  };
  for (size_t bit = 0; bit < encoded->entry.size() * 8; ++bit) {
    ASSERT_TRUE(absl::IsDataLoss(DecodeEntry(5, flipped(encoded->entry, bit)).status())) << bit;
  }
  for (size_t bit = 0; bit < encoded->response.size() * 8; ++bit) {
    const std::string response = flipped(encoded->response, bit);
    ASSERT_TRUE(absl::IsDataLoss(DecodeDocument(5, encoded->entry, response).status())) << bit;
    ASSERT_FALSE(DecodeHeader(5, response).ok()) << bit;
  }
}

TEST_F(EntryCodec, TrailingBytesAreRejected) {
  const auto encoded = EncodeDocument(MakeDocument(5));
  EXPECT_EQ(DecodeEntry(5, Resealed(encoded->entry + '\0')).status().code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_FALSE(DecodeDocument(5, encoded->entry, Resealed(encoded->response + '\0')).ok());
}

// Whatever passes under a right checksum is the one encoding of what it says.
TEST_F(EntryCodec, WhatDecodesEncodesToTheSameBytes) {
  int passed = 0;
  for (int i = 0; i < 20'000; ++i) {
    const Document document = RandomDocument(random_);
    const EntryId id = document.entry.id;
    auto encoded = EncodeDocument(document);
    std::string& half = i % 2 == 0 ? encoded->entry : encoded->response;
    half[random_() % half.size()] = static_cast<char>(random_());
    half = Resealed(half);
    const auto decoded = DecodeDocument(id, encoded->entry, encoded->response);
    if (!decoded.ok()) continue;
    ++passed;
    const auto again = EncodeDocument(*decoded);
    ASSERT_EQ(again->entry, encoded->entry);
    ASSERT_EQ(again->response, encoded->response);
  }
  EXPECT_GT(passed, 100);
}

TEST_F(EntryCodec, GarbageNeverPasses) {
  for (int i = 0; i < 20'000; ++i) {
    const std::string garbage = RandomBytes(random_, 300);
    ASSERT_FALSE(DecodeEntry(1, garbage).ok());
    ASSERT_FALSE(DecodeMeta(garbage).ok());
  }
}

TEST_F(EntryCodec, AnotherEntrysValueIsRejected) {
  const auto one = EncodeDocument(MakeDocument(1));
  const auto two = EncodeDocument(MakeDocument(2));
  EXPECT_FALSE(DecodeEntry(2, one->entry).ok());
  EXPECT_FALSE(DecodeHeader(2, one->response).ok());
  EXPECT_FALSE(DecodeDocument(1, one->entry, two->response).ok());
  EXPECT_FALSE(DecodeEntry(1, one->response).ok());
  EXPECT_FALSE(DecodeDocument(1, one->entry, one->entry).ok());
  EXPECT_FALSE(DecodeAnswer(2, one->response).ok());
  EXPECT_FALSE(DecodeAnswer(1, one->entry).ok());
}

// What guards need of a query is no query, and both are not kept.
TEST_F(EntryCodec, ATextForGuardsIsKeptInPlaceOfAQuery) {
  Document document = MakeDocument(1);
  document.query.reset();
  document.guard_text = "how to zbcd";
  const auto encoded = EncodeDocument(document);
  const auto decoded = DecodeDocument(1, encoded->entry, encoded->response);
  ASSERT_TRUE(decoded.ok()) << decoded.status();
  EXPECT_TRUE(SameDocument(*decoded, document));
  EXPECT_FALSE(DecodeAnswer(1, encoded->response)->query.has_value());

  document.query = "how to sing";
  EXPECT_EQ(EncodeDocument(document).status().code(), absl::StatusCode::kInvalidArgument);
}

TEST_F(EntryCodec, WhatElseWereKeptOfAQueryIsOfAnotherFormat) {
  Document document = MakeDocument(1);
  document.query = "q";
  const auto with_query = EncodeDocument(document);
  document.query.reset();
  document.guard_text = "q";
  const auto with_guard_text = EncodeDocument(document);
  size_t at = 0;  // of the byte that tells them apart
  while (with_query->response[at] == with_guard_text->response[at]) ++at;
  for (int kept = 3; kept < 256; ++kept) {
    std::string response = with_query->response;
    response[at] = static_cast<char>(kept);
    EXPECT_EQ(DecodeAnswer(1, Resealed(response)).status().code(),
              absl::StatusCode::kInvalidArgument);
  }
}

// An exact hit reads one half only: it has to say whose it is.
TEST_F(EntryCodec, AnAnswerSaysWhoMayHaveIt) {
  const Document document = MakeDocument(1);
  const auto answer = DecodeAnswer(1, EncodeDocument(document)->response);
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_EQ(answer->entry.scope, document.entry.scope);
  EXPECT_EQ(answer->entry.category, document.entry.category);
  EXPECT_EQ(answer->entry.exact_key, document.entry.exact_key);
  EXPECT_EQ(answer->query, document.query);
  EXPECT_TRUE(answer->entry.embedding.values.empty());
}

TEST_F(EntryCodec, HalvesOfTwoScopesAreRejected) {
  const Document document = MakeDocument(1);
  Document other = document;
  other.entry.scope.namespace_name = "others";  // as long as "tenant"
  Document another = document;
  ++another.entry.exact_key.low;
  for (const Document& second : {other, another}) {
    const auto entry = EncodeDocument(document)->entry;
    EXPECT_FALSE(DecodeDocument(1, entry, EncodeDocument(second)->response).ok());
  }
  EXPECT_TRUE(
      DecodeDocument(1, EncodeDocument(document)->entry, EncodeDocument(document)->response).ok());
}

TEST_F(EntryCodec, HalvesOfTwoPutsAreRejected) {
  Document later = MakeDocument(1);
  later.entry.insert_time += absl::Seconds(1);
  EXPECT_FALSE(
      DecodeDocument(1, EncodeDocument(MakeDocument(1))->entry, EncodeDocument(later)->response)
          .ok());
}

TEST_F(EntryCodec, KeysSortAsIdsDo) {
  for (int i = 0; i < 1000; ++i) {
    const EntryId a = random_() >> random_() % 64;
    const EntryId b = random_() >> random_() % 64;
    EXPECT_EQ(EncodeKey(a) < EncodeKey(b), a < b);
    EXPECT_EQ(DecodeKey(EncodeKey(a)), a);
  }
  EXPECT_FALSE(DecodeKey("1234567").has_value());
  EXPECT_FALSE(DecodeKey("123456789").has_value());
}

TEST_F(EntryCodec, MetaComesBackAndTellsDamageFromAnotherFormat) {
  const HashKey key = {1, 2, 3};
  std::string meta = EncodeMeta(key);
  EXPECT_EQ(*DecodeMeta(meta), key);
  for (const int version : {kFormatVersion - 1, kFormatVersion + 1}) {
    meta[0] = static_cast<char>(version);
    EXPECT_TRUE(absl::IsDataLoss(DecodeMeta(meta).status()));
    EXPECT_TRUE(absl::IsFailedPrecondition(DecodeMeta(Resealed(meta)).status()));
  }
}

}  // namespace
}  // namespace semcached
