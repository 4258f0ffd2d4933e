#ifndef SEMCACHED_EMBED_TEXTS_H_
#define SEMCACHED_EMBED_TEXTS_H_

#include <absl/status/status.h>
#include <absl/strings/str_cat.h>
#include <absl/types/span.h>

#include <string_view>

namespace semcached {

// What every embedder asks of its texts.
inline absl::Status CheckTexts(absl::Span<const std::string_view> texts) {
  if (texts.empty()) return absl::InvalidArgumentError("no text to embed");
  for (size_t i = 0; i < texts.size(); ++i) {
    if (texts[i].empty()) return absl::InvalidArgumentError(absl::StrCat("text ", i, " is empty"));
  }
  return absl::OkStatus();
}

}  // namespace semcached

#endif  // SEMCACHED_EMBED_TEXTS_H_
