// Bytes out of and into numbers and fields, for what is kept in files.
#ifndef SEMCACHED_BASE_BYTE_IO_H_
#define SEMCACHED_BASE_BYTE_IO_H_

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace semcached {

static_assert(std::endian::native == std::endian::little, "the format is little endian");

class ByteWriter {
 public:
  template <typename T>
  void Number(T value) {
    static_assert(std::is_arithmetic_v<T>);
    bytes_.append(reinterpret_cast<const char*>(&value), sizeof(value));
  }
  void Raw(std::string_view bytes) { bytes_.append(bytes); }
  void Field(std::string_view bytes) {
    Number(static_cast<uint32_t>(bytes.size()));
    Raw(bytes);
  }
  void Floats(const std::vector<float>& values) {
    Number(static_cast<uint32_t>(values.size()));
    Raw({reinterpret_cast<const char*>(values.data()), values.size() * sizeof(float)});
  }

  // Room for so many bytes in all, so that it need not be made bit by bit.
  void Reserve(size_t bytes) { bytes_.reserve(bytes); }

  size_t size() const { return bytes_.size(); }
  const std::string& bytes() const { return bytes_; }
  std::string Take() && { return std::move(bytes_); }

 private:
  std::string bytes_;
};

// Reads never pass the end. After the first that would, all give zeros and Done() is false: one
// check at the end is enough.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : rest_(bytes) {}

  template <typename T>
  T Number() {
    static_assert(std::is_arithmetic_v<T>);
    T value{};
    const std::string_view raw = Raw(sizeof(value));
    if (raw.size() == sizeof(value)) std::memcpy(&value, raw.data(), sizeof(value));
    return value;
  }
  std::string_view Raw(size_t size) {
    if (size > rest_.size()) {
      Fail();
      return {};
    }
    const std::string_view raw = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return raw;
  }
  std::string_view Field() { return Raw(Number<uint32_t>()); }
  bool Flag() {
    const auto flag = Number<uint8_t>();
    if (flag > 1) Fail();
    return flag == 1;
  }
  std::vector<float> Floats(size_t limit) {
    const size_t count = Number<uint32_t>();
    if (count > limit) Fail();
    const std::string_view raw = Raw(ok_ ? count * sizeof(float) : 0);
    std::vector<float> values(raw.size() / sizeof(float));
    if (!values.empty()) std::memcpy(values.data(), raw.data(), raw.size());
    return values;
  }

  void Fail() {
    ok_ = false;
    rest_ = {};
  }
  bool ok() const { return ok_; }
  bool Done() const { return ok_ && rest_.empty(); }

 private:
  std::string_view rest_;
  bool ok_ = true;
};

}  // namespace semcached

#endif  // SEMCACHED_BASE_BYTE_IO_H_
