#include "verify/network_training.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "semcached/base/status.h"
#include "verify/dice.h"
#include "verify/layer_kernel.h"
#include "verify/network.h"

namespace semcached::verify {
namespace {

// Weights and what Adam remembers of them.
struct Parameters {
  explicit Parameters(size_t count)
      : weights(count, 0.0F), gradient(count, 0.0F), mean(count, 0.0F), square(count, 0.0F) {}

  void Step(const AdamStep& step) {
    ActiveLayerKernels().adam(gradient.data(), weights.size(), step, weights.data(), mean.data(),
                              square.data());
  }

  std::vector<float> weights;
  std::vector<float> gradient;
  std::vector<float> mean;
  std::vector<float> square;
};

class Trainer {
 public:
  Trainer(const Samples& samples, const NetworkOptions& options)
      : samples_(samples),
        options_(options),
        dice_(options.seed),
        hidden_(samples.feature_count * kHidden),
        bias_(kHidden),
        output_(kHidden),
        output_bias_(1),
        sums_(options.batch * kHidden),
        deltas_(options.batch * kHidden) {
    // He's initialisation, by a uniform distribution of the same deviation.
    Fill(hidden_.weights, std::sqrt(6.0 / static_cast<double>(samples.feature_count)));
    Fill(output_.weights, std::sqrt(6.0 / static_cast<double>(kHidden)));
  }

  void Epoch(std::vector<size_t>& order) {
    dice_.Shuffle(order);
    for (size_t begin = 0; begin < order.size(); begin += options_.batch) {
      const size_t size = std::min(options_.batch, order.size() - begin);
      Batch(absl::MakeConstSpan(order).subspan(begin, size));
    }
  }

  VerifierNetwork Network() const {
    return {hidden_.weights, bias_.weights, output_.weights, output_bias_.weights[0]};
  }

 private:
  void Fill(std::vector<float>& weights, double reach) {
    for (float& weight : weights) weight = static_cast<float>((2 * dice_.Share() - 1) * reach);
  }

  void Batch(absl::Span<const size_t> rows) {
    const LayerKernels& kernels = ActiveLayerKernels();
    rows_.clear();
    for (const size_t row : rows) rows_.push_back(samples_.Row(row));
    std::fill(bias_.gradient.begin(), bias_.gradient.end(), 0.0F);
    std::fill(output_.gradient.begin(), output_.gradient.end(), 0.0F);
    output_bias_.gradient[0] = 0;
    for (size_t r = 0; r < rows.size(); ++r) {
      float* sums = sums_.data() + r * kHidden;
      std::copy(bias_.weights.begin(), bias_.weights.end(), sums);
      kernels.forward(rows_[r], samples_.feature_count, hidden_.weights.data(), sums);
      BackFrom(sums, samples_.labels[rows[r]], rows.size(), deltas_.data() + r * kHidden);
    }
    kernels.gradient(rows_.data(), deltas_.data(), rows.size(), samples_.feature_count,
                     hidden_.gradient.data());
    Step();
  }

  // Of one row: the gradients above the hidden layer, and at its sums.
  void BackFrom(const float* sums, uint8_t label, size_t rows, float* delta) {
    const float kept = 1 - options_.dropout;
    float units[kHidden];
    float logit = output_bias_.weights[0];
    for (size_t k = 0; k < kHidden; ++k) {
      const bool dropped = dice_.Share() < options_.dropout;
      units[k] = dropped ? 0 : std::max(sums[k], 0.0F) / kept;
      logit += units[k] * output_.weights[k];
    }
    const float error =
        (1 / (1 + std::exp(-logit)) - static_cast<float>(label)) / static_cast<float>(rows);
    output_bias_.gradient[0] += error;
    for (size_t k = 0; k < kHidden; ++k) {
      output_.gradient[k] += error * units[k];
      delta[k] = units[k] > 0 ? error * output_.weights[k] / kept : 0;
      bias_.gradient[k] += delta[k];
    }
  }

