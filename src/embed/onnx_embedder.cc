#include "semcached/embed/onnx_embedder.h"

#include <absl/strings/escaping.h>
#include <absl/strings/str_cat.h>
#include <sodium.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <utility>

#include "embed/sentence_encoder.h"
#include "embed/shared_runs.h"
#include "embed/stand_alone.h"
#include "embed/texts.h"
#include "embed/wordpiece.h"
#include "semcached/base/clock.h"
#include "semcached/base/cpus.h"
#include "semcached/base/log.h"
#include "semcached/base/status.h"

namespace semcached {
namespace {

constexpr const char* kRemedy = "; scripts/install.sh fetches a model, or configure another path";

// With more texts a run gains next to nothing, and the first of them waits for all; with more
// tokens what it works on leaves the caches (measured: 256 are better than 128 and 512).
constexpr size_t kMostTextsOfARun = 16;
constexpr size_t kMostTokensOfARun = 256;

absl::Status Wrong(const std::string& path, const absl::AlphaNum& what) {
  return absl::InvalidArgumentError(absl::StrCat(path, ": ", what, kRemedy));
}

absl::StatusOr<std::string> ReadFile(const std::string& path) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error)) {
    return absl::NotFoundError(absl::StrCat(path, ": no such file", kRemedy));
  }
  std::ifstream file(path, std::ios::binary);
  std::ostringstream content;
  content << file.rdbuf();
  if (!file || !content) return absl::InvalidArgumentError(absl::StrCat(path, ": cannot be read"));
  return std::move(content).str();
}

// The first 8 hex digits of its SHA-256.
std::string ShortHash(std::string_view bytes) {
  std::string hash(crypto_hash_sha256_BYTES, '\0');
  crypto_hash_sha256(reinterpret_cast<unsigned char*>(hash.data()),
                     reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
  return absl::BytesToHexString(hash.substr(0, 4));
}

class OnnxEmbedder final : public Embedder {
 public:
  OnnxEmbedder(std::string identity, WordPiece tokenizer, size_t max_tokens,
               std::unique_ptr<SentenceEncoder> encoder, const SharedRuns::Limits& limits)
      : identity_(std::move(identity)),
        tokenizer_(std::move(tokenizer)),
        max_tokens_(max_tokens),
        encoder_(std::move(encoder)),
        runs_(encoder_.get(), limits, &SystemClock()) {}

  const std::string& identity() const override { return identity_; }
  size_t dimension() const override { return encoder_->dimension(); }
  bool is_local() const override { return true; }

  absl::StatusOr<std::vector<std::vector<float>>> Embed(absl::Span<const std::string_view> texts,
                                                        const Call& call) override {
    RETURN_IF_ERROR(CheckTexts(texts));
    RETURN_IF_ERROR(call.Check());
    std::vector<std::vector<float>> vectors(texts.size());
    std::vector<size_t> places;
    std::vector<SharedRuns::Tokens> represented;
    for (size_t i = 0; i < texts.size(); ++i) {
      // One token more than fits shows that the text was cut.
      std::vector<int64_t> ids = tokenizer_.Encode(texts[i], max_tokens_ + 1);
      if (!Represents(ids)) continue;
      places.push_back(i);
      represented.push_back(std::move(ids));
    }
    ASSIGN_OR_RETURN(std::vector<std::vector<float>> made, runs_.Run(represented, call));
    for (size_t i = 0; i < places.size(); ++i) vectors[places[i]] = std::move(made[i]);
    return vectors;
  }

 private:
  // Texts that differ only behind the cut, or only in words that are all [UNK], would have one and
  // the same vector: they would be taken for paraphrases at similarity 1.
  bool Represents(const std::vector<int64_t>& ids) const {
    const bool has_words = ids.size() > 2;  // beside [CLS] and [SEP]
    return has_words && ids.size() <= max_tokens_ &&
           std::find(ids.begin(), ids.end(), tokenizer_.unknown_id()) == ids.end();
  }

  const std::string identity_;
  const WordPiece tokenizer_;
  const size_t max_tokens_;
  const std::unique_ptr<SentenceEncoder> encoder_;
  SharedRuns runs_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Embedder>> MakeOnnxEmbedder(const OnnxEmbedderOptions& options) {
  if (options.max_tokens < 3 || options.max_tokens > 8192) {
    return absl::InvalidArgumentError(
        absl::StrCat("max_tokens is ", options.max_tokens, "; allowed: 3 to 8192"));
  }
  if (options.threads < 1 || options.threads > 256) {
    return absl::InvalidArgumentError(
        absl::StrCat("threads is ", options.threads, "; allowed: 1 to 256"));
  }
  ASSIGN_OR_RETURN(const std::string json, ReadFile(options.tokenizer_path));
  ASSIGN_OR_RETURN(const std::string model, ReadFile(options.model_path));
  absl::StatusOr<WordPiece> tokenizer = WordPiece::Parse(json);
  if (!tokenizer.ok()) return Wrong(options.tokenizer_path, tokenizer.status().message());

  const auto max_tokens = static_cast<size_t>(options.max_tokens);
  const int64_t largest_id = tokenizer->largest_id();
  absl::StatusOr<std::unique_ptr<SentenceEncoder>> encoder =
      MakeSentenceEncoder(model, options.threads, max_tokens, largest_id);
  if (!encoder.ok()) return Wrong(options.model_path, encoder.status().message());

  std::string identity = absl::StrCat(std::filesystem::path(options.model_path).stem().string(),
                                      "@", ShortHash(model), "/", (*encoder)->dimension());
  SharedRuns::Limits limits;
  limits.at_once = static_cast<size_t>(std::max(1, UsableCpus() / options.threads));
  limits.most_texts = kMostTextsOfARun;
  limits.most_tokens = kMostTokensOfARun;
  if (!VectorsStandAlone(encoder->get(), largest_id, max_tokens)) {
    limits.most_texts = 1;
    LogWarning(
        "texts are embedded one a run: with several this model fails or moves their vectors; "
        "scripts/make_encoder.py of the sources makes one that does not",
        {{"model", options.model_path}});
  }
  return std::make_unique<OnnxEmbedder>(std::move(identity), *std::move(tokenizer), max_tokens,
                                        *std::move(encoder), limits);
}

}  // namespace semcached
