#include "cache/vector_file.h"

#include <cstdint>
#include <cstring>
#include <fstream>
#include <iterator>

#include "semcached/base/hash.h"
#include "semcached/base/replaced_file.h"
#include "semcached/base/status.h"

namespace semcached {
namespace {

constexpr std::string_view kMagic = "semcached vectors 1\n";

// Takes fields off the front of a file's bytes; once one is not there, none is.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}

  std::string_view Field() {
    uint64_t size = 0;
    if (bytes_.size() < sizeof(size)) return Fail();
    for (size_t i = 0; i < sizeof(size); ++i) {
      size |= static_cast<uint64_t>(static_cast<unsigned char>(bytes_[i])) << (8 * i);
    }
    bytes_.remove_prefix(sizeof(size));
    if (bytes_.size() < size) return Fail();
    const std::string_view field = bytes_.substr(0, size);
    bytes_.remove_prefix(size);
    return field;
  }
  bool AtEnd() const { return bytes_.empty(); }
  bool good() const { return good_; }

 private:
  std::string_view Fail() {
    good_ = false;
    bytes_ = {};
    return {};
  }

  std::string_view bytes_;
  bool good_ = true;
};

}  // namespace

std::string EncodeVectorFile(std::string_view identity, const VectorsByText& vectors) {
  std::string bytes(kMagic);
  AppendLengthPrefixed(identity, &bytes);
  for (const auto& [text, vector] : vectors) {
    AppendLengthPrefixed(text, &bytes);
    AppendLengthPrefixed(
        {reinterpret_cast<const char*>(vector.data()), vector.size() * sizeof(float)}, &bytes);
  }
  const uint32_t crc = Crc32(bytes);
  bytes.append(reinterpret_cast<const char*>(&crc), sizeof(crc));
  return bytes;
}

VectorsByText DecodeVectorFile(std::string_view file, std::string_view identity) {
  uint32_t crc = 0;
  if (file.size() < kMagic.size() + sizeof(crc)) return {};
  const std::string_view bytes = file.substr(0, file.size() - sizeof(crc));
  std::memcpy(&crc, file.data() + bytes.size(), sizeof(crc));
  if (Crc32(bytes) != crc || bytes.substr(0, kMagic.size()) != kMagic) return {};
  Reader reader(bytes.substr(kMagic.size()));
  if (reader.Field() != identity) return {};
  VectorsByText vectors;
  while (!reader.AtEnd()) {
    const std::string_view text = reader.Field();
    const std::string_view values = reader.Field();
    if (values.size() % sizeof(float) != 0) return {};
    std::vector<float> vector(values.size() / sizeof(float));
    // Some texts have no vector.
    if (!vector.empty()) std::memcpy(vector.data(), values.data(), values.size());
    vectors.emplace(text, std::move(vector));
  }
  return reader.good() ? vectors : VectorsByText();
}

absl::Status WriteVectorFile(const std::string& path, std::string_view identity,
                             const VectorsByText& vectors) {
  ASSIGN_OR_RETURN(ReplacedFile file, ReplacedFile::Begin(path));
  RETURN_IF_ERROR(file.Append(EncodeVectorFile(identity, vectors)));
  return file.Commit();
}

VectorsByText ReadVectorFile(const std::string& path, std::string_view identity) {
  std::ifstream in(path, std::ios::binary);
  const std::string file(std::istreambuf_iterator<char>(in), {});
  return DecodeVectorFile(file, identity);
}

}  // namespace semcached
