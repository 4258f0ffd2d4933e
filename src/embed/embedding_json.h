// The bodies of OpenAI's POST /v1/embeddings; nlohmann-json behind one door.
#ifndef SEMCACHED_EMBED_EMBEDDING_JSON_H_
#define SEMCACHED_EMBED_EMBEDDING_JSON_H_

#include <absl/status/statusor.h>
#include <absl/types/span.h>

#include <string>
#include <string_view>
#include <vector>

namespace semcached {

// {"model", "input", "encoding_format": "float"}. Bytes of a text that are no UTF-8 are sent as
// U+FFFD.
std::string EmbeddingRequest(std::string_view model, absl::Span<const std::string_view> texts);

// The vectors of an answer in the order of the texts, whatever order the answer has them in, each
// scaled to length 1.
//
// Unavailable: it is not `count` finite vectors of `dimension` components; the message says how.
absl::StatusOr<std::vector<std::vector<float>>> ParseEmbeddingAnswer(std::string_view body,
                                                                     size_t count,
                                                                     size_t dimension);

}  // namespace semcached

#endif  // SEMCACHED_EMBED_EMBEDDING_JSON_H_
