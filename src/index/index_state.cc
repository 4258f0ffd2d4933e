#include "index/index_state.h"

#include <absl/strings/str_cat.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <utility>

#include "index/graph_build.h"

namespace semcached {
namespace {

constexpr float kLengthTolerance = 1e-3F;

// So many are compared by their bytes in any case, for the nearest similarity; of those whose signs
// allow for the threshold, one after the other until so many in a row are none of the nearest; and
// no more than so many. Each, where more are wanted, for each one that is.
constexpr size_t kAlwaysCompared = 16;
constexpr size_t kComparedInVain = 256;
constexpr size_t kMostCompared = 512;
constexpr size_t kComparedForOne = 4;

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
      graph_min_entries_(GraphMinEntries(options)),
      dot_(ActiveDotKernel()),
      rotation_(options.dimension),
      executor_(executor),
      files_(std::make_shared<const GraphFiles>(options)),
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
    if (!partition->deferred) due = BeginBuild(Due(*partition), partition);
  }
  Submit(std::move(due));
  return absl::OkStatus();
}

bool IndexState::Erase(EntryId id) {
  std::shared_ptr<const LinkGraph> dropped;  // outlives the lock: to free a graph takes a while
  std::shared_ptr<Partition> partition;
  std::shared_ptr<Partition> due;
  std::vector<VectorSlab::Slot> unread;
  {
    ChangeLock lock(&mutex_);
    partition = table_.Erase(id);
    if (partition == nullptr) return false;
    if (partition->members.empty()) sweep_due_ = true;
    const GraphAction action = Due(*partition);
    if (action == GraphAction::kDrop) {
      dropped = std::move(partition->graph);
      partition->graph = nullptr;
      partition->covered = partition->built = partition->left_out = 0;
      unread = ScopeTable::TakeUnread(partition.get());
      sweep_due_ = true;
    } else if (!partition->deferred) {
      due = BeginBuild(action, partition);
    }
  }
  ReleaseInPieces(unread);
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
  LiveCandidates live;
  for (size_t breadth = FirstBreadth(options_.ef_search, limit, answer.graph_size); breadth > 0;
       breadth = NextBreadth(answer)) {
    answer.wanted = breadth;
    live = AskGraph(partition, query, &answer);
  }
  if (!Suffices(answer)) return false;
  for (const Candidate& candidate : live) nearest->Offer(candidate);
  return true;
}

IndexState::LiveCandidates IndexState::AskGraph(const Partition& partition, const QueryCodes& query,
                                                GraphAnswer* answer) const {
  const std::vector<Candidate> found = partition.graph->Search(query, answer->wanted);
  answer->found = found.size();
  float error = 0;
  for (const Candidate& candidate : found) error = std::max(error, candidate.error);
  if (!found.empty()) {
    answer->nearest = found.front().similarity;
    answer->farthest = found.back().similarity + error;
  }

  LiveCandidates live;
  size_t near = 0;  // of those that are live, what may be at the threshold
  for (const Candidate& candidate : found) {
    // To look one up takes several cache lines; what cannot count any more is not.
    const bool enough = near >= answer->limit && candidate.similarity < live.back().similarity;
    const bool too_far = !live.empty() && candidate.similarity + error < answer->min_similarity;
    if (enough || too_far) break;
    if (table_.FindCovered(partition, candidate.id) == nullptr) continue;
    live.push_back(candidate);
    near += candidate.similarity + candidate.error >= answer->min_similarity ? 1 : 0;
  }
  answer->live = live.size();
  return live;
}

void IndexState::Scan(const Partition& partition, size_t first, const QueryCodes& query,
                      float min_similarity, size_t limit, Nearest* nearest) const {
  const std::vector<Member>& members = partition.members;
  if (partition.codes == nullptr) {
    for (size_t i = first; i < members.size(); ++i) Offer(members[i], query, nearest);
    return;
  }
  CodesWanted wanted;
  wanted.min_similarity = min_similarity;
  wanted.near = std::max(kMostCompared, kComparedForOne * limit);
  wanted.any = kAlwaysCompared;
  const std::vector<CodeMatch> proposed = partition.codes->Nearest(query.rotated, first, wanted);
  const size_t row_bytes = CompactBytes(options_.dimension);
  const size_t patience = std::max(kComparedInVain, kComparedForOne * limit);
  size_t in_vain = 0;
  for (size_t i = 0; i < proposed.size() && in_vain < patience; ++i) {
    if (i + kRowsAhead < proposed.size()) {
      Prefetch(table_.Row(members[proposed[i + kRowsAhead].position]), row_bytes);
    }
    in_vain = Offer(members[proposed[i].position], query, nearest) ? 0 : in_vain + 1;
  }
}

bool IndexState::Offer(const Member& member, const QueryCodes& query, Nearest* nearest) const {
  const std::byte* row = table_.Row(member);
  return nearest->Offer({member.id, query.fine.Dot(row), query.fine.MaxError(row)});
}

bool IndexState::Contains(EntryId id) const {
  SearchLock lock(&mutex_);
  return table_.Contains(id);
}

bool IndexState::Holds(EntryId id, const Hash128& scope, absl::Span<const float> vector) const {
  if (vector.size() != options_.dimension) return false;
  const CompactRow row = Compact(rotation_.Apply(vector));
  SearchLock lock(&mutex_);
  const Partition* const partition = table_.Find(scope);
  const Member* const member = partition == nullptr ? nullptr : table_.FindMember(*partition, id);
  return member != nullptr && std::memcmp(table_.Row(*member), row.data(), row.size()) == 0;
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
  stats.graph_file_bytes = files_->Bytes();
  return stats;
}

}  // namespace semcached
