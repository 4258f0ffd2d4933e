#ifndef SEMCACHED_TESTS_EMBED_MODELS_H_
#define SEMCACHED_TESTS_EMBED_MODELS_H_

#include <cstdlib>
#include <string>

#include "semcached/embed/onnx_embedder.h"

namespace semcached {

// Where scripts/install.sh put the real model. Without it the tests that need it fail: a skipped
// test looks like a passed one.
inline std::string ModelFile(const std::string& name) {
  const char* directory = std::getenv("SEMCACHED_MODEL_DIR");
  return std::string(directory == nullptr ? "SEMCACHED_MODEL_DIR-is-not-set" : directory) + "/" +
         name;
}

inline OnnxEmbedderOptions RealModel() {
  OnnxEmbedderOptions options;
  options.model_path = ModelFile("all-MiniLM-L6-v2.onnx");
  options.tokenizer_path = ModelFile("tokenizer.json");
  return options;
}

inline double Cosine(const std::vector<float>& a, const std::vector<float>& b) {
  double dot = 0;
  for (size_t i = 0; i < a.size(); ++i) dot += static_cast<double>(a[i]) * b[i];
  return dot;  // of vectors of length 1
}

}  // namespace semcached

#endif  // SEMCACHED_TESTS_EMBED_MODELS_H_
