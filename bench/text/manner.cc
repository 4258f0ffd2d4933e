#include "text/manner.h"

#include <absl/strings/str_cat.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <thread>
#include <utility>

#include "semcached/base/status.h"

namespace semcached::text {

absl::StatusOr<std::vector<Manner>> MakeManners(const std::string& model_dir, int cpus) {
  const auto make = [&](std::string name, int callers, int sessions,
                        int threads) -> absl::StatusOr<Manner> {
    Manner manner{std::move(name), static_cast<size_t>(callers), {}};
    for (int i = 0; i < sessions; ++i) {
      ASSIGN_OR_RETURN(auto session, MakeBatchEmbedder(model_dir, threads));
      manner.sessions.push_back(std::move(session));
    }
    return manner;
  };
  std::vector<Manner> manners;
  ASSIGN_OR_RETURN(Manner alone, make("one thread", 1, 1, 1));
  manners.push_back(std::move(alone));
  if (cpus == 1) return manners;
  ASSIGN_OR_RETURN(Manner shared, make(absl::StrCat(cpus, " callers of one session"), cpus, 1, 1));
  manners.push_back(std::move(shared));
  ASSIGN_OR_RETURN(Manner each, make(absl::StrCat(cpus, " sessions"), cpus, cpus, 1));
  manners.push_back(std::move(each));
  ASSIGN_OR_RETURN(Manner inner, make(absl::StrCat(cpus, " threads a run"), 1, 1, cpus));
  manners.push_back(std::move(inner));
  return manners;
}

double Throughput(const Manner& manner, absl::Span<const std::string> texts, size_t batch) {
  std::atomic<size_t> next{0};
  const auto work = [&](size_t caller) {
    BatchEmbedder& session = *manner.sessions[caller % manner.sessions.size()];
    for (size_t i = next.fetch_add(batch); i < texts.size(); i = next.fetch_add(batch)) {
      session.Embed(texts.subspan(i, batch));
    }
  };
  const auto begin = std::chrono::steady_clock::now();
  std::vector<std::thread> others;
  for (size_t caller = 1; caller < manner.callers; ++caller) others.emplace_back(work, caller);
  work(0);
  for (std::thread& other : others) other.join();
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  return static_cast<double>(texts.size()) / took.count();
}

double LeastCosine(BatchEmbedder* session, absl::Span<const std::string> texts, size_t batch) {
  double least = 1;
  for (size_t begin = 0; begin < texts.size(); begin += batch) {
    const auto together = session->Embed(texts.subspan(begin, batch));
    for (size_t i = 0; i < together.size(); ++i) {
      const auto alone = session->Embed(texts.subspan(begin + i, 1));
      double dot = 0;
      for (size_t c = 0; c < alone[0].size(); ++c) {
        dot += static_cast<double>(alone[0][c]) * together[i][c];
      }
      least = std::min(least, dot);
    }
  }
  return least;
}

}  // namespace semcached::text
