#ifndef SEMCACHED_SRC_CACHE_VECTOR_FILE_H_
#define SEMCACHED_SRC_CACHE_VECTOR_FILE_H_

#include <absl/container/flat_hash_map.h>
#include <absl/status/status.h>

#include <string>
#include <string_view>
#include <vector>

namespace semcached {

using VectorsByText = absl::flat_hash_map<std::string, std::vector<float>>;

// Texts and their vectors in one embedding, in a file that is whole or is not read: it saves the
// embedding of what is known already, and may be lost at any time.
//
// Put in place as ReplacedFile does, with a CRC over all of it. An error is the disk's.
absl::Status WriteVectorFile(const std::string& path, std::string_view identity,
                             const VectorsByText& vectors);

// Nothing, if there is no such file, it is damaged, or it is of another identity.
VectorsByText ReadVectorFile(const std::string& path, std::string_view identity);

// The bytes of such a file.
std::string EncodeVectorFile(std::string_view identity, const VectorsByText& vectors);
VectorsByText DecodeVectorFile(std::string_view file, std::string_view identity);

}  // namespace semcached

#endif  // SEMCACHED_SRC_CACHE_VECTOR_FILE_H_
