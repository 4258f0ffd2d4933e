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
// SHA-256>/<dim>".
//
// At most so many inferences go on at once as there were usable CPUs for their threads when it was
// made. Texts that wait meanwhile, of one call or several, share the next ones: at most 16, and 256
// tokens, of about one length. A text's vector does not depend on the texts it comes with: models
// that move it beside others, as those that ONNX Runtime quantises dynamically do, are found out by
// a trial and embed one text a run.
//
// A deadline is looked at before each inference (2 ms for a question, 20 ms for 16 of them, 30 ms
// for 256 tokens), which is not interrupted.
//
// NotFound, InvalidArgument: a file is missing or not what it should be; the message names it.
absl::StatusOr<std::unique_ptr<Embedder>> MakeOnnxEmbedder(const OnnxEmbedderOptions& options);

}  // namespace semcached

#endif  // SEMCACHED_EMBED_ONNX_EMBEDDER_H_
