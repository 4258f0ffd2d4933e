#ifndef SEMCACHED_SRC_MAIN_LABELLED_TEXTS_H_
#define SEMCACHED_SRC_MAIN_LABELLED_TEXTS_H_

#include <absl/status/statusor.h>

#include <string>
#include <vector>

#include "semcached/cache/verifier_keeper.h"

namespace semcached {

// Reads a table of labelled pairs: UTF-8, a row a line, columns parted by tabs. The first line
// names the columns; label (0 or 1), text_a and text_b are taken. NotFound: the file cannot be
// read. InvalidArgument: names the line and what is wrong with it.
absl::StatusOr<std::vector<LabelledTexts>> ReadLabelledTexts(const std::string& file);

}  // namespace semcached

#endif  // SEMCACHED_SRC_MAIN_LABELLED_TEXTS_H_
