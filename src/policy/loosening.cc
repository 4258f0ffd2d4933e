#include "semcached/policy/loosening.h"

#include "semcached/policy/calibration.h"

namespace semcached {

std::optional<Loosening> ExpectLoosening(const CategoryEvidence& evidence, double from, double to) {
  double today = 0;
  double more = 0;
  double wrong = 0;
  const WrongCurve curve = EstimateWrong(evidence);
  for (size_t bin = 0; bin < CategoryEvidence::kBins; ++bin) {
    const double candidates = evidence.bins[bin].candidates();
    // A bin that the threshold cuts goes with its middle.
    const double middle = CategoryEvidence::LowerEdge(bin) + CategoryEvidence::kBinWidth / 2;
    if (middle >= from) {
      today += candidates;
    } else if (middle >= to) {
      more += candidates;
      wrong += candidates * curve.points[bin].wrong;
    }
  }
  if (!(today > 0)) return std::nullopt;
  return Loosening{.extra_hits = more / today, .extra_false_hits = wrong / today};
}

}  // namespace semcached
