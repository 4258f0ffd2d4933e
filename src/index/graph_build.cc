#include "index/graph_build.h"

#include <absl/container/flat_hash_map.h>

#include <algorithm>
#include <vector>

namespace semcached {
namespace {

constexpr size_t kPieceEntries = 256;

// Which members of the snapshot `ids` are. Ids are unique in it.
std::vector<Member> Select(const std::vector<Member>& snapshot, const std::vector<EntryId>& ids) {
  absl::flat_hash_map<EntryId, const Member*> by_id;
  by_id.reserve(snapshot.size());
  for (const Member& member : snapshot) by_id[member.id] = &member;
  std::vector<Member> selected;
  selected.reserve(ids.size());
  for (const EntryId id : ids) selected.push_back(*by_id.at(id));
  return selected;
}

// Calls `visit` with the members, a bounded number at a time.
template <typename Visit>
void InPieces(absl::Span<const Member> members, Visit visit) {
  for (; !members.empty(); members.remove_prefix(std::min(kPieceEntries, members.size()))) {
    visit(members.first(std::min(kPieceEntries, members.size())));
  }
}

}  // namespace

GraphBuild::~GraphBuild() {
  if (const auto state = state_.lock()) state->EndBuild(partition_.get(), adopted_);
}

void GraphBuild::Run() {
  IndexOptions options;
  std::vector<Member> snapshot;
  {
    const auto state = state_.lock();
    if (state == nullptr) return;
    options = state->options();
    snapshot = state->Snapshot(*partition_);
  }
  absl::Span<const Member> rest = snapshot;
  GraphSource source;
  source.capacity = snapshot.size();
  source.next = [&](VectorPiece* piece) {
    const auto state = state_.lock();
    if (state == nullptr || rest.empty()) return false;
    const size_t count = std::min(kPieceEntries, rest.size());
    state->Copy(*partition_, rest.first(count), piece);
    rest.remove_prefix(count);
    return true;
  };
  source.cancelled = [this] { return state_.expired(); };
  BuiltGraph built = HnswGraph::Build(options, source);
  if (built.graph == nullptr) return;

  const std::vector<Member> covered = Select(snapshot, built.covered);
  const std::vector<Member> left_out = Select(snapshot, built.left_out);
  if (const auto state = state_.lock()) {
    state->Adopt(partition_.get(), std::move(built.graph), covered, left_out);
    adopted_ = true;
  }
}

std::vector<Member> IndexState::Snapshot(const Partition& partition) const {
  SearchLock lock(&mutex_);
  return partition.members;
}

void IndexState::Copy(const Partition& partition, absl::Span<const Member> members,
                      VectorPiece* piece) const {
  piece->ids.clear();
  piece->values.clear();
  SearchLock lock(&mutex_);
  for (const Member& member : members) {
    const Member* stored = table_.FindMember(partition, member.id);
    if (stored == nullptr || stored->stamp != member.stamp) continue;
    const float* vector = table_.Vector(*stored);
    piece->ids.push_back(member.id);
    piece->values.insert(piece->values.end(), vector, vector + options_.dimension);
  }
}

// The order keeps every search between the steps right: an entry is scanned for longer than needed,
// and never answered for by a graph that does not have it.
void IndexState::Adopt(Partition* partition, std::shared_ptr<const HnswGraph> graph,
                       absl::Span<const Member> covered, absl::Span<const Member> left_out) {
  InPieces(left_out, [&](absl::Span<const Member> piece) {
    ChangeLock lock(&mutex_);
    for (const Member& member : piece) table_.Uncover(partition, member);
  });
  const HnswGraph* const adopted = graph.get();
  {
    ChangeLock lock(&mutex_);
    // What the old graph covers now is in the new one: it was stored before the snapshot.
    partition->graph.swap(graph);  // the old one is freed after the lock
    partition->built = covered.size();
    partition->left_out = left_out.size();
    ++builds_completed_;
  }
  InPieces(covered, [&](absl::Span<const Member> piece) {
    ChangeLock lock(&mutex_);
    if (partition->graph.get() != adopted) return;  // dropped meanwhile
    for (const Member& member : piece) table_.Cover(partition, member);
  });
}

void IndexState::EndBuild(Partition* partition, bool adopted) {
  ChangeLock lock(&mutex_);
  partition->building = false;
  partition->deferred = !adopted;
}

std::shared_ptr<Partition> IndexState::BeginBuild(GraphAction action,
                                                  const std::shared_ptr<Partition>& partition) {
  if (action != GraphAction::kBuild || partition->building) return nullptr;
  partition->building = true;
  return partition;
}

void IndexState::Submit(std::shared_ptr<Partition> partition) {
  if (partition == nullptr) return;
  auto build = std::make_shared<GraphBuild>(weak_from_this(), std::move(partition));
  executor_->Submit([build] { build->Run(); });
}

void IndexState::Maintain() {
  if (options_.type == IndexType::kFlat) return;
  const auto due = [&](const Partition& partition) {
    const GraphAction action = DecideAtTick(options_.type, auto_min_entries_, partition.Counts());
    return partition.building ? GraphAction::kNone : action;
  };
  std::vector<std::shared_ptr<Partition>> candidates;
  {
    SearchLock lock(&mutex_);
    for (const auto& [scope, partition] : table_.partitions()) {
      if (due(*partition) == GraphAction::kBuild) candidates.push_back(partition);
    }
  }
  for (const std::shared_ptr<Partition>& partition : candidates) {
    std::shared_ptr<Partition> begun;
    {
      ChangeLock lock(&mutex_);
      begun = BeginBuild(due(*partition), partition);
    }
    Submit(std::move(begun));
  }
}

}  // namespace semcached
