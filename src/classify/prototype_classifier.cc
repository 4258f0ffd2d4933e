#include <absl/status/status.h>
#include <absl/strings/str_cat.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "classify/prototype_score.h"
#include "semcached/classify/classifier.h"

namespace semcached {
namespace {

// Less similarity than this to a private category says nothing: it is not taken. Without that rule
// many texts that are like no example went to it (docs/classification.md).
constexpr float kResembles = 0.30f;

struct Candidate {
  std::string category;
  bool is_private = false;
  Prototype prototype;
};

class PrototypeClassifier final : public Classifier {
 public:
  PrototypeClassifier(std::vector<Candidate> candidates, PrototypeOptions options)
      : candidates_(std::move(candidates)), options_(std::move(options)) {}

  Classification Classify(absl::Span<const float> vector) const override {
    Classification result{options_.default_category, false, 0};
    if (candidates_.empty() || vector.size() != candidates_.front().prototype.dimension) {
      return result;
    }
    std::vector<float> scores;
    scores.reserve(candidates_.size());
    for (const Candidate& candidate : candidates_) {
      scores.push_back(PrototypeScore(candidate.prototype, vector));
    }
    const size_t chosen = Choose(scores);
    result.lead = scores[chosen] - BestBut(chosen, scores);
    // Nothing private is let go for want of a lead, only for want of any resemblance.
    result.sure = candidates_[chosen].is_private ? scores[chosen] >= kResembles
                                                 : result.lead >= options_.margin;
    if (result.sure) result.category = candidates_[chosen].category;
    return result;
  }

 private:
  // The best one, or the best private one if that comes close. Of equal ones the first.
  size_t Choose(const std::vector<float>& scores) const {
    const auto best =
        static_cast<size_t>(std::max_element(scores.begin(), scores.end()) - scores.begin());
    size_t chosen = best;
    for (size_t i = 0; i < scores.size(); ++i) {
      if (!candidates_[i].is_private || scores[i] < kResembles ||
          scores[i] < scores[best] - options_.private_margin) {
        continue;
      }
      if (!candidates_[chosen].is_private || scores[i] > scores[chosen]) chosen = i;
    }
    return chosen;
  }

  // A category alone is measured against a vector that has nothing to do with it.
  static float BestBut(size_t chosen, const std::vector<float>& scores) {
    float best = scores.size() == 1 ? 0.0f : -2.0f;
    for (size_t i = 0; i < scores.size(); ++i) {
      if (i != chosen) best = std::max(best, scores[i]);
    }
    return best;
  }

  const std::vector<Candidate> candidates_;
  const PrototypeOptions options_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Classifier>> MakePrototypeClassifier(
    const std::vector<PrototypeCategory>& categories, const PrototypeOptions& options) {
  std::vector<Candidate> candidates;
  size_t dimension = 0;
  for (const PrototypeCategory& category : categories) {
    for (size_t i = 0; i < category.examples.size(); ++i) {
      const std::vector<float>& example = category.examples[i];
      if (dimension == 0) dimension = example.size();
      if (example.empty() || example.size() != dimension) {
        return absl::InvalidArgumentError(
            absl::StrCat("category \"", category.category, "\": the vector of example ", i, " has ",
                         example.size(), " components; others have ", dimension));
      }
      if (!std::all_of(example.begin(), example.end(), [](float x) { return std::isfinite(x); })) {
        return absl::InvalidArgumentError(absl::StrCat("category \"", category.category,
                                                       "\": the vector of example ", i,
                                                       " holds a value that is not finite"));
      }
    }
    if (category.examples.empty()) continue;
    candidates.push_back(
        {category.category, category.is_private, MakePrototype(category.examples)});
  }
  return std::make_unique<PrototypeClassifier>(std::move(candidates), options);
}

}  // namespace semcached
