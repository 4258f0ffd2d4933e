// The filter without a database around it.
#include "store/expiry_filter.h"

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <thread>

#include "store/documents.h"
#include "store/entry_codec.h"

namespace semcached {
namespace {

class ExpiryFilterTest : public ::testing::Test {
 protected:
  bool Drops(EntryId key, const std::string& value) {
    const auto filter = factory_.CreateCompactionFilter({});
    std::string unused;
    bool changed = false;
    const bool drops = filter->Filter(0, EncodeKey(key), value, &unused, &changed);
    EXPECT_FALSE(changed);
    return drops;
  }

  ExpiryFilterFactory factory_;
  const EncodedDocument encoded_ = *EncodeDocument(MakeDocument(1));
};

TEST_F(ExpiryFilterTest, WithoutARuleNothingIsDropped) {
  EXPECT_FALSE(Drops(1, encoded_.entry));
  factory_.SetRule(nullptr);
  EXPECT_FALSE(Drops(1, encoded_.entry));
}

TEST_F(ExpiryFilterTest, JudgesBothHalvesByTheSameFacts) {
  factory_.SetRule([](std::string_view category, absl::Time insert_time, auto ttl) {
    return category == "code" && insert_time == MakeDocument(1).entry.insert_time && !ttl;
  });
  EXPECT_TRUE(Drops(1, encoded_.entry));
  EXPECT_TRUE(Drops(1, encoded_.response));
}

TEST_F(ExpiryFilterTest, KeepsWhatItCannotRead) {
  factory_.SetRule([](auto...) { return true; });
  std::string damaged = encoded_.entry;
  damaged[20] = static_cast<char>(damaged[20] ^ 1);
  EXPECT_FALSE(Drops(1, damaged));
  EXPECT_FALSE(Drops(2, encoded_.entry));  // another entry's
  EXPECT_FALSE(Drops(1, ""));
}

// ThreadSanitizer looks away where RocksDB calls: here it does not.
TEST_F(ExpiryFilterTest, RulesChangeWhileFiltersWork) {
  std::atomic<bool> done = false;
  std::thread changer([&] {
    for (int i = 0; i < 2000; ++i) {
      factory_.SetRule([i](auto...) { return i % 2 == 0; });
    }
    done = true;
  });
  bool dropped = false;
  do {
    dropped = Drops(1, encoded_.response);
  } while (!done);
  changer.join();
  EXPECT_FALSE(Drops(1, encoded_.entry)) << "the last rule keeps; before it: " << dropped;
}

}  // namespace
}  // namespace semcached
