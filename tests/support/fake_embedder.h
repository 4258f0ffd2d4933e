#ifndef SEMCACHED_TESTS_SUPPORT_FAKE_EMBEDDER_H_
#define SEMCACHED_TESTS_SUPPORT_FAKE_EMBEDDER_H_

#include <absl/strings/str_cat.h>

#include <cctype>
#include <cmath>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "semcached/base/lock_waits.h"
#include "semcached/base/mutex.h"
#include "semcached/base/status.h"
#include "semcached/embed/embedder.h"
#include "support/fake_clock.h"

namespace semcached {

// Embeds a text as the bag of its words: texts that share words are near, others nearly orthogonal,
// the order of words, case and punctuation do not count. Thread-safe.
class FakeEmbedder final : public Embedder {
 public:
  explicit FakeEmbedder(const std::string& model = "bag-of-words@fake", size_t dimension = 64,
                        bool is_local = true)
      : identity_(absl::StrCat(model, "/", dimension)),
        dimension_(dimension),
        is_local_(is_local) {}

  const std::string& identity() const override { return identity_; }
  size_t dimension() const override { return dimension_; }
  bool is_local() const override { return is_local_; }

  absl::StatusOr<std::vector<std::vector<float>>> Embed(absl::Span<const std::string_view> texts,
                                                        const Call& call) override {
    if (texts.empty()) return absl::InvalidArgumentError("no text to embed");
    for (const std::string_view text : texts) {
      if (text.empty()) return absl::InvalidArgumentError("a text is empty");
    }
    RETURN_IF_ERROR(call.Check());
    {
      MutexLock lock(&mutex_);
      ++calls_;
      texts_ += texts.size();
      if (clock_ != nullptr) {
        std::optional<LockWaits::Wait> wait;
        if (takes_in_wait_) wait.emplace();
        clock_->Advance(takes_);
      }
      RETURN_IF_ERROR(failure_);
    }
    RETURN_IF_ERROR(call.Check());
    std::vector<std::vector<float>> vectors;
    for (const std::string_view text : texts) {
      MutexLock lock(&mutex_);
      const bool cannot_tell = cannot_tell_.count(std::string(text)) > 0;
      vectors.push_back(cannot_tell ? std::vector<float>() : VectorOf(text));
    }
    return vectors;
  }

  // Every call fails so until it is told to fail with OkStatus.
  void FailWith(absl::Status failure) {
    MutexLock lock(&mutex_);
    failure_ = std::move(failure);
  }

  // `text` has no vector from now on, as if it were too long.
  void CannotTell(const std::string& text) {
    MutexLock lock(&mutex_);
    cannot_tell_.insert(text);
  }

  // Every call moves `clock` on by `duration` before it answers.
  void Take(absl::Duration duration, FakeClock* clock) {
    MutexLock lock(&mutex_);
    takes_ = duration;
    clock_ = clock;
    takes_in_wait_ = false;
  }

  // The same, and the time passes while it waits for a lock.
  void WaitForLock(absl::Duration duration, FakeClock* clock) {
    Take(duration, clock);
    MutexLock lock(&mutex_);
    takes_in_wait_ = true;
  }

  // Calls with good arguments that were still wanted, whether they failed or not.
  size_t calls() const {
    MutexLock lock(&mutex_);
    return calls_;
  }

  // The texts of those calls.
  size_t texts() const {
    MutexLock lock(&mutex_);
    return texts_;
  }

  // What Embed makes of `text`.
  std::vector<float> VectorOf(std::string_view text) const {
    std::vector<float> sums(dimension_, 0.0F);
    std::string word;
    for (const char byte : text) {
      const auto c = static_cast<unsigned char>(byte);
      if (c >= 0x80 || std::isalnum(c) != 0) {
        word.push_back(static_cast<char>(std::tolower(c)));
      } else if (!word.empty()) {
        AddWord(word, &sums);
        word.clear();
      }
    }
    if (!word.empty()) AddWord(word, &sums);
    float square = 0;
    for (const float sum : sums) square += sum * sum;
    if (square == 0) {  // no word, or words that cancel each other out
      sums[Hash(text) % dimension_] = 1;
      return sums;
    }
    for (float& sum : sums) sum /= std::sqrt(square);
    return sums;
  }

 private:
  // FNV-1a, mixed once more so that each bit depends on each letter.
  static uint64_t Hash(std::string_view bytes) {
    uint64_t hash = 0xcbf29ce484222325;
    for (const char byte : bytes) {
      hash = (hash ^ static_cast<unsigned char>(byte)) * 0x100000001b3;
    }
    hash ^= hash >> 32;
    hash *= 0xd6e8feb86659fd93;
    return hash ^ (hash >> 32);
  }

  // A word is a few signed places, so that two words rarely look alike.
  void AddWord(std::string_view word, std::vector<float>* sums) const {
    constexpr int kPlaces = 6;
    uint64_t hash = Hash(word);
    for (int i = 0; i < kPlaces; ++i) {
      (*sums)[(hash >> 1) % dimension_] += (hash & 1) != 0 ? 1.0F : -1.0F;
      hash = hash * 6364136223846793005 + 1442695040888963407;
      hash ^= hash >> 29;
    }
  }

  const std::string identity_;
  const size_t dimension_;
  const bool is_local_;

  mutable Mutex mutex_;
  std::set<std::string> cannot_tell_ ABSL_GUARDED_BY(mutex_);
  absl::Status failure_ ABSL_GUARDED_BY(mutex_);
  absl::Duration takes_ ABSL_GUARDED_BY(mutex_);
  FakeClock* clock_ ABSL_GUARDED_BY(mutex_) = nullptr;
  bool takes_in_wait_ ABSL_GUARDED_BY(mutex_) = false;
  size_t calls_ ABSL_GUARDED_BY(mutex_) = 0;
  size_t texts_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace semcached

#endif  // SEMCACHED_TESTS_SUPPORT_FAKE_EMBEDDER_H_
