#include "fault/oracle.h"

#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_split.h>
#include <absl/time/clock.h>

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

int64_t Oracle::Begin(const Question& question) {
  MutexLock lock(&mutex_);
  Known& known = known_[question];
  known.lasts = false;  // what is replaced may be gone before the new one is acknowledged
  return ++known.begun;
}

void Oracle::Acknowledge(const Question& question, bool lasting) {
  MutexLock lock(&mutex_);
  known_[question].lasts = lasting;
}

void Oracle::BeginDelete(const Question& question) {
  MutexLock lock(&mutex_);
  known_[question].deleting = true;
}

void Oracle::AcknowledgeDelete(const Question& question) {
  MutexLock lock(&mutex_);
  Known& known = known_[question];
  known.deleting = false;
  known.deleted = known.begun;
  known.lasts = false;
}

Before Oracle::Now(const Question& question) const {
  MutexLock lock(&mutex_);
  const auto found = known_.find(question);
  return {absl::Now(), found == known_.end() ? 0 : found->second.deleted};
}

std::optional<std::string> Oracle::Judge(const Question& question, const Before& before,
                                         const std::string& body) const {
  const size_t end = body.rfind('|');
  uint32_t crc = 0;
  if (end == std::string::npos || !absl::SimpleAtoi(body.substr(end + 1), &crc) ||
      crc != Crc32(body.substr(0, end))) {
    return "its certificate does not hold";
  }
  const std::vector<std::string> parts = absl::StrSplit(body.substr(0, end), '|');
  int64_t version = 0;
  int64_t dead_from = 0;
  if (parts.size() != 6 || !absl::SimpleAtoi(parts[3], &version) ||
      !absl::SimpleAtoi(parts[4], &dead_from)) {
    return "it was never inserted";
  }
  if (parts[0] != question.tenant) return "it is another tenant's: " + parts[0];
  if (parts[1] != question.category) return "it is of another category: " + parts[1];
  if (parts[2] != absl::StrCat(question.number)) return "it answers question " + parts[2];
  if (before.sent > absl::FromUnixMillis(dead_from)) return "it has expired";
  MutexLock lock(&mutex_);
  const auto found = known_.find(question);
  if (found == known_.end() || version > found->second.begun) return "it was never inserted";
  if (version <= before.deleted) return kDeleted;
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

}  // namespace semcached
