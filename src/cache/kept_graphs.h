#ifndef SEMCACHED_SRC_CACHE_KEPT_GRAPHS_H_
#define SEMCACHED_SRC_CACHE_KEPT_GRAPHS_H_

#include <map>
#include <memory>
#include <set>
#include <string>

#include "semcached/base/metrics.h"
#include "semcached/index/vector_index.h"

namespace semcached {

// Where the graphs of all indexes outlive the process: a directory a category, in it one for each
// embedding identity. Thread-safe.
class KeptGraphs {
 public:
  // `root` empty: nowhere. `metrics` outlives the indexes, and their builds.
  KeptGraphs(std::string root, Metrics* metrics);

  // Has the index of these options keep its graphs.
  void Keep(const std::string& category, const std::string& identity, IndexOptions* options) const;

  // Removes what is kept of others than these identities by category.
  void RemoveAllBut(const std::map<std::string, std::set<std::string>>& wanted) const;

 private:
  const std::string root_;
  using Counters = std::map<GraphFileOutcome, Counter>;
  std::shared_ptr<const Counters> counters_;  // outlives this, as builds do
};

}  // namespace semcached

#endif  // SEMCACHED_SRC_CACHE_KEPT_GRAPHS_H_
