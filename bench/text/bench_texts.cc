#include "text/bench_texts.h"

#include <absl/container/flat_hash_set.h>
#include <absl/strings/str_cat.h>

#include <algorithm>
#include <random>
#include <utility>

#include "semcached/base/status.h"
#include "semcached/base/tsv.h"

namespace semcached::text {
namespace {

constexpr uint64_t kSeed = 1;

// The last of four columns, without the head of the file.
absl::StatusOr<std::vector<std::string>> DistinctTexts(const std::string& file) {
  absl::flat_hash_set<std::string> seen;
  std::vector<std::string> texts;
  bool head = true;
  RETURN_IF_ERROR(ReadTsv(file, 4, [&](const TsvFields& row) {
    if (!std::exchange(head, false) && seen.insert(row[3]).second) texts.push_back(row[3]);
  }));
  return texts;
}

}  // namespace

absl::StatusOr<BenchTexts> ReadBenchTexts(const std::string& data, const std::string& demo,
                                          const WordPiece& tokenizer, size_t count) {
  const std::string file = data.empty() ? demo : data + "/queries.tsv";
  ASSIGN_OR_RETURN(std::vector<std::string> read, DistinctTexts(file));
  std::mt19937_64 random(kSeed);
  std::shuffle(read.begin(), read.end(), random);
  BenchTexts result;
  size_t tokens = 0;
  const auto take = [&](std::string text) {
    const std::vector<int64_t> ids = tokenizer.Encode(text, kMostTokens + 1);
    if (ids.size() <= 2 || ids.size() > kMostTokens ||
        std::find(ids.begin(), ids.end(), tokenizer.unknown_id()) != ids.end()) {
      return false;
    }
    tokens += ids.size();
    result.texts.push_back(std::move(text));
    return true;
  };
  for (const std::string& text : read) {
    if (result.texts.size() < count) take(text);
  }
  const std::vector<std::string> taken = result.texts;
  if (taken.empty()) {
    return absl::InvalidArgumentError(absl::StrCat(file, ": has no text that can be embedded"));
  }
  for (size_t number = 0; result.texts.size() < count; ++number) {
    if (take(absl::StrCat(number, " ", taken[number % taken.size()]))) ++result.made;
  }
  result.source = data.empty() ? "the project's own queries" : "queries of public data sets";
  result.mean_tokens = static_cast<double>(tokens) / static_cast<double>(count);
  return result;
}

}  // namespace semcached::text
