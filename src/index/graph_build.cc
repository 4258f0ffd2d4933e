#include "index/graph_build.h"

#include <absl/container/flat_hash_map.h>

#include <algorithm>
#include <functional>
#include <latch>
#include <utility>
#include <vector>

#include "index/graph_files.h"
#include "index/hnsw_graph.h"
#include "semcached/base/executor.h"

namespace semcached {
namespace {

// Of so many, signs are set anew while searches wait: some ten microseconds.
constexpr size_t kPieceEntries = 32;

// A graph is written when one in so many of its nodes has changed: its file may be older.
constexpr size_t kWrittenAt = 5;

// What may take its time is done at this priority.
constexpr int kAsideNice = 10;
constexpr size_t kAsideQueue = 64;

// Runs `work` on a thread of low priority, and waits for it. Only what needs no lock: a thread of
// low priority that holds one is kept off its core now and then, and searches wait for that core.
// All indexes share the thread, which is never ended.
void RunAside(const std::function<void()>& work) {
  static ThreadPool& aside = *new ThreadPool("graph", 1, kAsideQueue, kAsideNice);
  std::latch done(1);
  const bool runs = aside.Submit([&] {
    work();
    done.count_down();
  });
  if (runs) {
    done.wait();
  } else {
    work();
  }
}

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

void GraphBuild::End() {
  if (std::exchange(ended_, true)) return;
  if (const auto state = state_.lock()) state->EndBuild(partition_.get(), adopted_);
}

void GraphBuild::Run() {
  std::shared_ptr<const GraphFiles> files;
  if (const auto state = state_.lock()) files = state->files();
  if (files == nullptr) return;
  bool restored = false;
  const BuiltGraph built = PutInPlace(*files, &restored);
  End();  // what it was built of may go, though its file takes a while
  if (!adopted_ || restored || unread_file_ || !files->IsOn()) return;
  partition_->unwritten += built.changed;
  if (partition_->unwritten * kWrittenAt < built.graph->size()) return;
  absl::Status written;
  RunAside([&] { written = files->Write(partition_->scope, *built.graph, built.left_out); });
  if (written.ok()) partition_->unwritten = 0;
  files->TellWritten(partition_->scope, written, built.graph->size());
  if (const auto state = state_.lock()) state->SweepSoon();  // its scope may be gone by now
}

BuiltGraph GraphBuild::PutInPlace(const GraphFiles& files, bool* restored) {
  IndexOptions options;
  GraphSnapshot snapshot;
  bool first = false;
  {
    const auto state = state_.lock();
    if (state == nullptr) return BuiltGraph();
    options = state->options();
    first = !std::exchange(partition_->asked_files, true);
    snapshot = state->Snapshot(partition_.get());
  }
  const auto cancelled = [this] { return state_.expired(); };
  BuiltGraph built;
  if (first) {
    absl::StatusOr<BuiltGraph> kept;
    RunAside([&] { kept = files.Restore(partition_->scope, snapshot.nodes, cancelled); });
    *restored = kept.ok();
    unread_file_ = absl::IsUnavailable(kept.status());  // it may be a good one
    files.TellRestored(partition_->scope, kept.status(), kept.ok() ? kept->graph->size() : 0);
    if (kept.ok()) built = *std::move(kept);
  }
  if (!*restored) {
    const EarlierGraph earlier = {snapshot.graph.get(), snapshot.covered};
    RunAside([&] { built = BuildHnswGraph(options, snapshot.nodes, earlier, cancelled); });
  }
  if (built.graph == nullptr) return built;

  const std::vector<Member> covered = Select(snapshot.members, built.covered);
  const std::vector<Member> left_out = Select(snapshot.members, built.left_out);
  if (const auto state = state_.lock()) {
    state->Adopt(partition_.get(), built.graph, covered, left_out);
    adopted_ = true;
  }
  return built;
}

GraphSnapshot IndexState::Snapshot(Partition* partition) {
  GraphSnapshot snapshot;
  std::vector<Member>& members = snapshot.members;
  uint32_t round = 0;
  size_t count = 0;
  {
    ChangeLock lock(&mutex_);
    round = partition->build_round = ++partition->round;
    count = partition->members.size();
  }
  // Room is made without the lock: a writer that waits for us shuts searches out.
  members.resize(count);
  snapshot.nodes.reserve(count);
  {
    SearchLock lock(&mutex_);
    snapshot.rows = table_.slab();
    // What came between the locks is behind the others, or where one of them was erased.
    members.resize(std::min(count, partition->members.size()));
    std::copy_n(partition->members.begin(), members.size(), members.begin());
    snapshot.graph = partition->graph;
    snapshot.covered = partition->covered;  // they come first, and stay below
  }
  std::erase_if(members, [&](const Member& member) { return member.round >= round; });
  // The rows stay, whoever is erased meanwhile; what tells where they are may move.
  InPieces(members, [&](absl::Span<const Member> piece) {
    SearchLock lock(&mutex_);
    for (const Member& member : piece) snapshot.nodes.push_back({member.id, table_.Row(member)});
  });
  return snapshot;
}

// The order keeps every search between the steps right: an entry is scanned for longer than needed,
// and never answered for by a graph that does not have it.
void IndexState::Adopt(Partition* partition, std::shared_ptr<const LinkGraph> graph,
                       const std::vector<Member>& covered, const std::vector<Member>& left_out) {
  size_t still_left_out = 0;  // others were erased meanwhile
  InPieces(left_out, [&](absl::Span<const Member> piece) {
    ChangeLock lock(&mutex_);
    for (const Member& member : piece) {
      table_.Uncover(partition, member);
      still_left_out += table_.FindMember(*partition, member.id) != nullptr ? 1 : 0;
    }
  });
  const LinkGraph* const adopted = graph.get();
  std::vector<VectorSlab::Slot> unread;
  {
    ChangeLock lock(&mutex_);
    // What the old graph covers now is in the new one: it was stored before the snapshot.
    partition->graph.swap(graph);  // the old one is freed after the lock
    partition->graph_round = partition->build_round;
    partition->built = covered.size();
    partition->left_out = still_left_out;
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

std::vector<std::shared_ptr<Partition>> IndexState::SweepFiles() {
  std::vector<std::shared_ptr<Partition>> restorable;
  if (!sweep_due_.exchange(false)) return restorable;
  files_->Sweep([&](const Hash128& scope) {
    SearchLock lock(&mutex_);
    const auto found = table_.partitions().find(scope);
    if (found == table_.partitions().end()) return false;
    const std::shared_ptr<Partition>& partition = found->second;
    if (partition->graph != nullptr || partition->building) return true;
    if (partition->members.size() < graph_min_entries_ / 2) return false;
    restorable.push_back(partition);
    return true;
  });
  return restorable;
}

void IndexState::Maintain() {
  std::vector<std::shared_ptr<Partition>> candidates = SweepFiles();
  if (options_.type == IndexType::kFlat) return;
  const size_t restorable = candidates.size();
  {
    SearchLock lock(&mutex_);
    for (const auto& [scope, partition] : table_.partitions()) {
      if (!partition->building && Due(*partition) == GraphAction::kBuild) {
        candidates.push_back(partition);
      }
    }
  }
  for (size_t i = 0; i < candidates.size(); ++i) {
    std::shared_ptr<Partition> begun;
    {
      ChangeLock lock(&mutex_);
      const bool restores = i < restorable && candidates[i]->graph == nullptr;
      begun = BeginBuild(restores ? GraphAction::kBuild : Due(*candidates[i]), candidates[i]);
    }
    Submit(std::move(begun));
  }
}

}  // namespace semcached
