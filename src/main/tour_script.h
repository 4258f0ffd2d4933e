#ifndef SEMCACHED_SRC_MAIN_TOUR_SCRIPT_H_
#define SEMCACHED_SRC_MAIN_TOUR_SCRIPT_H_

#include <absl/status/statusor.h>

#include <string>
#include <vector>

namespace semcached {

// A question and what is asked beside it.
struct TourGroup {
  std::string category;
  std::string name;  // e.g. code-01
  std::string base;
  std::vector<std::string> paraphrases;  // the same answer is right
  std::vector<std::string> opposites;    // it is wrong
};

// Reads a file of tab-separated category, group, kind (base, paraphrase, opposite) and text, below
// a header line. InvalidArgument with file and line.
absl::StatusOr<std::vector<TourGroup>> ReadTourScript(const std::string& file);

}  // namespace semcached

#endif  // SEMCACHED_SRC_MAIN_TOUR_SCRIPT_H_
