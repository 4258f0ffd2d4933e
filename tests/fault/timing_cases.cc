// Whether the time of an answer tells a tenant what another one has stored.

#include <absl/strings/str_format.h>
#include <absl/time/clock.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <string>
#include <vector>

#include "fault/cases.h"

namespace semcached {
namespace {

constexpr int kSamples = 5;
constexpr int kQuestionsASample = 1000;  // of each kind
constexpr int64_t kQuestions = int64_t{2} * kQuestionsASample * kSamples;
constexpr double kSuspicious = 0.01;
// By chance alone more of five samples are suspicious once in 100,000 rounds.
constexpr int kMostSuspicious = 2;

// The chance of a difference like this between two samples of one distribution, by the largest
// distance of their distribution functions (Kolmogorov and Smirnov; the approximation is
// Stephens').
double ChanceOf(std::vector<double> one, std::vector<double> other) {
  std::sort(one.begin(), one.end());
  std::sort(other.begin(), other.end());
  double distance = 0;
  for (size_t i = 0, j = 0; i < one.size() && j < other.size();) {
    const double value = std::min(one[i], other[j]);
    while (i < one.size() && one[i] <= value) ++i;
    while (j < other.size() && other[j] <= value) ++j;
    distance =
        std::max(distance, std::abs(static_cast<double>(i) / static_cast<double>(one.size()) -
                                    static_cast<double>(j) / static_cast<double>(other.size())));
  }
  const double root = std::sqrt(static_cast<double>(one.size() * other.size()) /
                                static_cast<double>(one.size() + other.size()));
  const double lambda = (root + 0.12 + 0.11 / root) * distance;
  double chance = 0;
  for (int k = 1; k <= 100; ++k) {
    chance += (k % 2 == 1 ? 2 : -2) * std::exp(-2 * k * k * lambda * lambda);
  }
  return lambda < 0.2 ? 1 : std::clamp(chance, 0.0, 1.0);
}

struct Asked {
  int64_t number = 0;
  bool is_stored = false;  // of another tenant
};

double ChanceOfSample(const std::vector<Asked>& sample, Scene* scene) {
  std::vector<double> stored;
  std::vector<double> unknown;
  for (const Asked& asked : sample) {
    const absl::Time begin = absl::Now();
    const bool hit = scene->caller.Lookup({"initech", "process", asked.number}, By::kBoth,
                                          &scene->report.findings);
    const double took = absl::ToDoubleMicroseconds(absl::Now() - begin);
    scene->report.Expect(!hit, "a question of another tenant's was answered");
    (asked.is_stored ? stored : unknown).push_back(took);
  }
  return ChanceOf(std::move(stored), std::move(unknown));
}

}  // namespace

// One tenant asks what another one has stored and what nobody has, in random order. Which is which
// is drawn, so that nothing else sets them apart, and each sample has questions of its own. A
// difference of a fifth of a standard deviation would show.
CaseReport TimingAudit(int rounds, uint64_t seed) {
  std::mt19937_64 random(seed);
  CaseReport report;
  for (int round = 0; round < rounds; ++round) {
    Scene scene;
    if (!scene.Start()) return scene.report;
    std::vector<std::vector<Asked>> samples(kSamples);
    for (int64_t number = 0; number < kQuestions; ++number) {
      Asked asked{number, random() % 2 == 0};
      if (asked.is_stored) {
        scene.report.Expect(scene.caller.Insert({"acme", "process", number}).stored,
                            "an insert failed");
      }
      samples[static_cast<size_t>(number % kSamples)].push_back(asked);
    }
    int suspicious = 0;
    std::string chances;
    for (std::vector<Asked>& sample : samples) {
      std::shuffle(sample.begin(), sample.end(), random);
      const double chance = ChanceOfSample(sample, &scene);
      suspicious += chance < kSuspicious ? 1 : 0;
      chances += absl::StrFormat(" %.3f", chance);
    }
    scene.report.notes.push_back("chances that times of stored and unknown questions are alike:" +
                                 chances);
    scene.report.Expect(suspicious <= kMostSuspicious, "times tell what is stored:" + chances);
    scene.LookForAll();
    scene.report.Expect(scene.report.findings.failed == 0, "lookups failed");
    report.Join(scene.report);
  }
  return report;
}

}  // namespace semcached
