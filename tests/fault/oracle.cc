#include "fault/oracle.h"

#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_split.h>
#include <absl/time/clock.h>

#include <algorithm>
#include <functional>
#include <random>

#include "semcached/base/hash.h"
#include "support/vectors.h"

namespace semcached {

std::string Question::Text() const {
  return absl::StrCat("question ", number, " of ", tenant, " in ", category);
}

std::vector<float> Question::Vector() const {
  std::mt19937_64 random(std::hash<std::string>()(Text()));
  return RandomUnit(random, kFaultDimension);
}

std::string Payload(const Question& question, int64_t version, absl::Time dead_from) {
  const std::string filling(static_cast<size_t>(200 + question.number % 800), 'x');
  const std::string certified =
      absl::StrCat(question.tenant, "|", question.category, "|", question.number, "|", version, "|",
                   absl::ToUnixMillis(dead_from), "|", filling);
  return absl::StrCat(certified, "|", Crc32(certified));
}

std::optional<Certified> ReadPayload(const std::string& body) {
  const size_t end = body.rfind('|');
  uint32_t crc = 0;
  if (end == std::string::npos || !absl::SimpleAtoi(body.substr(end + 1), &crc) ||
      crc != Crc32(body.substr(0, end))) {
    return std::nullopt;
  }
  const std::vector<std::string> parts = absl::StrSplit(body.substr(0, end), '|');
  Certified certified;
  int64_t dead_from = 0;
  if (parts.size() != 6 || !absl::SimpleAtoi(parts[2], &certified.number) ||
      !absl::SimpleAtoi(parts[3], &certified.version) || !absl::SimpleAtoi(parts[4], &dead_from)) {
    return std::nullopt;
  }
  certified.tenant = parts[0];
  certified.category = parts[1];
  const bool lasts = dead_from == absl::ToUnixMillis(absl::InfiniteFuture());
  certified.dead_from = lasts ? absl::InfiniteFuture() : absl::FromUnixMillis(dead_from);
  return certified;
}

int64_t Oracle::Begin(const Question& question, bool lasting) {
  MutexLock lock(&mutex_);
  Known& known = known_[question];
  known.lasts = false;  // what is replaced may be gone before the new one is acknowledged
  ++known.begun;
  known.writes.push_back({known.begun, /*deletes=*/false, lasting, ++moments_});
  return known.begun;
}

void Oracle::Acknowledge(const Question& question) {
  MutexLock lock(&mutex_);
  Known& known = known_[question];
  known.lasts = known.writes.back().lasts;
  known.writes.back().acknowledged = ++moments_;
}

void Oracle::BeginDelete(const Question& question) {
  MutexLock lock(&mutex_);
  Known& known = known_[question];
  known.deleting = true;
  known.writes.push_back({known.begun, /*deletes=*/true, /*lasts=*/true, ++moments_});
}

void Oracle::AcknowledgeDelete(const Question& question) {
  MutexLock lock(&mutex_);
  Known& known = known_[question];
  known.deleting = false;
  known.deleted = known.begun;
  known.lasts = false;
  known.writes.back().acknowledged = ++moments_;
}

Before Oracle::Now(const Question& question) const {
  MutexLock lock(&mutex_);
  const auto found = known_.find(question);
  return {absl::Now(), found == known_.end() ? 0 : found->second.deleted};
}

std::optional<std::string> Oracle::Judge(const Question& question, const Before& before,
                                         const std::string& body) const {
  const std::optional<Certified> certified = ReadPayload(body);
  if (!certified) return "its certificate does not hold";
  if (certified->tenant != question.tenant) return "it is another tenant's: " + certified->tenant;
  if (certified->category != question.category) {
    return "it is of another category: " + certified->category;
  }
  if (certified->number != question.number) {
    return absl::StrCat("it answers question ", certified->number);
  }
  if (before.sent > certified->dead_from) return "it has expired";
  MutexLock lock(&mutex_);
  const auto found = known_.find(question);
  if (found == known_.end() || certified->version > found->second.begun) {
    return "it was never inserted";
  }
  if (certified->version <= before.deleted) return kDeleted;
  return std::nullopt;
}

std::vector<Question> Oracle::MustBeThere() const {
  MutexLock lock(&mutex_);
  std::vector<Question> questions;
  for (const auto& [question, known] : known_) {
    if (known.lasts && !known.deleting) questions.push_back(question);
  }
  return questions;
}

std::vector<Question> Oracle::Everything() const {
  MutexLock lock(&mutex_);
  std::vector<Question> questions;
  for (const auto& [question, known] : known_) questions.push_back(question);
  return questions;
}

Aftermath Oracle::SettleAfterPowerLoss(const std::map<Question, int64_t>& found) {
  MutexLock lock(&mutex_);
  Aftermath aftermath;
  // Inserts of class `memory` have no log, so that they tell nothing and promise nothing. Their
  // deletes have.
  const auto is_logged = [](const Question& question) { return question.category != "memory"; };
  int64_t on_disk = 0;
  for (const auto& [question, version] : found) {
    if (!is_logged(question)) continue;
    const bool synced = question.category == "durable";
    on_disk = std::max(on_disk, LatestOnDisk(known_[question].writes, version, synced));
  }
  for (const auto& [question, version] : found) {
    Known& known = known_[question];
    switch (Explain(known.writes, version, on_disk)) {
      case Explained::kYes:
        if (is_logged(question) && IsUndone(known.writes, version)) ++aftermath.undone;
        break;
      case Explained::kLost:
        if (is_logged(question)) aftermath.lost.push_back("lost: \"" + question.Text() + "\"");
        break;
      case Explained::kCameBack:
        aftermath.wrong.push_back("deleted, and there again: \"" + question.Text() + "\"");
        break;
    }
    known.deleting = false;
    known.lasts = false;
    for (const Write& write : known.writes) {
      if (!write.deletes && write.version == version) known.lasts = write.lasts;
    }
    known.writes.clear();
    if (version == 0) continue;
    known.deleted = std::min(known.deleted, version - 1);
    known.writes.push_back({version, /*deletes=*/false, known.lasts, 0, 0});
  }
  return aftermath;
}

}  // namespace semcached
