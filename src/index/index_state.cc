#include "index/index_state.h"

#include <absl/strings/str_cat.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "index/graph_build.h"

namespace semcached {
namespace {

constexpr float kLengthTolerance = 1e-3F;

// So many are compared by their bytes: of those whose signs allow for the threshold, or for each
// one that is wanted if that is more; and in any case, for the nearest similarity.
constexpr size_t kNearCompared = 64;
constexpr size_t kComparedForOne = 4;
constexpr size_t kAlwaysCompared = 16;

// Rows lie scattered; each takes several cache lines.
constexpr size_t kRowsAhead = 4;
constexpr size_t kLineBytes = 64;
void Prefetch(const std::byte* row, size_t bytes) {
  for (size_t at = 0; at < bytes; at += kLineBytes) __builtin_prefetch(row + at);
}

// False for what is not finite, too.
bool HasLengthOne(float square) { return std::abs(std::sqrt(square) - 1) <= kLengthTolerance; }

}  // namespace

IndexState::IndexState(const IndexOptions& options, Executor* executor)
    : options_(options),
      dot_(ActiveDotKernel()),
      rotation_(options.dimension),
      executor_(executor),
      table_(options.dimension) {}

absl::Status IndexState::Insert(EntryId id, const Hash128& scope, absl::Span<const float> vector) {
  if (vector.size() != options_.dimension) {
    return absl::InvalidArgumentError(absl::StrCat(
        "embedding has ", vector.size(), " components; the index needs ", options_.dimension));
  }
  if (!HasLengthOne(dot_(vector.data(), vector.data(), vector.size()))) {
    return absl::InvalidArgumentError("embedding is not finite and of length 1");
  }
  const CompactRow row = Compact(rotation_.Apply(vector));
  std::shared_ptr<Partition> due;
  {
    ChangeLock lock(&mutex_);
    if (table_.Contains(id)) return absl::AlreadyExistsError("the entry is in the index");
    const std::shared_ptr<Partition>& partition = table_.Insert(id, scope, row.data());
    if (!partition->deferred) {
      due = BeginBuild(
          DecideAfterChange(options_.type, options_.auto_graph_min_entries, partition->Counts()),
          partition);
    }
  }
  Submit(std::move(due));
  return absl::OkStatus();
}

bool IndexState::Erase(EntryId id) {
  std::shared_ptr<const HnswGraph> dropped;  // outlives the lock: to free a graph takes a while
  std::shared_ptr<Partition> partition;
  std::shared_ptr<Partition> due;
  {
    ChangeLock lock(&mutex_);
    partition = table_.Erase(id);
    if (partition == nullptr) return false;
    const GraphAction action =
        DecideAfterChange(options_.type, options_.auto_graph_min_entries, partition->Counts());
    if (action == GraphAction::kDrop) {
      dropped = std::move(partition->graph);
      partition->graph = nullptr;
      partition->covered = partition->built = partition->left_out = 0;
      if (!partition->building) table_.Release(ScopeTable::TakeErased(partition.get()));
    } else if (!partition->deferred) {
      due = BeginBuild(action, partition);
    }
  }
  Submit(std::move(due));
  return true;
}

SearchResult IndexState::Search(const Hash128& scope, absl::Span<const float> query,
                                float min_similarity, size_t limit) const {
  SearchResult result;
  if (query.size() != options_.dimension ||
      !HasLengthOne(dot_(query.data(), query.data(), query.size()))) {
    return result;
  }
  const QueryCodes codes(rotation_, query);

  SearchLock lock(&mutex_);
  const Partition* partition = table_.Find(scope);
  if (partition == nullptr) return result;

  Nearest nearest(limit, min_similarity);
  size_t first = 0;
  result.answered_by = IndexStructure::kScan;
  if (SearchGraph(*partition, codes, min_similarity, limit, &nearest)) {
    first = partition->covered;
    result.answered_by =
        first == partition->members.size() ? IndexStructure::kGraph : IndexStructure::kGraphAndScan;
  }
  Scan(*partition, first, codes, min_similarity, limit, &nearest);
  result.nearest_similarity = nearest.best();
  result.candidates = nearest.Take();
  return result;
}

bool IndexState::SearchGraph(const Partition& partition, const QueryCodes& query,
                             float min_similarity, size_t limit, Nearest* nearest) const {
  if (!WorthAsking(partition.Counts())) return false;
  GraphAnswer answer;
  answer.limit = std::max<size_t>(1, limit);  // one, for the nearest similarity
  answer.min_similarity = min_similarity;
  answer.graph_size = partition.graph->size();
  // Twice the limit leaves room for erased ones.
  answer.wanted = std::min(answer.graph_size, std::max<size_t>(options_.ef_search, 2 * limit));
  const std::vector<Candidate> found =
      partition.graph->Search(Compact(query.rotated).data(), answer.wanted);
  answer.found = found.size();
  if (!found.empty()) answer.farthest = found.back().similarity;

  std::vector<const Member*> live;
  for (const Candidate& candidate : found) {
    if (live.size() == answer.limit) break;
    const Member* member = table_.FindCovered(partition, candidate.id);
    if (member != nullptr) live.push_back(member);
  }
  answer.live = live.size();
  if (!Suffices(answer)) return false;
  // As a scan does it, so that both give the same number.
  for (const Member* member : live) Offer(*member, query, nearest);
  return true;
}

void IndexState::Scan(const Partition& partition, size_t first, const QueryCodes& query,
                      float min_similarity, size_t limit, Nearest* nearest) const {
  const std::vector<Member>& members = partition.members;
  if (partition.codes == nullptr) {
    for (size_t i = first; i < members.size(); ++i) Offer(members[i], query, nearest);
    return;
  }
  CodesWanted wanted;
  wanted.most_different = MostDifferentSigns(min_similarity, options_.dimension);
  wanted.near = std::max(kNearCompared, kComparedForOne * limit);
  wanted.any = kAlwaysCompared;
  const std::vector<CodeMatch> proposed = partition.codes->Nearest(query.signs, first, wanted);
  const size_t row_bytes = CompactBytes(options_.dimension);
  for (size_t i = 0; i < proposed.size(); ++i) {
    if (i + kRowsAhead < proposed.size()) {
      Prefetch(table_.Row(members[proposed[i + kRowsAhead].position]), row_bytes);
    }
    Offer(members[proposed[i].position], query, nearest);
  }
}

void IndexState::Offer(const Member& member, const QueryCodes& query, Nearest* nearest) const {
  const std::byte* row = table_.Row(member);
  nearest->Offer(member.id, query.fine.Dot(row), query.fine.MaxError(row));
}

bool IndexState::Contains(EntryId id) const {
  SearchLock lock(&mutex_);
  return table_.Contains(id);
}

IndexStats IndexState::Stats() const {
  SearchLock lock(&mutex_);
  IndexStats stats;
  stats.entry_count = table_.size();
  stats.scope_count = table_.partitions().size();
  for (const auto& [scope, partition] : table_.partitions()) {
    stats.graph_entry_count += partition->covered;
    if (partition->graph != nullptr) ++stats.graph_count;
  }
  stats.memory_bytes = sizeof(*this) + table_.MemoryBytes();
  stats.builds_completed = builds_completed_;
  return stats;
}

}  // namespace semcached
