#include "cache/kept_graphs.h"

#include <absl/strings/str_cat.h>

#include <filesystem>
#include <system_error>
#include <utility>

#include "semcached/base/hash.h"

namespace semcached {
namespace {

namespace fs = std::filesystem;

// Identities have characters that no file should have; no secret is kept by this.
std::string DirectoryOf(const std::string& identity) { return Hex(KeyedHash(HashKey{}, identity)); }

template <typename IsWanted>
void RemoveDirectories(const fs::path& in, IsWanted is_wanted) {
  std::error_code error;
  for (fs::directory_iterator one(in, error); !error && one != fs::directory_iterator();
       one.increment(error)) {
    std::error_code ignored;
    if (!one->is_directory(ignored) || is_wanted(one->path().filename().string())) continue;
    fs::remove_all(one->path(), ignored);
  }
}

}  // namespace

KeptGraphs::KeptGraphs(std::string root, Metrics* metrics) : root_(std::move(root)) {
  Counters counters;
  for (const GraphFileOutcome outcome :
       {GraphFileOutcome::kRestored, GraphFileOutcome::kOutdated, GraphFileOutcome::kDamaged,
        GraphFileOutcome::kUnread, GraphFileOutcome::kWritten, GraphFileOutcome::kNotWritten}) {
    const MetricLabels labels = {{"outcome", Name(outcome)}};
    counters.emplace(
        outcome, metrics->AddCounter("semcached_graph_files_total",
                                     "What became of the files that graphs are kept in.", labels));
  }
  counters_ = std::make_shared<const Counters>(std::move(counters));
}

void KeptGraphs::Keep(const std::string& category, const std::string& identity,
                      IndexOptions* options) const {
  if (root_.empty()) return;
  options->graph_directory = absl::StrCat(root_, "/", category, "/", DirectoryOf(identity));
  options->on_graph_file = [counters = counters_](GraphFileOutcome outcome) {
    Counter counter = counters->at(outcome);
    counter.Add();
  };
}

void KeptGraphs::RemoveAllBut(const std::map<std::string, std::set<std::string>>& wanted) const {
  if (root_.empty()) return;
  RemoveDirectories(root_, [&](const std::string& name) { return wanted.contains(name); });
  for (const auto& [category, identities] : wanted) {
    std::set<std::string> names;
    for (const std::string& identity : identities) names.insert(DirectoryOf(identity));
    RemoveDirectories(fs::path(root_) / category,
                      [&](const std::string& name) { return names.contains(name); });
  }
}

}  // namespace semcached
