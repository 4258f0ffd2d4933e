#include "text/batch_embedder.h"

#include <absl/strings/str_cat.h>
#include <onnxruntime_cxx_api.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <utility>

#include "embed/unit_length.h"
#include "embed/wordpiece.h"
#include "integration/process.h"
#include "semcached/base/status.h"
#include "text/bench_texts.h"

namespace semcached::text {
namespace {

constexpr const char* kOutput = "last_hidden_state";

Ort::SessionOptions SessionOptions(int threads) {
  Ort::SessionOptions options;
  options.SetIntraOpNumThreads(threads);
  options.SetInterOpNumThreads(1);
  return options;
}

class OnnxBatchEmbedder final : public BatchEmbedder {
 public:
  // Throws what Ort throws.
  OnnxBatchEmbedder(const std::string& model, WordPiece tokenizer, int threads)
      : tokenizer_(std::move(tokenizer)),
        session_(environment_, model.c_str(), SessionOptions(threads)) {
    Ort::AllocatorWithDefaultOptions allocator;
    for (size_t i = 0; i < session_.GetInputCount(); ++i) {
      inputs_.emplace_back(session_.GetInputNameAllocated(i, allocator).get());
    }
  }

  std::vector<std::vector<float>> Embed(absl::Span<const std::string> texts) override {
    std::vector<std::vector<int64_t>> tokens;
    size_t longest = 0;
    for (const std::string& text : texts) {
      tokens.push_back(tokenizer_.Encode(text, kMostTokens));
      longest = std::max(longest, tokens.back().size());
    }
    std::vector<int64_t> ids(texts.size() * longest, 0);
    std::vector<int64_t> mask(ids.size(), 0);
    std::vector<int64_t> types(ids.size(), 0);
    for (size_t i = 0; i < tokens.size(); ++i) {
      const auto row = static_cast<std::ptrdiff_t>(i * longest);
      std::copy(tokens[i].begin(), tokens[i].end(), ids.begin() + row);
      std::fill_n(mask.begin() + row, tokens[i].size(), 1);
    }
    try {
      return Run({texts.size(), longest}, &ids, &mask, &types, tokens);
    } catch (const std::exception& error) {
      std::cerr << "the model failed on a batch of " << texts.size() << ": " << error.what()
                << "\n";
      std::abort();
    }
  }

 private:
  std::vector<std::vector<float>> Run(std::array<size_t, 2> size, std::vector<int64_t>* ids,
                                      std::vector<int64_t>* mask, std::vector<int64_t>* types,
                                      const std::vector<std::vector<int64_t>>& tokens) {
    const std::array<int64_t, 2> shape = {static_cast<int64_t>(size[0]),
                                          static_cast<int64_t>(size[1])};
    const Ort::MemoryInfo memory =
        Ort::MemoryInfo::CreateCpu(OrtDeviceAllocator, OrtMemTypeDefault);
    std::vector<Ort::Value> values;
    std::vector<const char*> names;
    for (const std::string& input : inputs_) {
      std::vector<int64_t>* data = input == "input_ids"        ? ids
                                   : input == "attention_mask" ? mask
                                                               : types;
      values.push_back(Ort::Value::CreateTensor<int64_t>(memory, data->data(), data->size(),
                                                         shape.data(), shape.size()));
      names.push_back(input.c_str());
    }
    const std::vector<Ort::Value> results = session_.Run(Ort::RunOptions{nullptr}, names.data(),
                                                         values.data(), values.size(), &kOutput, 1);
    const auto dimension =
        static_cast<size_t>(results[0].GetTensorTypeAndShapeInfo().GetShape().at(2));
    const float* row = results[0].GetTensorData<float>();
    std::vector<std::vector<float>> vectors;
    for (const std::vector<int64_t>& one : tokens) {
      std::vector<double> sums(dimension, 0.0);
      for (size_t token = 0; token < one.size(); ++token) {
        for (size_t i = 0; i < dimension; ++i) sums[i] += row[token * dimension + i];
      }
      vectors.push_back(UnitLength(sums).value_or(std::vector<float>()));
      row += size[1] * dimension;
    }
    return vectors;
  }

  const WordPiece tokenizer_;
  const Ort::Env environment_{ORT_LOGGING_LEVEL_FATAL, "bench"};  // outlives the session
  Ort::Session session_;
  std::vector<std::string> inputs_;  // constant once made
};

}  // namespace

absl::StatusOr<std::unique_ptr<BatchEmbedder>> MakeBatchEmbedder(const std::string& model_dir,
                                                                 int threads) {
  ASSIGN_OR_RETURN(WordPiece tokenizer,
                   WordPiece::Parse(ReadFileOrEmpty(model_dir + "/tokenizer.json")));
  const std::string model = model_dir + "/all-MiniLM-L6-v2.onnx";
  try {
    return std::make_unique<OnnxBatchEmbedder>(model, std::move(tokenizer), threads);
  } catch (const std::exception& error) {
    return absl::InvalidArgumentError(absl::StrCat(model, ": cannot be loaded: ", error.what(),
                                                   "; scripts/install.sh fetches it"));
  }
}

}  // namespace semcached::text
