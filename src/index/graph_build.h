// Builds the graph of one scope, aside.
#ifndef SEMCACHED_SRC_INDEX_GRAPH_BUILD_H_
#define SEMCACHED_SRC_INDEX_GRAPH_BUILD_H_

#include <memory>
#include <utility>

#include "index/index_state.h"

namespace semcached {

// While one lives, its partition counts as building; so a task that an executor drops ends the
// build as well as one that it runs.
class GraphBuild {
 public:
  GraphBuild(std::weak_ptr<IndexState> state, std::shared_ptr<Partition> partition)
      : state_(std::move(state)), partition_(std::move(partition)) {}
  ~GraphBuild() { End(); }
  GraphBuild(const GraphBuild&) = delete;
  GraphBuild& operator=(const GraphBuild&) = delete;

  // Does nothing once the index is gone.
  void Run();

 private:
  // Of what is kept of an earlier run, or else linked anew; `graph` is null if neither could be.
  BuiltGraph PutInPlace(const GraphFiles& files, bool* restored);
  void End();

  const std::weak_ptr<IndexState> state_;
  const std::shared_ptr<Partition> partition_;
  bool adopted_ = false;
  bool ended_ = false;
  bool unread_file_ = false;
};

}  // namespace semcached

#endif  // SEMCACHED_SRC_INDEX_GRAPH_BUILD_H_
