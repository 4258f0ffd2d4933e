#include "semcached/replay/workload.h"

#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <utility>

#include "semcached/base/status.h"

namespace semcached {
namespace {

using Json = nlohmann::json;

constexpr double kShareTolerance = 1e-6;
constexpr char kOther[] = "*";  // of a law: every category that is not named

// Reads the keys of one object and remembers the first thing that is wrong with it. What the JSON
// library throws ends here.
class Keys {
 public:
  Keys(const Json& object, std::string path) : object_(object), path_(std::move(path)) {
    if (!object.is_object()) Refuse("", "should be an object");
  }

  template <typename T>
  void Read(const char* key, T* value) {
    Visit(key, [&](const Json& found) { *value = found.get<T>(); });
  }
  void ReadDuration(const char* key, absl::Duration* value) {
    Visit(key, [&](const Json& found) { *value = DurationOf(key, found); });
  }
  void Visit(const char* key, const std::function<void(const Json&)>& take) {
    if (!object_.is_object() || !object_.contains(key)) return;
    ++found_;
    try {
      take(object_.at(key));
    } catch (const Json::exception&) {
      Refuse(key, "has a value of the wrong type");
    }
  }
  absl::Duration DurationOf(const std::string& key, const Json& value) {
    absl::Duration duration;
    if (!value.is_string() || !absl::ParseDuration(value.get<std::string>(), &duration) ||
        duration < absl::ZeroDuration()) {
      Refuse(key, "is no duration, e.g. \"10m\"");
    }
    return duration;
  }
  void Require(bool holds, const std::string& key, const std::string& what) {
    if (!holds) Refuse(key, what);
  }
  void Take(const absl::Status& status) { status_.Update(status); }
  const std::string& path() const { return path_; }

  // Call last: every key that was not read is unknown.
  absl::Status Finish() {
    if (status_.ok() && object_.is_object() && found_ != object_.size()) {
      Refuse("", absl::StrCat("has ", object_.size() - found_, " unknown keys of ", object_.size(),
                              "; bench/workloads/README.md names the known ones"));
    }
    return status_;
  }

 private:
  void Refuse(const std::string& key, const std::string& what) {
    status_.Update(
        absl::InvalidArgumentError(absl::StrCat(path_, key.empty() ? "" : ": ", key, ": ", what)));
  }

