// An embedder that remembers what it embedded, over runs.
#ifndef SEMCACHED_EMBED_REMEMBERED_VECTORS_H_
#define SEMCACHED_EMBED_REMEMBERED_VECTORS_H_

#include <absl/container/flat_hash_map.h>
#include <absl/status/statusor.h>

#include <memory>
#include <string>
#include <vector>

#include "semcached/base/hash.h"
#include "semcached/embed/embedder.h"

namespace semcached {

// The file holds hashes of texts and vectors, in the machine's byte order; one of another embedder
// is started anew. With no name, or one that cannot be written, they are remembered for as long as
// this object lives. Not thread-safe.
class RememberedVectors final : public Embedder {
 public:
  RememberedVectors(std::unique_ptr<Embedder> embedder, std::string file);

  const std::string& identity() const override { return embedder_->identity(); }
  size_t dimension() const override { return embedder_->dimension(); }
  bool is_local() const override { return embedder_->is_local(); }
  absl::StatusOr<std::vector<std::vector<float>>> Embed(absl::Span<const std::string_view> texts,
                                                        const Call& call) override;

 private:
  void Load();

  const std::unique_ptr<Embedder> embedder_;
  const std::string file_;
  absl::flat_hash_map<Hash128, std::vector<float>> vectors_;
};

// The local model of `model_dir` (as scripts/install.sh lays it out), remembering in `file`. Errors
// as of MakeOnnxEmbedder.
absl::StatusOr<std::unique_ptr<Embedder>> OpenRememberedVectors(const std::string& model_dir,
                                                                const std::string& file);

}  // namespace semcached

#endif  // SEMCACHED_EMBED_REMEMBERED_VECTORS_H_
