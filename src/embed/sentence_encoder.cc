#include "embed/sentence_encoder.h"

#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <onnxruntime_cxx_api.h>

#include <algorithm>
#include <array>
#include <exception>
#include <optional>
#include <utility>

#include "embed/unit_length.h"
#include "semcached/base/status.h"

namespace semcached {
namespace {

constexpr const char* kOutput = "last_hidden_state";

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
  // (measured: within noise from 4 to 512 tokens, and in runs of several texts).
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

// The texts of one run as the model takes them: a row each, as long as the longest.
struct Padded {
  explicit Padded(absl::Span<const SentenceEncoder::Tokens* const> texts) : rows(texts.size()) {
    for (const SentenceEncoder::Tokens* text : texts) columns = std::max(columns, text->size());
    ids.resize(rows * columns, 0);
    counts.resize(ids.size(), 0);
    kinds.resize(ids.size(), 0);  // all of the first sentence
    for (size_t row = 0; row < rows; ++row) {
      const auto begin = static_cast<std::ptrdiff_t>(row * columns);
      std::copy(texts[row]->begin(), texts[row]->end(), ids.begin() + begin);
      std::fill_n(counts.begin() + begin, texts[row]->size(), 1);
    }
  }

  size_t rows;
  size_t columns = 0;
  std::vector<int64_t> ids;
  std::vector<int64_t> counts;  // 1: a token, 0: padding
  std::vector<int64_t> kinds;
};

class OnnxSentenceEncoder final : public SentenceEncoder {
 public:
  // Throws what Ort throws.
  OnnxSentenceEncoder(const std::string& model, int threads)
      : session_(Environment(), model.data(), model.size(), SessionOptions(threads)) {
    Ort::AllocatorWithDefaultOptions allocator;
    for (size_t i = 0; i < session_.GetInputCount(); ++i) {
      inputs_.emplace_back(session_.GetInputNameAllocated(i, allocator).get());
    }
    for (size_t i = 0; i < session_.GetOutputCount(); ++i) {
      outputs_.emplace_back(session_.GetOutputNameAllocated(i, allocator).get());
    }
  }

  // What must hold before Encode may be called. May throw.
  absl::Status Try(size_t max_tokens, int64_t largest_id) {
    for (const std::string& input : inputs_) {
      if (input != "input_ids" && input != "attention_mask" && input != "token_type_ids") {
        return absl::InvalidArgumentError(
            absl::StrCat("has an input ", input, ", so it is no BERT-like encoder"));
      }
    }
    if (std::find(outputs_.begin(), outputs_.end(), kOutput) == outputs_.end()) {
      return absl::InvalidArgumentError(
          absl::StrCat("has no output ", kOutput, ", only ", absl::StrJoin(outputs_, ", ")));
    }
    const Tokens trial(max_tokens, largest_id);
    const std::array<const Tokens*, 1> texts = {&trial};
    Padded padded(texts);
    const std::vector<Ort::Value> results = Run(&padded);
    const std::vector<int64_t> shape = results[0].GetTensorTypeAndShapeInfo().GetShape();
    if (shape.size() == 3) dimension_ = static_cast<size_t>(shape[2]);
    if (dimension_ == 0 || !IsAVectorForEachToken(results[0], padded)) {
      return absl::InvalidArgumentError(
          absl::StrCat(kOutput, " is not one vector of floats for each token"));
    }
    return absl::OkStatus();
  }

  size_t dimension() const override { return dimension_; }

  absl::StatusOr<Vectors> Encode(absl::Span<const Tokens* const> texts) override {
    try {
      Padded padded(texts);
      const std::vector<Ort::Value> results = Run(&padded);
      // A model may give fewer for several texts than for the one that it was tried with.
      if (!IsAVectorForEachToken(results[0], padded)) {
        return absl::UnavailableError("the embedding model gives no vector for each token");
      }
      const float* row = results[0].GetTensorData<float>();
      Vectors vectors;
      for (const Tokens* text : texts) {
        std::optional<std::vector<float>> vector = Pool(row, text->size(), dimension_);
        if (!vector) {
          return absl::UnavailableError("the embedding model's answer has no direction");
        }
        vectors.push_back(*std::move(vector));
        row += padded.columns * dimension_;
      }
      return vectors;
    } catch (const std::exception&) {
      return absl::UnavailableError("the embedding model failed");
    }
  }

 private:
  bool IsAVectorForEachToken(const Ort::Value& result, const Padded& texts) const {
    const auto info = result.GetTensorTypeAndShapeInfo();
    const std::vector<int64_t> expected = {static_cast<int64_t>(texts.rows),
                                           static_cast<int64_t>(texts.columns),
                                           static_cast<int64_t>(dimension_)};
    return info.GetElementType() == ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT &&
           info.GetShape() == expected;
  }

  // Thread-safe, as Ort's Run is. May throw.
  std::vector<Ort::Value> Run(Padded* texts) {
    const std::array<int64_t, 2> shape = {static_cast<int64_t>(texts->rows),
                                          static_cast<int64_t>(texts->columns)};
    const Ort::MemoryInfo memory =
        Ort::MemoryInfo::CreateCpu(OrtDeviceAllocator, OrtMemTypeDefault);
    std::vector<Ort::Value> values;
    std::vector<const char*> names;
    for (const std::string& input : inputs_) {
      std::vector<int64_t>* data = input == "input_ids"        ? &texts->ids
                                   : input == "attention_mask" ? &texts->counts
                                                               : &texts->kinds;
      values.push_back(Ort::Value::CreateTensor<int64_t>(memory, data->data(), data->size(),
                                                         shape.data(), shape.size()));
      names.push_back(input.c_str());
    }
    return session_.Run(Ort::RunOptions{nullptr}, names.data(), values.data(), values.size(),
                        &kOutput, 1);
  }

  Ort::Session session_;
  std::vector<std::string> inputs_;  // these three are constant once Try has returned
  std::vector<std::string> outputs_;
  size_t dimension_ = 0;
};

}  // namespace

absl::StatusOr<std::unique_ptr<SentenceEncoder>> MakeSentenceEncoder(const std::string& model,
                                                                     int threads, size_t max_tokens,
                                                                     int64_t largest_id) {
  if (OrtGetApiBase()->GetApi(ORT_API_VERSION) == nullptr) {
    return absl::InvalidArgumentError(
        absl::StrCat("the ONNX Runtime library is version ", OrtGetApiBase()->GetVersionString(),
                     "; this program was built for API ", ORT_API_VERSION, " or later"));
  }
  std::unique_ptr<OnnxSentenceEncoder> encoder;
  try {
    encoder = std::make_unique<OnnxSentenceEncoder>(model, threads);
  } catch (const std::exception& error) {
    return absl::InvalidArgumentError(absl::StrCat("cannot be loaded: ", error.what()));
  }
  try {
    RETURN_IF_ERROR(encoder->Try(max_tokens, largest_id));
  } catch (const std::exception&) {
    return absl::InvalidArgumentError(
        absl::StrCat("fails on a text of max_tokens = ", max_tokens,
                     " tokens: it takes fewer, or the tokenizer belongs to another model"));
  }
  return encoder;
}

}  // namespace semcached
