#include "semcached/embed/onnx_embedder.h"

#include <absl/strings/escaping.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <onnxruntime_cxx_api.h>
#include <sodium.h>

#include <algorithm>
#include <array>
#include <exception>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <utility>

#include "embed/texts.h"
#include "embed/unit_length.h"
#include "embed/wordpiece.h"
#include "semcached/base/status.h"

namespace semcached {
namespace {

constexpr const char* kOutput = "last_hidden_state";
constexpr const char* kRemedy = "; scripts/install.sh fetches a model, or configure another path";

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

// One a process, never destroyed: sessions may outlive static objects.
const Ort::Env& Environment() {
  static const auto* const kEnvironment = new Ort::Env(ORT_LOGGING_LEVEL_FATAL, "semcached");
  return *kEnvironment;
}

Ort::SessionOptions SessionOptions(int threads) {
  Ort::SessionOptions options;
  options.SetIntraOpNumThreads(threads);
  options.SetInterOpNumThreads(1);
  options.SetExecutionMode(ORT_SEQUENTIAL);
  // A sidecar leaves the cores it does not need to its neighbours.
  options.AddConfigEntry("session.intra_op.allow_spinning", "0");
  // Both keep memory for every length of text ever seen; without them a text takes no longer
  // (measured: within noise from 4 to 512 tokens).
  options.DisableCpuMemArena();
  options.DisableMemPattern();
  return options;
}

// The mean of the token vectors, at length 1.
std::optional<std::vector<float>> Pool(const float* tokens, size_t count, size_t dimension) {
  std::vector<double> sums(dimension, 0.0);
  for (size_t token = 0; token < count; ++token) {
    for (size_t i = 0; i < dimension; ++i) sums[i] += tokens[token * dimension + i];
  }
  return UnitLength(sums);
}

class OnnxEmbedder final : public Embedder {
 public:
  // Throws what Ort throws.
  OnnxEmbedder(const std::string& model, WordPiece tokenizer, const OnnxEmbedderOptions& options)
      : tokenizer_(std::move(tokenizer)),
        max_tokens_(static_cast<size_t>(options.max_tokens)),
        session_(Environment(), model.data(), model.size(), SessionOptions(options.threads)) {
    Ort::AllocatorWithDefaultOptions allocator;
    for (size_t i = 0; i < session_.GetInputCount(); ++i) {
      inputs_.emplace_back(session_.GetInputNameAllocated(i, allocator).get());
    }
    for (size_t i = 0; i < session_.GetOutputCount(); ++i) {
      outputs_.emplace_back(session_.GetOutputNameAllocated(i, allocator).get());
    }
  }

  // What must hold before Embed may be called. The trial also warms the model up, with as many
  // tokens and as high a token number as it will ever see. May throw.
  absl::Status Prepare(const std::string& path, const std::string& hash) {
    for (const std::string& input : inputs_) {
      if (input != "input_ids" && input != "attention_mask" && input != "token_type_ids") {
        return Wrong(path, absl::StrCat("has an input ", input, ", so it is no BERT-like encoder"));
      }
    }
    if (std::find(outputs_.begin(), outputs_.end(), kOutput) == outputs_.end()) {
      return Wrong(
          path, absl::StrCat("has no output ", kOutput, ", only ", absl::StrJoin(outputs_, ", ")));
    }
    std::vector<int64_t> trial(max_tokens_, tokenizer_.largest_id());
    const std::vector<Ort::Value> results = Run(&trial);
    const std::vector<int64_t> shape = results[0].GetTensorTypeAndShapeInfo().GetShape();
    if (shape.size() != 3 || shape[1] != static_cast<int64_t>(max_tokens_) || shape[2] < 1) {
      return Wrong(path, absl::StrCat(kOutput, " is not one vector for each token"));
    }
    dimension_ = static_cast<size_t>(shape[2]);
    identity_ =
        absl::StrCat(std::filesystem::path(path).stem().string(), "@", hash, "/", dimension_);
    return absl::OkStatus();
  }

  const std::string& identity() const override { return identity_; }
  size_t dimension() const override { return dimension_; }
  bool is_local() const override { return true; }

