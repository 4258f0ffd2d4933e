#include "main/memory_fit.h"

#include <algorithm>

namespace semcached {
namespace {

// What the process takes beside memory_limit: itself, gRPC, the allocator's unused pieces.
constexpr int64_t kBesides = 96 << 20;
constexpr int64_t kBesidesAModel = 128 << 20;
// Of what is left, the part that entries may take: they come with fragments.
constexpr double kOfRest = 0.75;
// Of a group that is too small for the rest, the part that entries take all the same.
constexpr int64_t kLeastPart = 16;

}  // namespace

int64_t MemoryThatFits(const ServerConfig& config, std::optional<int64_t> group) {
  if (!group) return config.memory_limit_bytes;
  int64_t besides = kBesides;
  for (const auto& [name, embedder] : config.embedders) {
    if (embedder.type == EmbedderType::kOnnx) besides += kBesidesAModel;
  }
  const auto rest = static_cast<int64_t>(kOfRest * static_cast<double>(*group - besides));
  return std::min(config.memory_limit_bytes, std::max(rest, *group / kLeastPart));
}

}  // namespace semcached
