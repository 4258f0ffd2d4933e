#include "text/batch_embedder.h"

#include <absl/strings/str_cat.h>

#include <cstdlib>
#include <iostream>

#include "integration/process.h"
#include "semcached/base/status.h"
#include "text/bench_texts.h"

namespace semcached::text {

std::vector<std::vector<float>> BatchEmbedder::Embed(absl::Span<const std::string> texts) {
  std::vector<SentenceEncoder::Tokens> tokens;
  for (const std::string& text : texts) tokens.push_back(tokenizer_.Encode(text, kMostTokens));
  std::vector<const SentenceEncoder::Tokens*> run;
  run.reserve(tokens.size());
  for (const SentenceEncoder::Tokens& text : tokens) run.push_back(&text);
  absl::StatusOr<SentenceEncoder::Vectors> vectors = encoder_->Encode(run);
  if (!vectors.ok()) {
    std::cerr << vectors.status().message() << "\n";
    std::abort();
  }
  return *std::move(vectors);
}

absl::StatusOr<std::unique_ptr<BatchEmbedder>> MakeBatchEmbedder(const std::string& model_dir,
                                                                 int threads) {
  ASSIGN_OR_RETURN(WordPiece tokenizer,
                   WordPiece::Parse(ReadFileOrEmpty(model_dir + "/tokenizer.json")));
  const std::string model = model_dir + "/all-MiniLM-L6-v2.onnx";
  auto encoder =
      MakeSentenceEncoder(ReadFileOrEmpty(model), threads, kMostTokens, tokenizer.largest_id());
  if (!encoder.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat(model, ": ", encoder.status().message(), "; scripts/install.sh fetches it"));
  }
  return std::make_unique<BatchEmbedder>(std::move(tokenizer), *std::move(encoder));
}

}  // namespace semcached::text
