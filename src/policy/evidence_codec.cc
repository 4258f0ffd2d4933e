// The bytes of an EvidenceBook.
//
// kMagic, then by category and identity: both names (8 bytes of length, then the name), the account
// (3 doubles), the number of bins that hold anything (2 bytes), and those: index (2 bytes) and six
// floats. At last the CRC-32 of all that. Little endian.
#include <absl/status/status.h>

#include <bit>
#include <cmath>
#include <cstring>
#include <utility>

#include "semcached/base/hash.h"
#include "semcached/policy/evidence.h"

namespace semcached {
namespace {

constexpr std::string_view kMagic = "semcached evidence 1\n";
constexpr size_t kCrcBytes = 4;

template <typename T>
void PutInteger(T value, std::string* out) {
  for (size_t i = 0; i < sizeof(T); ++i) out->push_back(static_cast<char>(value >> (8 * i)));
}
void PutFloat(double value, std::string* out) {
  PutInteger(std::bit_cast<uint32_t>(static_cast<float>(value)), out);
}
void PutDouble(double value, std::string* out) { PutInteger(std::bit_cast<uint64_t>(value), out); }

// Reads what was put; past the end, or of a weight that is none, `ok` is false from then on.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}

  template <typename T>
  T Integer() {
    if (bytes_.size() < sizeof(T)) ok_ = false;
    if (!ok_) return 0;
    T value = 0;
    for (size_t i = 0; i < sizeof(T); ++i) {
      value |= static_cast<T>(static_cast<T>(static_cast<uint8_t>(bytes_[i])) << (8 * i));
    }
    bytes_.remove_prefix(sizeof(T));
    return value;
  }
  double Float() { return Weight(static_cast<double>(std::bit_cast<float>(Integer<uint32_t>()))); }
  double Double() { return Weight(std::bit_cast<double>(Integer<uint64_t>())); }
  std::string Text() {
    const auto size = Integer<uint64_t>();
    if (size > bytes_.size()) ok_ = false;
    if (!ok_) return "";
    std::string text(bytes_.substr(0, size));
    bytes_.remove_prefix(size);
    return text;
  }
  bool ok() const { return ok_; }
  bool done() const { return bytes_.empty(); }

 private:
  double Weight(double value) {
    if (!std::isfinite(value) || value < 0) ok_ = false;
    return ok_ ? value : 0;
  }

  std::string_view bytes_;
  bool ok_ = true;
};

bool IsEmpty(const EvidenceBin& bin) { return bin.verdicts() <= 0 && bin.candidates() <= 0; }

void Put(const CategoryEvidence& evidence, std::string* out) {
  PutDouble(evidence.account_hits, out);
  PutDouble(evidence.account_verdicts, out);
  PutDouble(evidence.account_wrong, out);
  uint16_t filled = 0;
  for (const EvidenceBin& bin : evidence.bins) filled += IsEmpty(bin) ? 0 : 1;
  PutInteger(filled, out);
  for (size_t i = 0; i < evidence.bins.size(); ++i) {
    const EvidenceBin& bin = evidence.bins[i];
    if (IsEmpty(bin)) continue;
    PutInteger(static_cast<uint16_t>(i), out);
    for (const double weight :
         {bin.right, bin.wrong, bin.recent_right, bin.recent_wrong, bin.served, bin.refused}) {
      PutFloat(weight, out);
    }
  }
}

// False: the bytes are not evidence.
bool Take(Reader* reader, CategoryEvidence* evidence) {
  evidence->account_hits = reader->Double();
  evidence->account_verdicts = reader->Double();
  evidence->account_wrong = reader->Double();
  const auto filled = reader->Integer<uint16_t>();
  for (uint16_t i = 0; i < filled && reader->ok(); ++i) {
    const auto at = reader->Integer<uint16_t>();
    if (at >= evidence->bins.size()) return false;
    EvidenceBin& bin = evidence->bins[at];
    for (double* weight : {&bin.right, &bin.wrong, &bin.recent_right, &bin.recent_wrong,
                           &bin.served, &bin.refused}) {
      *weight = reader->Float();
    }
  }
  return reader->ok();
}

}  // namespace

std::string EvidenceBook::Serialize() const {
  std::string bytes(kMagic);
  {
    MutexLock lock(&mutex_);
    for (const auto& [key, slot] : slots_) {
      AppendLengthPrefixed(key.first, &bytes);
      AppendLengthPrefixed(key.second, &bytes);
      Put(slot.evidence, &bytes);
    }
  }
  PutInteger(Crc32(bytes), &bytes);
  return bytes;
}

absl::Status EvidenceBook::Parse(std::string_view bytes) {
  if (!bytes.starts_with(kMagic)) {
    return absl::DataLossError("evidence: of another version, or none; it will be gathered anew");
  }
  const auto damaged = [] {
    return absl::DataLossError("evidence: damaged or cut off; it will be gathered anew");
  };
  if (bytes.size() < kMagic.size() + kCrcBytes) return damaged();
  const std::string_view body = bytes.substr(0, bytes.size() - kCrcBytes);
  Reader crc(bytes.substr(body.size()));
  if (crc.Integer<uint32_t>() != Crc32(body)) return damaged();

  std::map<Key, Slot> slots;
  Reader reader(body.substr(kMagic.size()));
  while (!reader.done()) {
    std::string category = reader.Text();
    std::string identity = reader.Text();
    Slot slot;
    if (slots.size() >= kMaxCategories || !Take(&reader, &slot.evidence)) return damaged();
    slots[Key(std::move(category), std::move(identity))] = slot;
  }
  MutexLock lock(&mutex_);
  slots_ = std::move(slots);
  return absl::OkStatus();
}

}  // namespace semcached
