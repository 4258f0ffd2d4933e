#include "semcached/cache/verifier_keeper.h"

#include <absl/cleanup/cleanup.h>
#include <absl/container/flat_hash_map.h>

#include <utility>

#include "semcached/base/log.h"
#include "semcached/base/status.h"
#include "semcached/verify/verifier_file.h"

namespace semcached {
namespace {

// What is asked for at once: a cancelled training ends soon.
constexpr size_t kTextsACall = 64;

using VectorsByText = absl::flat_hash_map<std::string_view, std::vector<float>>;

absl::StatusOr<VectorsByText> EmbedAll(const std::vector<LabelledTexts>& pairs, Embedder* embedder,
                                       const Call& call) {
  VectorsByText vectors;
  for (const LabelledTexts& pair : pairs) {
    vectors.try_emplace(pair.text_a);
    vectors.try_emplace(pair.text_b);
  }
  std::vector<std::string_view> texts;
  for (const auto& [text, vector] : vectors) texts.push_back(text);
  for (size_t begin = 0; begin < texts.size(); begin += kTextsACall) {
    RETURN_IF_ERROR(call.Check());
    const auto some = absl::MakeSpan(texts).subspan(begin, kTextsACall);
    ASSIGN_OR_RETURN(auto made, embedder->Embed(some, call));
    for (size_t i = 0; i < some.size(); ++i) vectors[some[i]] = std::move(made[i]);
  }
  return vectors;
}

}  // namespace

VerifierKeeper::VerifierKeeper(std::string directory) : directory_(std::move(directory)) {
  std::vector<CategoryVerifier> verifiers;
  const absl::StatusOr<LoadedVerifiers> loaded = LoadVerifiers(directory_);
  if (!loaded.ok()) LogError("verifiers cannot be read", {{"why", loaded.status().message()}});
  if (loaded.ok()) {
    for (const absl::Status& refused : loaded->refused) {
      LogWarning("a verifier is left out; train it anew", {{"why", refused.message()}});
    }
    for (const TrainedVerifier& trained : loaded->verifiers) {
      auto made = MakeCategoryVerifier(trained);
      if (made.ok()) {
        verifiers.push_back(*std::move(made));
      } else {
        LogWarning("a verifier is left out; train it anew", {{"why", made.status().message()}});
      }
    }
  }
  Publish(VerifierSet(std::move(verifiers)));
}

std::shared_ptr<const VerifierSet> VerifierKeeper::Current() const {
  ReaderLock lock(&current_mutex_);
  return current_;
}

void VerifierKeeper::Publish(VerifierSet verifiers) {
  auto next = std::make_shared<const VerifierSet>(std::move(verifiers));
  WriterLock lock(&current_mutex_);
  current_.swap(next);  // the old one dies after the lock
}

absl::StatusOr<VerifierEvidence> VerifierKeeper::Train(const std::string& category,
                                                       const std::vector<LabelledTexts>& pairs,
                                                       Embedder* embedder, const Call& call) {
  {
    MutexLock lock(&training_mutex_);
    if (training_) {
      return absl::ResourceExhaustedError("another verifier is being trained; try again later");
    }
    training_ = true;
  }
  const auto done = absl::MakeCleanup([this] {
    MutexLock lock(&training_mutex_);
    training_ = false;
  });
  ASSIGN_OR_RETURN(const VectorsByText vectors, EmbedAll(pairs, embedder, call));
  std::vector<VerifyPair> with_vectors;
  for (const LabelledTexts& pair : pairs) {
    const std::vector<float>& a = vectors.at(pair.text_a);
    const std::vector<float>& b = vectors.at(pair.text_b);
    if (a.empty() || b.empty()) continue;  // not to be told from others: never a semantic hit
    with_vectors.push_back({pair.text_a, pair.text_b, a, b, pair.duplicate});
  }
  TrainOptions options;
  options.category = category;
  options.identity = embedder->identity();
  ASSIGN_OR_RETURN(const TrainedVerifier trained, TrainVerifier(with_vectors, options, call));
  if (!trained.evidence.adopted) return trained.evidence;
  ASSIGN_OR_RETURN(CategoryVerifier verifier, MakeCategoryVerifier(trained));
  RETURN_IF_ERROR(SaveVerifier(directory_, trained));
  Publish(Current()->With(std::move(verifier)));
  LogInfo("a verifier was trained", {{"category", category},
                                     {"pairs", trained.evidence.pairs},
                                     {"false_accept_ratio", trained.evidence.ratio}});
  return trained.evidence;
}

}  // namespace semcached
