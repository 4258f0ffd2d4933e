#include "embed/shared_runs.h"

#include <absl/strings/str_cat.h>

#include <algorithm>
#include <exception>
#include <utility>

#include "semcached/base/status.h"

namespace semcached {
namespace {

// What a run costs beside its tokens, in tokens (measured: 0.76 ms and 0.098 ms a token).
constexpr size_t kTokensOfARun = 8;

// Of its time, what a text may wait. The rest is for its run, and for what was expected wrongly.
constexpr double kMayWait = 0.5;

// What a token takes follows a change within some tens of runs, and one that stalled counts as so
// much slower at the most.
constexpr int kRunsOfAMean = 16;
constexpr int kMostSlower = 4;

// Whether a text adds less padding to a run of `texts`, as long as `longest`, than one of its own
// would cost.
bool BetterTogether(size_t length, size_t texts, size_t longest) {
  if (length <= longest) return longest - length <= kTokensOfARun;
  return (length - longest) * texts <= kTokensOfARun;
}

template <typename Texts>
size_t Longest(const Texts& texts) {
  size_t longest = 0;
  for (const auto* text : texts) longest = std::max(longest, text->tokens->size());
  return longest;
}

}  // namespace

SharedRuns::SharedRuns(SentenceEncoder* encoder, const Limits& limits, const Clock* clock)
    : encoder_(*encoder), limits_(limits), clock_(*clock) {}

absl::StatusOr<SharedRuns::Vectors> SharedRuns::Run(absl::Span<const Tokens> texts,
                                                    const Call& call) {
  Vectors vectors;
  vectors.reserve(texts.size());
  for (size_t begin = 0; begin < texts.size();) {
    Party party(call);
    std::vector<Text> some;
    some.reserve(limits_.most_texts);
    size_t tokens = 0;
    for (const Tokens& text : texts.subspan(begin, limits_.most_texts)) {
      tokens += text.size();
      if (!some.empty() && tokens > limits_.most_tokens) break;
      some.push_back(Text{.tokens = &text, .party = &party});
    }
    begin += some.size();
    RETURN_IF_ERROR(RunParty(&party, absl::MakeSpan(some)));
    for (Text& text : some) {
      RETURN_IF_ERROR(text.vector.status());
      vectors.push_back(*std::move(text.vector));
    }
  }
  return vectors;
}

absl::Status SharedRuns::RunParty(Party* party, absl::Span<Text> texts) {
  std::vector<Text*> all;
  all.reserve(texts.size());
  for (Text& text : texts) all.push_back(&text);
  MutexLock lock(&mutex_);
  DropWhoGaveUp();
  if (absl::Status status = CheckWait(*party, texts); !status.ok()) {
    WakeNext();
    return status;
  }
  waiting_.insert(waiting_.end(), all.begin(), all.end());  // or none, if memory is short
  party->waiting = texts.size();
  while (party->waiting + party->running > 0) {
    DropWhoGaveUp();
    if (running_ == limits_.at_once || NextToRun() != party) {
      WakeNext();
      if (party->waiting + party->running > 0) party->changed.Wait(&mutex_);
      continue;
    }
    const std::vector<Text*> next = TakeNext();
    const size_t tokens = next.size() * Longest(next);
    ++running_;
    running_tokens_ += tokens;
    party->busy = true;
    // Two runs may have ended, and woken this one twice.
    WakeNext();
    mutex_.Unlock();
    const MonotonicTime begun = clock_.Monotonic();
    absl::StatusOr<Vectors> vectors = RunTogether(next);
    const absl::Duration took = clock_.Monotonic() - begun;
    mutex_.Lock();
    --running_;
    running_tokens_ -= tokens;
    party->busy = false;
    if (vectors.ok()) Learn(tokens, took);
    End(next, std::move(vectors));
    WakeNext();
  }
  // It may have been woken for a run and given up meanwhile.
  WakeNext();
  return absl::OkStatus();
}

absl::Status SharedRuns::CheckWait(const Party& party, absl::Span<const Text> texts) const {
  if (running_ < limits_.at_once && waiting_.empty()) return absl::OkStatus();
  size_t waiting = waiting_.size() / limits_.most_texts * kTokensOfARun;
  for (const Text* text : waiting_) waiting += text->tokens->size();
  // Half of what runs is done, on average.
  const absl::Duration wait = (running_tokens_ / 2 + waiting) * a_token_ / limits_.at_once;
  size_t run = 0;
  for (const Text& text : texts) run = std::max(run, text.tokens->size());
  if (limits_.most_texts > 1) {  // others may share it
    run = std::max(run, std::min(run + waiting / limits_.at_once, limits_.most_tokens));
  }
  const absl::Duration left = party.call.Remaining();
  if (wait <= kMayWait * left && wait + (run + kTokensOfARun) * a_token_ <= left) {
    return absl::OkStatus();
  }
  RETURN_IF_ERROR(party.call.Check());
  return absl::ResourceExhaustedError(
      absl::StrCat("it would wait for the embedding model for about ", absl::FormatDuration(wait),
                   ", and has ", absl::FormatDuration(left), "; back off"));
}

void SharedRuns::Learn(size_t tokens, absl::Duration took) {
  absl::Duration each = took / (tokens + kTokensOfARun);
  if (learned_ > 0) each = std::min(each, kMostSlower * a_token_);
  learned_ = std::min(learned_ + 1, kRunsOfAMean);
  a_token_ += (each - a_token_) / learned_;
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

SharedRuns::Party* SharedRuns::NextToRun() const {
  for (const Text* text : waiting_) {
    if (!text->party->busy) return text->party;
  }
  return nullptr;
}

void SharedRuns::WakeNext() {
  if (running_ == limits_.at_once) return;
  if (Party* const next = NextToRun(); next != nullptr) next->changed.Signal();
}

std::vector<SharedRuns::Text*> SharedRuns::TakeNext() {
  size_t longest = 0;
  std::vector<Text*> next;
  next.reserve(limits_.most_texts);
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
    absl::StatusOr<Vectors> vectors = encoder_.Encode(tokens);
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
