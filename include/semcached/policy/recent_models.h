// One value a model, for a bounded number of models.
#ifndef SEMCACHED_POLICY_RECENT_MODELS_H_
#define SEMCACHED_POLICY_RECENT_MODELS_H_

#include <algorithm>
#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "semcached/base/clock.h"

namespace semcached {

// Names of models come from callers, who may invent any number of them: when there are more than
// kMaxModels, the one that was touched longest ago leaves. Not thread-safe.
template <typename T>
class RecentModels {
 public:
  static constexpr size_t kMaxModels = 256;

  // The value of `model`, made if there is none. Valid until the next call.
  T& Touch(std::string_view model, MonotonicTime now) {
    auto found = models_.find(model);
    if (found == models_.end()) {
      if (models_.size() >= kMaxModels) ForgetOldest();
      found = models_.try_emplace(std::string(model)).first;
    }
    found->second.touched_at = now;
    return found->second.value;
  }

  // nullptr if there is none, or if it was touched longer ago than `max_age`.
  const T* Find(std::string_view model, MonotonicTime now, absl::Duration max_age) const {
    const auto found = models_.find(model);
    if (found == models_.end() || now - found->second.touched_at > max_age) return nullptr;
    return &found->second.value;
  }

  std::vector<std::string> Names() const {
    std::vector<std::string> names;
    names.reserve(models_.size());
    for (const auto& [name, unused] : models_) names.push_back(name);
    return names;
  }

 private:
  struct Slot {
    T value;
    MonotonicTime touched_at;
  };

  void ForgetOldest() {
    models_.erase(std::min_element(models_.begin(), models_.end(), [](auto& a, auto& b) {
      return a.second.touched_at < b.second.touched_at;
    }));
  }

  std::map<std::string, Slot, std::less<>> models_;
};

}  // namespace semcached

#endif  // SEMCACHED_POLICY_RECENT_MODELS_H_
