// Verifiers as files: DIRECTORY/CATEGORY.verifier.
//
//   "semcached verifier\n" | version 1 | category | identity | rule | evidence | networks | CRC-32
//   4
//
// Integers and floats are little endian, a field is its length (4) and its bytes.
#ifndef SEMCACHED_VERIFY_VERIFIER_FILE_H_
#define SEMCACHED_VERIFY_VERIFIER_FILE_H_

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <string>
#include <string_view>
#include <vector>

#include "semcached/verify/train.h"

namespace semcached {

std::string EncodeVerifier(const TrainedVerifier& verifier);

// Reads untrusted bytes: checks every bound. DataLoss: cut off, damaged, or not a verifier.
// FailedPrecondition: of another format version; train it anew.
absl::StatusOr<TrainedVerifier> DecodeVerifier(std::string_view bytes);

// Replaces the category's file, as a whole: written under another name, synced, renamed; readable
// by the owner only, since weights may betray what was learned from. `directory` is made if it is
// not there. InvalidArgument: a category that cannot be a file name. Unavailable: the disk's error.
absl::Status SaveVerifier(const std::string& directory, const TrainedVerifier& verifier);

struct LoadedVerifiers {
  std::vector<TrainedVerifier> verifiers;  // by category
  std::vector<absl::Status> refused;       // files that were not taken, each with its path
};

// A directory that is not there has no verifiers. A file that is damaged, or named after another
// category than it is of, is refused, and the others are loaded: a cache without a verifier still
// answers, by the cosine. Unavailable: the directory cannot be read.
absl::StatusOr<LoadedVerifiers> LoadVerifiers(const std::string& directory);

}  // namespace semcached

#endif  // SEMCACHED_VERIFY_VERIFIER_FILE_H_
