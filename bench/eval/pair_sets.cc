#include "eval/pair_sets.h"

#include <absl/strings/match.h>

#include <algorithm>
#include <map>
#include <utility>

#include "semcached/base/hash.h"
#include "semcached/base/status.h"
#include "semcached/base/tsv.h"

namespace semcached::eval {
namespace {

Half HalfOf(const LabelledPair& pair) {
  return IsIn(pair, Half::kTuning) ? Half::kTuning : Half::kReport;
}

JudgedPair Unjudged(LabelledPair pair, std::string kind, std::string category) {
  JudgedPair row;
  row.half = HalfOf(pair);
  row.pair = std::move(pair);
  row.kind = std::move(kind);
  row.category = std::move(category);
  return row;
}

uint64_t HashOf(const JudgedPair& row) {
  return KeyedHash(HashKey{}, row.pair.text_a + '\t' + row.pair.text_b).low;
}

}  // namespace

std::string SourceOf(const std::string& part) {
  for (const char* source : {"mrpc", "gsmplus"}) {
    if (absl::StartsWith(part, source)) return source;
  }
  return part;
}

std::string CategoryOf(const std::string& source) {
  if (source == "mrpc") return "news";
  if (source == "gsmplus") return "math";
  if (source == "gptcache_mock") return "factual";
  return "";
}

absl::StatusOr<std::vector<JudgedPair>> DataPairs(const std::string& file, size_t limit) {
  ASSIGN_OR_RETURN(std::vector<LabelledPair> pairs, ReadPairs(file, Half::kAll));
  std::map<std::pair<std::string, Half>, std::vector<JudgedPair>> groups;
  for (LabelledPair& pair : pairs) {
    const std::string source = SourceOf(pair.source);
    std::string kind = std::exchange(pair.source, source);
    JudgedPair row = Unjudged(std::move(pair), std::move(kind), CategoryOf(source));
    groups[{source, row.half}].push_back(std::move(row));
  }
  std::vector<JudgedPair> rows;
  for (auto& [group, members] : groups) {
    std::sort(members.begin(), members.end(),
              [](const JudgedPair& a, const JudgedPair& b) { return HashOf(a) < HashOf(b); });
    if (members.size() > limit) members.resize(limit);
    std::move(members.begin(), members.end(), std::back_inserter(rows));
  }
  return rows;
}

absl::StatusOr<std::vector<JudgedPair>> DemoPairs(const std::string& file) {
  std::map<std::string, std::string> bases;
  std::vector<JudgedPair> rows;
  // category, group, kind, text; a base stands before what is like it
  RETURN_IF_ERROR(ReadTsv(file, 4, [&](const TsvFields& fields) {
    const std::string& kind = fields[2];
    if (kind == "base") bases[fields[1]] = fields[3];
    if (kind != "paraphrase" && kind != "opposite") return;
    rows.push_back(
        Unjudged({kDemo, kind == "paraphrase", bases[fields[1]], fields[3]}, "", fields[0]));
  }));
  return rows;
}

std::vector<JudgedPair> OppositePairs(const std::vector<NearOpposite>& rows) {
  std::vector<JudgedPair> pairs;
  for (const NearOpposite& row : rows) {
    pairs.push_back(Unjudged({kOpposites, false, row.query, row.opposite}, row.kind, row.category));
    pairs.push_back(
        Unjudged({kOpposites, true, row.query, row.paraphrase}, row.kind, row.category));
  }
  return pairs;
}

}  // namespace semcached::eval