  void Step() {
    ++steps_;
    const double at = static_cast<double>(steps_);
    const double corrected = std::sqrt(1 - std::pow(0.999, at)) / (1 - std::pow(0.9, at));
    AdamStep step;
    step.rate = options_.rate * static_cast<float>(corrected);
    step.epsilon = 1e-8F;
    bias_.Step(step);
    output_bias_.Step(step);
    step.decay = options_.rate * options_.decay;
    hidden_.Step(step);
    output_.Step(step);
  }

  const Samples& samples_;
  const NetworkOptions options_;
  Dice dice_;
  Parameters hidden_;
  Parameters bias_;
  Parameters output_;
  Parameters output_bias_;
  std::vector<const float*> rows_;
  std::vector<float> sums_;
  std::vector<float> deltas_;
  int64_t steps_ = 0;
};

}  // namespace

Scaling MeasureScaling(const Samples& samples, absl::Span<const size_t> rows,
                       size_t first_unscaled) {
  const size_t count = samples.feature_count;
  const auto size = static_cast<double>(rows.size());
  std::vector<double> sums(count, 0);
  std::vector<double> squares(count, 0);
  for (const size_t row : rows) {
    for (size_t i = 0; i < count; ++i) sums[i] += samples.Row(row)[i];
  }
  for (const size_t row : rows) {
    for (size_t i = 0; i < count; ++i) {
      const double apart = samples.Row(row)[i] - sums[i] / size;
      squares[i] += apart * apart;
    }
  }
  Scaling scaling;
  for (size_t i = 0; i < count; ++i) {
    if (i >= first_unscaled) {
      scaling.means.push_back(0);
      scaling.factors.push_back(1);
      continue;
    }
    const double deviation = std::sqrt(squares[i] / size);
    scaling.means.push_back(static_cast<float>(sums[i] / size));
    // A feature that never changes says nothing; it must not explode when it does.
    scaling.factors.push_back(deviation > 1e-6 ? static_cast<float>(1 / deviation) : 0.0F);
  }
  return scaling;
}

void Scale(const Scaling& scaling, Samples& samples) {
  for (size_t row = 0; row < samples.labels.size(); ++row) {
    float* features = samples.Row(row);
    for (size_t i = 0; i < samples.feature_count; ++i) {
      features[i] = (features[i] - scaling.means[i]) * scaling.factors[i];
    }
  }
}

VerifierNetwork Unscaled(VerifierNetwork network, const Scaling& scaling) {
  std::vector<double> shift(kHidden, 0);
  for (size_t i = 0; i < scaling.means.size(); ++i) {
    for (size_t k = 0; k < kHidden; ++k) {
      float& weight = network.hidden[i * kHidden + k];
      weight *= scaling.factors[i];
      shift[k] += static_cast<double>(weight) * scaling.means[i];
    }
  }
  for (size_t k = 0; k < kHidden; ++k) network.hidden_bias[k] -= static_cast<float>(shift[k]);
  return network;
}

double Loss(const VerifierNetwork& network, const Samples& samples, absl::Span<const size_t> rows) {
  double sum = 0;
  for (const size_t row : rows) {
    const double logit = Logit(network, samples.Row(row), samples.feature_count);
    // log(1 + exp(-margin)) without overflow.
    const double margin = samples.labels[row] != 0 ? logit : -logit;
    sum += std::max(-margin, 0.0) + std::log1p(std::exp(-std::fabs(margin)));
  }
  return sum / static_cast<double>(rows.size());
}

absl::StatusOr<VerifierNetwork> TrainNetwork(const Samples& samples, absl::Span<const size_t> learn,
                                             absl::Span<const size_t> watch,
                                             const NetworkOptions& options, const Call& call) {
  Trainer trainer(samples, options);
  std::vector<size_t> order(learn.begin(), learn.end());
  VerifierNetwork best = trainer.Network();
  double least = Loss(best, samples, watch);
  size_t since = 0;
  for (size_t epoch = 0; epoch < options.epochs && since < options.patience; ++epoch) {
    RETURN_IF_ERROR(call.Check());
    trainer.Epoch(order);
    VerifierNetwork network = trainer.Network();
    const double loss = Loss(network, samples, watch);
    ++since;
    if (loss >= least) continue;
    least = loss;
    best = std::move(network);
    since = 0;
  }
  return best;
}

}  // namespace semcached::verify
