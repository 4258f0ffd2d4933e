#include "peers/measure.h"

#include <malloc.h>

#include <algorithm>
#include <chrono>
#include <iostream>

#include "semcached/base/sanitizer.h"

// A sanitizer has an allocator of its own, of which mallinfo2() knows nothing. GCC 12 installs no
// header for it. Its name is reserved, since it is the compiler's own.
#ifdef SEMCACHED_SANITIZER
extern "C" size_t
__sanitizer_get_current_allocated_bytes();  // NOLINT(bugprone-reserved-identifier)
#endif

namespace semcached::peers {
namespace {

using Clock = std::chrono::steady_clock;

constexpr size_t kChanges = 500;

// Of a slow peer fewer queries are asked in a round, but so many.
constexpr double kRoundSeconds = 1;
constexpr size_t kLeastAsked = 20;

double Seconds(Clock::time_point since) {
  return std::chrono::duration<double>(Clock::now() - since).count();
}

void MeasureChanges(Peer* peer, const Collection& collection, PeerFigures* figures) {
  const size_t count = std::min(kChanges, collection.misses.size());
  const size_t first = collection.stored.size();
  Clock::time_point begin = Clock::now();
  for (size_t i = 0; i < count; ++i) {
    if (!peer->Insert(first + i, collection.misses[i])) return;
  }
  figures->insert_micros = Seconds(begin) * 1e6 / static_cast<double>(count);
  begin = Clock::now();
  for (size_t i = 0; i < count; ++i) {
    if (!peer->Erase(first + i)) return;
  }
  figures->erase_micros = Seconds(begin) * 1e6 / static_cast<double>(count);
}

}  // namespace

double AllocatedBytes() {
#ifdef SEMCACHED_SANITIZER
  return static_cast<double>(__sanitizer_get_current_allocated_bytes());
#else
  const struct mallinfo2 info = mallinfo2();
  return static_cast<double>(info.uordblks + info.hblkhd);
#endif
}

double Recall(Peer* peer, const Collection& collection, size_t first) {
  size_t found = 0;
  for (size_t i = 0; i < collection.hits.size(); ++i) {
    const Proposals proposals = peer->Propose(collection.hits[i], kLeast);
    // Equal texts have equal vectors: either is right.
    const Vector& nearest = collection.stored[collection.nearest_of_hits[i]];
    found += std::any_of(proposals.begin(), proposals.end(), [&](size_t id) {
      const size_t position = id - first;
      return position < collection.stored.size() && collection.stored[position] == nearest;
    });
  }
  return static_cast<double>(found) / static_cast<double>(collection.hits.size());
}

double MicrosAQuery(Peer* peer, const std::vector<Vector>& queries) {
  size_t proposed = 0;
  size_t asked = 0;
  const Clock::time_point begin = Clock::now();
  while (asked < queries.size() && (asked < kLeastAsked || Seconds(begin) < kRoundSeconds)) {
    proposed += peer->Propose(queries[asked++], kLeast).size();
  }
  const double micros = Seconds(begin) * 1e6 / static_cast<double>(asked);
  if (proposed > asked * kMostProposals) std::abort();  // the compiler must ask them all
  return micros;
}

std::vector<PeerFigures> Measure(const std::vector<PeerKind>& kinds, const Collection& collection,
                                 int rounds) {
  std::vector<PeerFigures> all;
  std::vector<std::unique_ptr<Peer>> peers;
  const size_t entries = collection.stored.size();
  for (const PeerKind& kind : kinds) {
    if (kind.most_entries != 0 && entries > kind.most_entries) continue;
    PeerFigures figures;
    figures.name = kind.name;
    std::cerr << entries << " entries: builds " << kind.name << std::flush;
    const double before = AllocatedBytes();
    const Clock::time_point begin = Clock::now();
    std::unique_ptr<Peer> peer = kind.make(collection.stored.front().size());
    peer->Build(collection.stored);
    figures.build_seconds = Seconds(begin);
    figures.bytes_per_entry = (AllocatedBytes() - before) / static_cast<double>(entries);
    for (const int effort : kind.efforts) {
      peer->SetEffort(effort);
      figures.effort = effort;
      figures.recall = Recall(peer.get(), collection);
      if (figures.recall >= kWantedRecall) break;
    }
    std::cerr << ": " << figures.build_seconds << " s, recall " << figures.recall << "\n";
    all.push_back(figures);
    peers.push_back(std::move(peer));
  }
  for (int round = 0; round < rounds; ++round) {
    for (size_t i = 0; i < peers.size(); ++i) {
      all[i].hit_micros.push_back(MicrosAQuery(peers[i].get(), collection.hits));
      all[i].miss_micros.push_back(MicrosAQuery(peers[i].get(), collection.misses));
    }
  }
  for (size_t i = 0; i < peers.size(); ++i) {
    MeasureChanges(peers[i].get(), collection, &all[i]);
  }
  return all;
}

}  // namespace semcached::peers
