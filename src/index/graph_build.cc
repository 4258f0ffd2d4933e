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

// Calls `visit` with all, a bounded number at a time.
template <typename T, typename Visit>
void InPieces(const std::vector<T>& all, Visit visit) {
  absl::Span<const T> rest = all;
  for (; !rest.empty(); rest.remove_prefix(std::min(kPieceEntries, rest.size()))) {
    visit(rest.first(std::min(kPieceEntries, rest.size())));
  }
}

}  // namespace

GraphBuild::~GraphBuild() {
  if (const auto state = state_.lock()) state->EndBuild(partition_.get(), adopted_);
}

void GraphBuild::Run() {
  IndexOptions options;
  GraphSnapshot snapshot;
  {
    const auto state = state_.lock();
    if (state == nullptr) return;
    options = state->options();
    snapshot = state->Snapshot(partition_.get());
  }
  BuiltGraph built = HnswGraph::Build(options, snapshot.nodes, [this] { return state_.expired(); });
  if (built.graph == nullptr) return;

  const std::vector<Member> covered = Select(snapshot.members, built.covered);
  const std::vector<Member> left_out = Select(snapshot.members, built.left_out);
  if (const auto state = state_.lock()) {
    state->Adopt(partition_.get(), std::move(built.graph), covered, left_out);
    adopted_ = true;
  }
}

GraphSnapshot IndexState::Snapshot(Partition* partition) {
  {
    ChangeLock lock(&mutex_);
    partition->build_round = ++partition->round;
  }
  GraphSnapshot snapshot;
  SearchLock lock(&mutex_);
  snapshot.rows = table_.slab();
  snapshot.members.reserve(partition->members.size());
  snapshot.nodes.reserve(partition->members.size());
  for (const Member& member : partition->members) {
    if (member.round >= partition->build_round) continue;  // came between the locks
    snapshot.members.push_back(member);
    snapshot.nodes.push_back({member.id, table_.Row(member)});
  }
  return snapshot;
}

// The order keeps every search between the steps right: an entry is scanned for longer than needed,
// and never answered for by a graph that does not have it.
void IndexState::Adopt(Partition* partition, std::shared_ptr<const HnswGraph> graph,
                       const std::vector<Member>& covered, const std::vector<Member>& left_out) {
  InPieces(left_out, [&](absl::Span<const Member> piece) {
    ChangeLock lock(&mutex_);
    for (const Member& member : piece) table_.Uncover(partition, member);
  });
  const HnswGraph* const adopted = graph.get();
  std::vector<VectorSlab::Slot> unread;
  {
    ChangeLock lock(&mutex_);
    // What the old graph covers now is in the new one: it was stored before the snapshot.
    partition->graph.swap(graph);  // the old one is freed after the lock
    partition->graph_round = partition->build_round;
    partition->built = covered.size();
    partition->left_out = left_out.size();
    ++builds_completed_;
    unread = ScopeTable::TakeUnread(partition);  // but by the old graph
  }
  ReleaseInPieces(unread);
  InPieces(covered, [&](absl::Span<const Member> piece) {
    ChangeLock lock(&mutex_);
    if (partition->graph.get() != adopted) return;  // dropped meanwhile
    for (const Member& member : piece) table_.Cover(partition, member);
  });
}

void IndexState::EndBuild(Partition* partition, bool adopted) {
  std::vector<VectorSlab::Slot> unread;
  {
    ChangeLock lock(&mutex_);
    partition->building = false;
    partition->build_round = 0;
    partition->deferred = !adopted;
    unread = ScopeTable::TakeUnread(partition);
  }
  ReleaseInPieces(unread);
}

void IndexState::ReleaseInPieces(const std::vector<VectorSlab::Slot>& rows) {
  InPieces(rows, [&](absl::Span<const VectorSlab::Slot> piece) {
    ChangeLock lock(&mutex_);
    table_.Release(piece);
  });
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
    const GraphAction action =
        DecideAtTick(options_.type, options_.auto_graph_min_entries, partition.Counts());
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
