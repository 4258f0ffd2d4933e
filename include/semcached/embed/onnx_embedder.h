// A sentence encoder in this process: WordPiece, ONNX Runtime, mean pooling.
#ifndef SEMCACHED_EMBED_ONNX_EMBEDDER_H_
#define SEMCACHED_EMBED_ONNX_EMBEDDER_H_

#include <absl/status/statusor.h>

#include <memory>
#include <string>

#include "semcached/embed/embedder.h"

namespace semcached {

struct OnnxEmbedderOptions {
  std::string model_path;      // .onnx, a BERT-like encoder with last_hidden_state
  std::string tokenizer_path;  // Hugging Face tokenizer.json with a WordPiece model
  int max_tokens = 256;        // 3 to what the model takes; longer texts have no vector
  int threads = 1;             // of one inference
};

// The embedder's identity is "<stem of model_path>@<first 8 hex digits of the file's
// SHA-256>/<dim>". A text's vector does not depend on the texts it comes with. A deadline is looked
// at before each text; the inference of one text (1-2 ms for a question, 30 ms for 256 tokens) is
// not interrupted.
//
// NotFound, InvalidArgument: a file is missing or not what it should be; the message names it.
absl::StatusOr<std::unique_ptr<Embedder>> MakeOnnxEmbedder(const OnnxEmbedderOptions& options);

}  // namespace semcached

#endif  // SEMCACHED_EMBED_ONNX_EMBEDDER_H_
