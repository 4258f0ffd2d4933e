#ifndef SEMCACHED_BASE_DESCRIPTOR_H_
#define SEMCACHED_BASE_DESCRIPTOR_H_

#include <unistd.h>

#include <utility>

namespace semcached {

// Owns a file descriptor, and closes it. Negative: none.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() { Close(); }
  Descriptor(Descriptor&& other) noexcept : fd_(other.Release()) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    if (this == &other) return *this;
    Close();
    fd_ = other.Release();
    return *this;
  }

  int get() const { return fd_; }
  bool IsOpen() const { return fd_ >= 0; }
  // The caller closes it.
  int Release() { return std::exchange(fd_, -1); }
  void Close() {
    if (fd_ >= 0) close(fd_);
    fd_ = -1;
  }

 private:
  int fd_ = -1;
};

}  // namespace semcached

#endif  // SEMCACHED_BASE_DESCRIPTOR_H_
