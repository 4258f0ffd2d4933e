#include "semcached/embed/remembered_vectors.h"

#include <fstream>
#include <utility>

#include "semcached/base/status.h"
#include "semcached/embed/onnx_embedder.h"

namespace semcached {
namespace {

void Write(const Hash128& hash, const std::vector<float>& vector, std::ostream* output) {
  output->write(reinterpret_cast<const char*>(&hash), sizeof(hash));
  output->write(reinterpret_cast<const char*>(vector.data()),
                static_cast<std::streamsize>(vector.size() * sizeof(float)));
}

}  // namespace

RememberedVectors::RememberedVectors(std::unique_ptr<Embedder> embedder, std::string file)
    : embedder_(std::move(embedder)), file_(std::move(file)) {
  Load();
}

void RememberedVectors::Load() {
  std::ifstream input(file_, std::ios::binary);
  std::string identity;
  if (!std::getline(input, identity) || identity != embedder_->identity()) {
    std::ofstream(file_, std::ios::binary | std::ios::trunc) << embedder_->identity() << '\n';
    return;
  }
  Hash128 hash;
  std::vector<float> vector(embedder_->dimension());
  const auto bytes = static_cast<std::streamsize>(vector.size() * sizeof(float));
  while (input.read(reinterpret_cast<char*>(&hash), sizeof(hash)) &&
         input.read(reinterpret_cast<char*>(vector.data()), bytes)) {
    vectors_[hash] = vector;
  }
}

absl::StatusOr<std::vector<std::vector<float>>> RememberedVectors::Embed(
    absl::Span<const std::string_view> texts, const Call& call) {
  std::ofstream output(file_, std::ios::binary | std::ios::app);
  std::vector<std::vector<float>> vectors;
  vectors.reserve(texts.size());
  for (const std::string_view text : texts) {
    const Hash128 hash = KeyedHash(HashKey{}, text);
    auto found = vectors_.find(hash);
    if (found == vectors_.end()) {
      ASSIGN_OR_RETURN(std::vector<std::vector<float>> made, embedder_->Embed({&text, 1}, call));
      found = vectors_.emplace(hash, std::move(made.front())).first;
      if (!found->second.empty()) Write(hash, found->second, &output);
    }
    vectors.push_back(found->second);
  }
  return vectors;
}

absl::StatusOr<std::unique_ptr<Embedder>> OpenRememberedVectors(const std::string& model_dir,
                                                                const std::string& file) {
  OnnxEmbedderOptions onnx;
  onnx.model_path = model_dir + "/all-MiniLM-L6-v2.onnx";
  onnx.tokenizer_path = model_dir + "/tokenizer.json";
  ASSIGN_OR_RETURN(std::unique_ptr<Embedder> model, MakeOnnxEmbedder(onnx));
  return std::make_unique<RememberedVectors>(std::move(model), file);
}

}  // namespace semcached
