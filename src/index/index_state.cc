#include "index/index_state.h"

#include <absl/strings/str_cat.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "index/graph_build.h"

namespace semcached {
namespace {

constexpr float kLengthTolerance = 1e-3F;

// False for what is not finite, too.
bool HasLengthOne(float square) { return std::abs(std::sqrt(square) - 1) <= kLengthTolerance; }

}  // namespace

IndexState::IndexState(const IndexOptions& options, Executor* executor)
    : options_(options),
      auto_min_entries_(AutoGraphMinEntries(options.dimension)),
      dot_(ActiveDotKernel()),
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
  std::shared_ptr<Partition> due;
  {
    ChangeLock lock(&mutex_);
    if (table_.Contains(id)) return absl::AlreadyExistsError("the entry is in the index");
    const std::shared_ptr<Partition>& partition = table_.Insert(id, scope, vector);
    if (!partition->deferred) {
      due = BeginBuild(DecideAfterChange(options_.type, auto_min_entries_, partition->Counts()),
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
        DecideAfterChange(options_.type, auto_min_entries_, partition->Counts());
    if (action == GraphAction::kDrop) {
      dropped = std::move(partition->graph);
      partition->graph = nullptr;
      partition->covered = partition->built = partition->left_out = 0;
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
  SearchLock lock(&mutex_);
  const Partition* partition = table_.Find(scope);
  if (partition == nullptr) return result;

  Nearest nearest(limit, min_similarity);
  absl::Span<const Member> to_scan = partition->members;
  result.answered_by = IndexStructure::kScan;
  if (SearchGraph(*partition, query, min_similarity, limit, &nearest)) {
    to_scan.remove_prefix(partition->covered);
    result.answered_by = to_scan.empty() ? IndexStructure::kGraph : IndexStructure::kGraphAndScan;
  }
  Scan(to_scan, query, &nearest);
  result.nearest_similarity = nearest.best();
  result.candidates = nearest.Take();
  return result;
}

bool IndexState::SearchGraph(const Partition& partition, absl::Span<const float> query,
                             float min_similarity, size_t limit, Nearest* nearest) const {
  if (!WorthAsking(partition.Counts())) return false;
  GraphAnswer answer;
  answer.limit = std::max<size_t>(1, limit);  // one, for the nearest similarity
  answer.min_similarity = min_similarity;
  answer.graph_size = partition.graph->size();
  // Twice the limit leaves room for erased ones.
  answer.wanted = std::min(answer.graph_size, std::max<size_t>(options_.ef_search, 2 * limit));
  const std::vector<Candidate> found = partition.graph->Search(query, answer.wanted);
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
  // From the stored vector, as a scan does it, so that both give the same number.
  for (const Member* member : live) {
    nearest->Offer(member->id, dot_(query.data(), table_.Vector(*member), query.size()));
  }
  return true;
}

void IndexState::Scan(absl::Span<const Member> members, absl::Span<const float> query,
                      Nearest* nearest) const {
  for (const Member& member : members) {
    nearest->Offer(member.id, dot_(query.data(), table_.Vector(member), query.size()));
  }
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
