#include "policy/policy_gauges.h"

#include <algorithm>
#include <limits>

#include "policy/compile.h"
#include "semcached/base/utf8.h"

namespace semcached {
namespace {

constexpr char kOther[] = "_other";
constexpr double kNotApplicable = std::numeric_limits<double>::quiet_NaN();

}  // namespace

void PolicyGauges::ShowModels(const LoadFactors& load_factors) {
  double other = 0;
  for (const auto& [model, load_factor] : load_factors) {
    if (models_.contains(model) || load_factor <= 0) continue;
    if (MayHaveLabel(model, models_.size())) {
      models_.emplace(model, MakeModelGauge(model));
    } else {
      other = std::max(other, load_factor);
      if (!other_models_) other_models_ = MakeModelGauge(kOther);
    }
  }
  for (auto& [model, gauge] : models_) {
    const auto found = load_factors.find(model);
    gauge.Set(found == load_factors.end() ? 0 : found->second);
  }
  if (other_models_) other_models_->Set(other);
}

void PolicyGauges::ShowUtilizations(const SensorReadings& readings) {
  for (auto& [model, gauges] : utilizations_) {
    for (auto& [sensor, gauge] : gauges) gauge.Set(kNotApplicable);
  }
  for (const auto& [model, sensors] : readings) {
    for (const SensorReading& reading : sensors) {
      if (!reading.utilization) continue;
      auto of_model = utilizations_.find(model);
      if (of_model == utilizations_.end()) {
        if (!MayHaveLabel(model, utilizations_.size())) break;
        of_model = utilizations_.try_emplace(model).first;
      }
      auto gauge = of_model->second.find(reading.sensor);
      if (gauge == of_model->second.end()) {
        gauge = of_model->second
                    .emplace(reading.sensor,
                             metrics_->AddGauge("semcached_utilization",
                                                "How busy a model is, as a sensor tells; 1: all "
                                                "that it can work on at once.",
                                                {{"model", model}, {"sensor", reading.sensor}}))
                    .first;
      }
      gauge->second.Set(*reading.utilization);
    }
  }
}

void PolicyGauges::ShowCategories(const CategoryPolicySet& configured,
                                  const LoadFactors& load_factors,
                                  const CalibratedThresholds& calibrated) {
  for (const auto& [name, policy] : configured.categories) {
    ShowCategory(policy, load_factors, Find(calibrated, name));
  }
  for (auto& [name, gauges] : categories_) {
    if (configured.Find(name) == nullptr) ShowGone(&gauges);
  }
}

Gauge PolicyGauges::MakeModelGauge(const std::string& label) {
  return metrics_->AddGauge("semcached_load_factor",
                            "How far the load of a model moves policies, 0 to 1.",
                            {{"model", label}});
}

bool PolicyGauges::MayHaveLabel(const std::string& model, size_t count) {
  return count < kMaxModelLabels && !model.empty() && model != kOther && IsValidUtf8(model);
}

PolicyGauges::CategoryGauges& PolicyGauges::GaugesOf(const std::string& category) {
  const auto found = categories_.find(category);
  if (found != categories_.end()) return found->second;
  const MetricLabels labels = {{"category", category}};
  return categories_
      .emplace(
          category,
          CategoryGauges{metrics_->AddGauge(
                             "semcached_effective_threshold",
                             "The lowest similarity threshold in force, over all models.", labels),
                         metrics_->AddGauge("semcached_effective_ttl_seconds",
                                            "The longest TTL in force, over all models.", labels),
                         std::nullopt})
      .first->second;
}

void PolicyGauges::ShowCategory(const CategoryPolicy& policy, const LoadFactors& load_factors,
                                const CalibratedThreshold* calibrated) {
  CategoryGauges& gauges = GaugesOf(policy.category);
  const double worst = WorstLoadFactor(policy.adaptation, load_factors);
  // Threshold and TTL only grow looser with the load, so the worst model has the loosest values.
  const EffectivePolicy effective = Effective(policy, worst, calibrated);
  gauges.threshold.Set(static_cast<double>(effective.similarity_threshold));
  gauges.ttl_seconds.Set(absl::ToDoubleSeconds(effective.ttl));

  const bool shadow = policy.adaptation.mode == AdaptationMode::kShadow;
  if (shadow && !gauges.shadow_threshold) {
    gauges.shadow_threshold =
        metrics_->AddGauge("semcached_shadow_threshold",
                           "The lowest similarity threshold that enforcing would have given.",
                           {{"category", policy.category}});
  }
  if (gauges.shadow_threshold) {
    gauges.shadow_threshold->Set(
        shadow ? static_cast<double>(WouldBe(policy, worst, calibrated).similarity_threshold)
               : kNotApplicable);
  }
}

void PolicyGauges::ShowGone(CategoryGauges* gauges) {
  gauges->threshold.Set(kNotApplicable);
  gauges->ttl_seconds.Set(kNotApplicable);
  if (gauges->shadow_threshold) gauges->shadow_threshold->Set(kNotApplicable);
}

}  // namespace semcached
