#include "store/expiry_filter.h"

#include <string>
#include <utility>

#include "store/entry_codec.h"

namespace semcached {
namespace {

// Each half of an entry is judged by its own header, so both go without asking the other.
//
// A damaged value stays: dropping it here would turn a loss that Get and Scan report into an entry
// that has never been.
class ExpiryFilter final : public rocksdb::CompactionFilter {
 public:
  explicit ExpiryFilter(std::shared_ptr<const ExpiryRule> rule) : rule_(std::move(rule)) {}

  bool Filter(int /*level*/, const rocksdb::Slice& key, const rocksdb::Slice& value,
              std::string* /*new_value*/, bool* /*value_changed*/) const override {
    if (rule_ == nullptr || *rule_ == nullptr) return false;
    const std::optional<EntryId> id = DecodeKey(key.ToStringView());
    if (!id) return false;
    const absl::StatusOr<EntryHeader> header = DecodeHeader(*id, value.ToStringView());
    return header.ok() && (*rule_)(header->category, header->insert_time, header->ttl);
  }
  const char* Name() const override { return "semcached.ExpiryFilter"; }

 private:
  const std::shared_ptr<const ExpiryRule> rule_;
};

}  // namespace

void ExpiryFilterFactory::SetRule(ExpiryRule rule) {
  auto published = std::make_shared<const ExpiryRule>(std::move(rule));
  WriterLock lock(&mutex_);
  rule_.swap(published);  // the old one is destroyed outside the lock
}

std::unique_ptr<rocksdb::CompactionFilter> ExpiryFilterFactory::CreateCompactionFilter(
    const rocksdb::CompactionFilter::Context& /*context*/) {
  ReaderLock lock(&mutex_);
  return std::make_unique<ExpiryFilter>(rule_);
}

}  // namespace semcached
