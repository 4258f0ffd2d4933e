#include "config/scalar.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>

namespace semcached {
namespace {

TEST(ScalarTest, Integers) {
  EXPECT_EQ(DecodeInteger("0"), 0);
  EXPECT_EQ(DecodeInteger("-12"), -12);
  EXPECT_EQ(DecodeInteger("99999999999999999999"), std::numeric_limits<int64_t>::max());
  EXPECT_EQ(DecodeInteger("-99999999999999999999"), std::numeric_limits<int64_t>::min());
  for (const char* bad : {"", "-", "010", "+1", "1.0", "1e3", "0x10", "1_000", " 1", "one"}) {
    EXPECT_EQ(DecodeInteger(bad), std::nullopt) << bad;
  }
}

TEST(ScalarTest, Numbers) {
  EXPECT_EQ(DecodeNumber("0.85"), 0.85);
  EXPECT_EQ(DecodeNumber("-1"), -1.0);
  for (const char* bad : {"", ".5", "1.", "1e3", "nan", "inf", ".inf", "0,5", "5%", "--1"}) {
    EXPECT_EQ(DecodeNumber(bad), std::nullopt) << bad;
  }
  EXPECT_EQ(DecodeNumber(std::string(400, '9')), std::nullopt);
}

TEST(ScalarTest, Durations) {
  EXPECT_EQ(DecodeDuration("0s"), absl::ZeroDuration());
  EXPECT_EQ(DecodeDuration("250ms"), absl::Milliseconds(250));
  EXPECT_EQ(DecodeDuration("1.5h"), absl::Minutes(90));
  EXPECT_EQ(DecodeDuration("7d"), absl::Hours(168));
  EXPECT_EQ(DecodeDuration("2w"), absl::Hours(336));
  EXPECT_EQ(DecodeDuration("99999999999999999999999w"), absl::InfiniteDuration());
  for (const char* bad : {"", "5", "s", "-5s", "5 s", "5S", "5y", "1h30m", "1.h", "5us"}) {
    EXPECT_EQ(DecodeDuration(bad), std::nullopt) << bad;
  }
}

TEST(ScalarTest, Sizes) {
  EXPECT_EQ(DecodeSize("0B"), 0);
  EXPECT_EQ(DecodeSize("3KiB"), 3072);
  EXPECT_EQ(DecodeSize("2TiB"), int64_t{2} << 40);
  EXPECT_EQ(DecodeSize("9999999999TiB"), std::numeric_limits<int64_t>::max());
  for (const char* bad : {"", "5", "5MB", "5 MiB", "1.5GiB", "-1B", "MiB", "5mib"}) {
    EXPECT_EQ(DecodeSize(bad), std::nullopt) << bad;
  }
}

TEST(ScalarTest, FileModes) {
  EXPECT_EQ(DecodeFileMode("0660"), 0660);
  EXPECT_EQ(DecodeFileMode("0007"), 0007);
  for (const char* bad : {"", "0888", "1777", "660", "432", "66", "-66", "0o660", "rw-"}) {
    EXPECT_EQ(DecodeFileMode(bad), std::nullopt) << bad;
  }
}

TEST(ScalarTest, Addresses) {
  for (const char* good : {"127.0.0.1:0", "localhost:65535", "[::1]:70", "a-b.example:7070"}) {
    EXPECT_TRUE(IsHostAndPort(good)) << good;
  }
  for (const char* bad : {"", ":70", "host", "host:", "host:65536", "host:-1", "::1:70", "[::1]",
                          "[host]:70", "http://host:70", "host:07", "[::1:70"}) {
    EXPECT_FALSE(IsHostAndPort(bad)) << bad;
  }
}

TEST(ScalarTest, Names) {
  EXPECT_TRUE(IsName("a"));
  EXPECT_TRUE(IsName("4-api-docs"));
  EXPECT_TRUE(IsName(std::string(64, 'a')));
  EXPECT_FALSE(IsName(std::string(65, 'a')));
  for (const char* bad : {"", "-a", "A", "a_b", "a.b", "a/b", "\xC3\xA4"}) {
    EXPECT_FALSE(IsName(bad)) << bad;
  }
}

TEST(ScalarTest, WritesTheLargestWholeUnit) {
  EXPECT_EQ(WriteDuration(absl::ZeroDuration()), "0s");
  EXPECT_EQ(WriteDuration(absl::Minutes(90)), "90m");
  EXPECT_EQ(WriteDuration(absl::Hours(336)), "2w");
  EXPECT_EQ(WriteSize(0), "0B");
  EXPECT_EQ(WriteSize(1536), "1536B");
  EXPECT_EQ(WriteSize(256 << 20), "256MiB");
}

TEST(ScalarTest, EditDistanceCountsLetters) {
  EXPECT_EQ(EditDistance("", ""), 0U);
  EXPECT_EQ(EditDistance("", "ttl"), 3U);
  EXPECT_EQ(EditDistance("evicton", "eviction"), 1U);
  EXPECT_EQ(EditDistance("kitten", "sitting"), 3U);
}

}  // namespace
}  // namespace semcached