  // One text a run. A batch would take a third less time a text, but a quantised model chooses its
  // scales over the whole batch: beside other texts a vector moves (measured: cosine 0.990 to
  // itself alone), and then a query would not find its own answer.
  absl::StatusOr<std::vector<std::vector<float>>> Embed(absl::Span<const std::string_view> texts,
                                                        const Call& call) override {
    RETURN_IF_ERROR(CheckTexts(texts));
    std::vector<std::vector<float>> vectors;
    vectors.reserve(texts.size());
    for (const std::string_view text : texts) {
      RETURN_IF_ERROR(call.Check());
      // One token more than fits shows that the text was cut.
      std::vector<int64_t> ids = tokenizer_.Encode(text, max_tokens_ + 1);
      if (!Represents(ids)) {
        vectors.emplace_back();
        continue;
      }
      ASSIGN_OR_RETURN(std::vector<float> vector, EmbedTokens(&ids));
      vectors.push_back(std::move(vector));
    }
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

  absl::StatusOr<std::vector<float>> EmbedTokens(std::vector<int64_t>* ids) {
    std::optional<std::vector<float>> vector;
    try {
      const std::vector<Ort::Value> results = Run(ids);
      vector = Pool(results[0].GetTensorData<float>(), ids->size(), dimension_);
    } catch (const std::exception&) {
      return absl::UnavailableError(
          absl::StrCat("the embedding model failed on a text of ", ids->size(), " tokens"));
    }
    if (!vector) {
      return absl::UnavailableError("the embedding model's answer has no direction");
    }
    return *std::move(vector);
  }

  // Thread-safe, as Ort's Run is. May throw.
  std::vector<Ort::Value> Run(std::vector<int64_t>* ids) {
    const std::array<int64_t, 2> shape = {1, static_cast<int64_t>(ids->size())};
    std::vector<int64_t> ones(ids->size(), 1);   // every token counts: nothing is padded
    std::vector<int64_t> zeros(ids->size(), 0);  // all of the first sentence
    const Ort::MemoryInfo memory =
        Ort::MemoryInfo::CreateCpu(OrtDeviceAllocator, OrtMemTypeDefault);
    std::vector<Ort::Value> values;
    std::vector<const char*> names;
    for (const std::string& input : inputs_) {
      std::vector<int64_t>* data = input == "input_ids"        ? ids
                                   : input == "attention_mask" ? &ones
                                                               : &zeros;
      values.push_back(Ort::Value::CreateTensor<int64_t>(memory, data->data(), data->size(),
                                                         shape.data(), shape.size()));
      names.push_back(input.c_str());
    }
    return session_.Run(Ort::RunOptions{nullptr}, names.data(), values.data(), values.size(),
                        &kOutput, 1);
  }

  const WordPiece tokenizer_;
  const size_t max_tokens_;
  Ort::Session session_;
  std::vector<std::string> inputs_;  // these four are constant once Prepare has returned
  std::vector<std::string> outputs_;
  std::string identity_;
  size_t dimension_ = 0;
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
  if (OrtGetApiBase()->GetApi(ORT_API_VERSION) == nullptr) {
    return absl::InvalidArgumentError(
        absl::StrCat("the ONNX Runtime library is version ", OrtGetApiBase()->GetVersionString(),
                     "; this program was built for API ", ORT_API_VERSION, " or later"));
  }
  ASSIGN_OR_RETURN(const std::string json, ReadFile(options.tokenizer_path));
  ASSIGN_OR_RETURN(const std::string model, ReadFile(options.model_path));
  absl::StatusOr<WordPiece> tokenizer = WordPiece::Parse(json);
  if (!tokenizer.ok()) return Wrong(options.tokenizer_path, tokenizer.status().message());

  std::unique_ptr<OnnxEmbedder> embedder;
  try {
    embedder = std::make_unique<OnnxEmbedder>(model, *std::move(tokenizer), options);
  } catch (const std::exception& error) {
    return Wrong(options.model_path, absl::StrCat("cannot be loaded: ", error.what()));
  }
  try {
    RETURN_IF_ERROR(embedder->Prepare(options.model_path, ShortHash(model)));
  } catch (const std::exception&) {
    return Wrong(options.model_path,
                 absl::StrCat("fails on a text of max_tokens = ", options.max_tokens,
                              " tokens: it takes fewer, or ", options.tokenizer_path,
                              " belongs to another model"));
  }
  return embedder;
}

}  // namespace semcached
