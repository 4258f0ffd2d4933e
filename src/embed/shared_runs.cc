#include "embed/shared_runs.h"

#include <algorithm>
#include <exception>
#include <utility>

#include "semcached/base/status.h"

namespace semcached {
namespace {

// What a run costs beside its tokens, in tokens (measured: 0.76 ms and 0.098 ms a token).
constexpr size_t kTokensOfARun = 8;

// Whether a text adds less padding to a run of `texts`, as long as `longest`, than one of its own
// would cost.
bool BetterTogether(size_t length, size_t texts, size_t longest) {
  if (length <= longest) return longest - length <= kTokensOfARun;
  return (length - longest) * texts <= kTokensOfARun;
}

}  // namespace

SharedRuns::SharedRuns(Encode encode, const Limits& limits)
    : encode_(std::move(encode)), limits_(limits) {}

absl::StatusOr<SharedRuns::Vectors> SharedRuns::Run(absl::Span<const Tokens> texts,
                                                    const Call& call) {
  Vectors vectors;
  vectors.reserve(texts.size());
  for (size_t begin = 0; begin < texts.size(); begin += limits_.most_texts) {
    Party party(call);
    std::vector<Text> some;
    some.reserve(limits_.most_texts);
    for (const Tokens& tokens : texts.subspan(begin, limits_.most_texts)) {
      some.push_back(Text{.tokens = &tokens, .party = &party});
    }
    RunParty(&party, absl::MakeSpan(some));
    for (Text& text : some) {
      RETURN_IF_ERROR(text.vector.status());
      vectors.push_back(*std::move(text.vector));
    }
  }
  return vectors;
}

void SharedRuns::RunParty(Party* party, absl::Span<Text> texts) {
  std::vector<Text*> all;
  all.reserve(texts.size());
  for (Text& text : texts) all.push_back(&text);
  MutexLock lock(&mutex_);
  waiting_.insert(waiting_.end(), all.begin(), all.end());  // or none, if memory is short
  party->waiting = texts.size();
  while (party->waiting + party->running > 0) {
    DropWhoGaveUp();
    if (party->waiting == 0 || running_ == limits_.at_once) {
      if (party->waiting + party->running > 0) party->changed.Wait(&mutex_);
      continue;
    }
    const std::vector<Text*> next = TakeNext();
    ++running_;
    // Two runs may have ended, and woken one party twice.
    WakeNext();
    mutex_.Unlock();
    absl::StatusOr<Vectors> vectors = RunTogether(next);
    mutex_.Lock();
    --running_;
    End(next, std::move(vectors));
    WakeNext();
  }
  // This one may have been woken for a run and given up meanwhile.
  WakeNext();
}

void SharedRuns::DropWhoGaveUp() {
  const auto gave_up = [](Text* text) {
    const absl::Status status = text->party->call.Check();
    if (status.ok()) return false;
    text->vector = status;
    if (--text->party->waiting == 0) text->party->changed.Signal();
    return true;
  };
  waiting_.erase(std::remove_if(waiting_.begin(), waiting_.end(), gave_up), waiting_.end());
}

void SharedRuns::WakeNext() {
  if (running_ < limits_.at_once && !waiting_.empty()) waiting_.front()->party->changed.Signal();
}

std::vector<SharedRuns::Text*> SharedRuns::TakeNext() {
  size_t longest = 0;
  std::vector<Text*> next;
  const auto joins = [&](Text* text) {
    if (next.size() == limits_.most_texts) return false;
    const size_t length = text->tokens->size();
    const size_t padded = std::max(longest, length) * (next.size() + 1);
    const bool fits = next.empty() || (!next.front()->alone && !text->alone &&
                                       BetterTogether(length, next.size(), longest) &&
                                       padded <= limits_.most_tokens);
    if (!fits) return false;
    longest = std::max(longest, length);
    next.push_back(text);
    --text->party->waiting;
    ++text->party->running;
    return true;
  };
  waiting_.erase(std::remove_if(waiting_.begin(), waiting_.end(), joins), waiting_.end());
  return next;
}

absl::StatusOr<SharedRuns::Vectors> SharedRuns::RunTogether(absl::Span<Text* const> texts) const {
  try {
    std::vector<const Tokens*> tokens;
    tokens.reserve(texts.size());
    for (const Text* text : texts) tokens.push_back(text->tokens);
    absl::StatusOr<Vectors> vectors = encode_(tokens);
    if (vectors.ok() && vectors->size() != texts.size()) {
      return absl::InternalError("the embedding model gave too few vectors");
    }
    return vectors;
  } catch (const std::exception&) {
    return absl::UnavailableError("the embedding model failed");
  }
}

void SharedRuns::End(absl::Span<Text* const> texts, absl::StatusOr<Vectors> vectors) {
  for (size_t i = 0; i < texts.size(); ++i) {
    Text& text = *texts[i];
    --text.party->running;
    if (vectors.ok()) {
      text.vector = std::move((*vectors)[i]);
    } else if (texts.size() == 1) {
      text.vector = vectors.status();
    } else {
      text.alone = true;
      waiting_.push_front(&text);
      ++text.party->waiting;
    }
    text.party->changed.Signal();
  }
}

}  // namespace semcached