  const Json& object_;
  const std::string path_;
  size_t found_ = 0;
  absl::Status status_;
};

absl::Status ReadMade(const Json& json, const std::string& path, MadeArrivals* made) {
  Keys keys(json, path);
  keys.ReadDuration("length", &made->length);
  keys.Read("calm_rate", &made->calm_rate);
  keys.Read("burst_rate", &made->burst_rate);
  keys.Read("input_tokens", &made->mean_input_tokens);
  keys.Read("output_tokens", &made->mean_output_tokens);
  keys.Visit("bursts", [&](const Json& bursts) {
    for (const Json& burst : bursts) {
      made->bursts.push_back(
          {keys.DurationOf("bursts", burst.at(0)), keys.DurationOf("bursts", burst.at(1))});
    }
  });
  keys.Require(made->calm_rate > 0 && made->burst_rate > 0, "calm_rate, burst_rate", "above 0");
  return keys.Finish();
}

absl::Status ReadModel(const Json& json, const std::string& path, ModelSpeed* model) {
  Keys keys(json, path);
  keys.Read("input_token_seconds", &model->input_token_seconds);
  keys.Read("output_token_seconds", &model->output_token_seconds);
  keys.Read("full_batch_slowdown", &model->full_batch_slowdown);
  keys.Require(model->input_token_seconds > 0 && model->output_token_seconds > 0,
               "input_token_seconds, output_token_seconds", "above 0");
  keys.Require(model->full_batch_slowdown >= 1, "full_batch_slowdown", "1 or more");
  return keys.Finish();
}

absl::Status ReadHistory(const Json& json, const std::string& path, ReplayWorkload* workload) {
  Keys keys(json, path);
  keys.Read("arrivals", &workload->history_arrivals);
  keys.ReadDuration("span", &workload->history_span);
  keys.Require(workload->history_arrivals >= 0, "arrivals", "0 or more");
  return keys.Finish();
}

void ReadLaws(const Json& json, Keys* keys, ReplayWorkload* workload) {
  for (const auto& [name, exponents] : json.items()) {
    RepetitionLaw law;
    for (const auto& [category, exponent] : exponents.items()) {
      const auto value = exponent.get<double>();
      keys->Require(value >= 0 && value <= 5, "laws", "exponents are 0 to 5");
      if (category == kOther) {
        law.other = value;
      } else {
        law.exponents[category] = value;
      }
    }
    workload->laws[name] = std::move(law);
  }
}

void Check(const ReplayWorkload& workload, Keys* keys) {
  double sum = 0;
  for (const auto& [category, share] : workload.shares) {
    sum += share;
    keys->Require(share >= 0, "shares", "each is 0 or more");
  }
  keys->Require(std::abs(sum - 1) < kShareTolerance, "shares",
                absl::StrCat("sum to ", sum, ", not 1"));
  keys->Require(!workload.trace.empty(), "trace", "names a file of the data directory");
  keys->Require(workload.laws.contains(workload.middle_law), "middle_law", "names one of the laws");
  keys->Require(workload.tenants >= 1, "tenants", "1 or more");
  keys->Require(workload.seeds >= 1, "seeds", "1 or more");
  keys->Require(workload.false_hit_budget > 0 && workload.false_hit_budget < 1, "false_hit_budget",
                "above 0 and below 1");
  for (const auto& [category, stays] : workload.facts) {
    keys->Require(stays > absl::ZeroDuration(), "facts", "are true for longer than 0");
  }
}

}  // namespace

absl::StatusOr<ReplayWorkload> ParseReplayWorkload(std::string_view json, const std::string& file) {
  const Json parsed = Json::parse(json.begin(), json.end(), nullptr, /*allow_exceptions=*/false,
                                  /*ignore_comments=*/true);
  if (parsed.is_discarded()) {
    return absl::InvalidArgumentError(absl::StrCat(file, ": is no JSON"));
  }
  ReplayWorkload workload;
  workload.name = std::filesystem::path(file).stem().string();
  Keys keys(parsed, file);
  keys.Read("trace", &workload.trace);
  keys.Visit("without_data", [&](const Json& found) {
    keys.Take(ReadMade(found, absl::StrCat(file, ": without_data"), &workload.made));
  });
  keys.Visit("model", [&](const Json& found) {
    keys.Take(ReadModel(found, absl::StrCat(file, ": model"), &workload.model));
  });
  keys.Visit("history", [&](const Json& found) {
    keys.Take(ReadHistory(found, absl::StrCat(file, ": history"), &workload));
  });
  keys.Read("tenants", &workload.tenants);
  keys.Read("groups", &workload.groups);
  keys.Read("singles", &workload.singles);
  keys.Read("rare", &workload.rare);
  keys.Read("rare_each", &workload.rare_each);
  keys.Read("shares", &workload.shares);
  keys.Visit("laws", [&](const Json& found) { ReadLaws(found, &keys, &workload); });
  keys.Read("middle_law", &workload.middle_law);
  keys.Visit("facts", [&](const Json& found) {
    for (const auto& [category, stays] : found.items()) {
      workload.facts[category] = keys.DurationOf("facts", stays);
    }
  });
  keys.Read("seeds", &workload.seeds);
  keys.Read("false_hit_budget", &workload.false_hit_budget);
  Check(workload, &keys);
  RETURN_IF_ERROR(keys.Finish());
  return workload;
}

absl::StatusOr<RepetitionLaw> LawNamed(const ReplayWorkload& workload, const std::string& law) {
  const auto found = workload.laws.find(law);
  if (found != workload.laws.end()) return found->second;
  return absl::InvalidArgumentError(absl::StrCat(
      "law \"", law, "\" is not one of ", workload.name, "; it has ",
      absl::StrJoin(workload.laws, ", ",
                    [](std::string* out, const auto& entry) { out->append(entry.first); })));
}

absl::StatusOr<ReplayWorkload> ReadReplayWorkload(const std::string& file) {
  std::ifstream input(file);
  if (!input) return absl::NotFoundError(absl::StrCat(file, ": cannot be read"));
  std::stringstream content;
  content << input.rdbuf();
  return ParseReplayWorkload(content.str(), file);
}

}  // namespace semcached
