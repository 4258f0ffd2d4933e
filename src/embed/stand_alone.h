// A trial of a model: may texts share its runs?
#ifndef SEMCACHED_EMBED_STAND_ALONE_H_
#define SEMCACHED_EMBED_STAND_ALONE_H_

#include <cstddef>
#include <cstdint>

#include "embed/sentence_encoder.h"

namespace semcached {

// Whether a text's vector is the same, to the last bit, alone in a run and beside others: tried
// with as many texts, and with as long ones, as runs of up to 256 tokens have. Not so with a model
// that chooses scales over all of a run, or that takes one text only.
bool VectorsStandAlone(SentenceEncoder* encoder, int64_t largest_id, size_t max_tokens);

}  // namespace semcached

#endif  // SEMCACHED_EMBED_STAND_ALONE_H_
