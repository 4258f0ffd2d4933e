#include "main/load_workload.h"

#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/string_view.h>
#include <absl/strings/strip.h>
#include <absl/time/clock.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <numeric>

#include "semcached/base/status.h"

namespace semcached {
namespace {

constexpr char kRandomIdentity[] = "bench/random";
constexpr char kGivenIdentity[] = "bench/given";
constexpr double kNearSimilarity = 0.95;
constexpr double kShareTolerance = 1e-6;

std::vector<float> RandomUnit(std::mt19937_64& random, int dimension) {
  std::normal_distribution<float> normal;
  std::vector<float> vector(static_cast<size_t>(dimension));
  double square = 0;
  for (float& value : vector) {
    value = normal(random);
    square += static_cast<double>(value) * value;
  }
  for (float& value : vector) value = static_cast<float>(value / std::sqrt(square));
  return vector;
}

// Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.
uint64_t Mix(uint64_t value) {
  value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9;
  value = (value ^ (value >> 27)) * 0x94d049bb133111eb;
  return value ^ (value >> 31);
}
constexpr uint64_t kGolden = 0x9e3779b97f4a7c15;

// A tenth of the time of RandomUnit, since it is made for every request that needs it. Evenly
// distributed components are as good: the cosine of two such vectors spreads as that of normal
// ones.
std::vector<float> EvenUnit(uint64_t seed, size_t dimension) {
  constexpr float kScale = 1.0F / (1 << 23);
  std::vector<float> vector(dimension);
  float square = 0;
  for (size_t i = 0; i < dimension; ++i) {
    const auto bits = static_cast<int32_t>(Mix(seed + kGolden * (i + 1)) >> 40);
    vector[i] = static_cast<float>(bits - (1 << 23)) * kScale;
    square += vector[i] * vector[i];
  }
  const float scale = 1 / std::sqrt(square);
  for (float& value : vector) value *= scale;
  return vector;
}

// Of the given similarity to `vector`, up to the chance overlap of random directions.
std::vector<float> NearTo(const std::vector<float>& vector, std::mt19937_64& random) {
  const std::vector<float> other = RandomUnit(random, static_cast<int>(vector.size()));
  const auto along = static_cast<float>(kNearSimilarity);
  const auto across = static_cast<float>(std::sqrt(1 - kNearSimilarity * kNearSimilarity));
  std::vector<float> near(vector.size());
  for (size_t i = 0; i < near.size(); ++i) near[i] = along * vector[i] + across * other[i];
  return near;
}

constexpr char kText[] = "what is the entry called ";
// Other words, so that the exact path does not answer; the same numbers, so that no guard refuses.
constexpr char kOtherWords[] = "please tell ";
constexpr char kNothing[] = "nothing like it, number ";

std::string TextOf(int64_t entry) { return absl::StrCat(kText, entry); }

std::vector<float> Copy(absl::Span<const float> row) { return {row.begin(), row.end()}; }

int64_t AnyBelow(int64_t bound, std::mt19937_64& random) {
  return static_cast<int64_t>(random() % static_cast<uint64_t>(bound));
}

absl::StatusOr<absl::Duration> DurationOf(const nlohmann::json& value) {
  absl::Duration duration;
  if (value.is_string() && absl::ParseDuration(value.get<std::string>(), &duration)) {
    return duration;
  }
  return absl::InvalidArgumentError("is no duration, e.g. \"500ms\"");
}

absl::Status Set(const std::string& key, const nlohmann::json& value, Workload* workload) {
  if (key == "exact_hit") {
    workload->exact_hit = value.get<double>();
  } else if (key == "semantic_hit") {
    workload->semantic_hit = value.get<double>();
  } else if (key == "miss") {
    workload->miss = value.get<double>();
  } else if (key == "insert") {
    workload->insert = value.get<double>();
  } else if (key == "replace") {
    workload->replace = value.get<bool>();
  } else if (key == "embed") {
    workload->embed = value.get<bool>();
  } else if (key == "entries") {
    workload->entries = value.get<int64_t>();
  } else if (key == "categories") {
    workload->categories = value.get<std::vector<std::string>>();
  } else if (key == "namespaces") {
    workload->namespaces = value.get<int64_t>();
  } else if (key == "varied") {
    workload->varied = value.get<bool>();
  } else if (key == "ttl") {
    ASSIGN_OR_RETURN(workload->ttl, DurationOf(value));
  } else if (key == "expire_together") {
    workload->expire_together = value.get<bool>();
  } else if (key == "burst_period") {
    ASSIGN_OR_RETURN(workload->burst_period, DurationOf(value));
  } else if (key == "burst_share") {
    workload->burst_share = value.get<double>();
  } else {
    return absl::InvalidArgumentError("is no key of a workload");
  }
  return absl::OkStatus();
}

absl::Status Check(const Workload& workload) {
  const double shares =
      workload.exact_hit + workload.semantic_hit + workload.miss + workload.insert;
  const bool negative = workload.exact_hit < 0 || workload.semantic_hit < 0 || workload.miss < 0 ||
                        workload.insert < 0;
  if (negative || std::abs(shares - 1) > kShareTolerance) {
    return absl::InvalidArgumentError(absl::StrCat(
        "exact_hit, semantic_hit, miss and insert are shares that sum to 1, here to ", shares));
  }
  if (workload.entries < 1) return absl::InvalidArgumentError("entries: 1 at least");
  if (workload.categories.empty()) return absl::InvalidArgumentError("categories: one at least");
  if (workload.namespaces < 1) return absl::InvalidArgumentError("namespaces: 1 at least");
  if (workload.expire_together && workload.ttl <= absl::ZeroDuration()) {
    return absl::InvalidArgumentError("expire_together: needs a ttl above 0");
  }
  if (!(workload.burst_share > 0 && workload.burst_share <= 1)) {
    return absl::InvalidArgumentError("burst_share: above 0, to 1");
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Workload> ReadWorkload(const std::string& name_or_file) {
  std::string file = name_or_file;
  if (name_or_file.find('/') == std::string::npos && !std::filesystem::exists(file)) {
    file = absl::StrCat(SEMCACHED_WORKLOADS_DIR, "/", name_or_file, ".json");
  }
  std::ifstream input(file);
  if (!input) {
    return absl::NotFoundError(
        absl::StrCat(file, ": cannot be read; name a file, or one of ", SEMCACHED_WORKLOADS_DIR));
  }
  const auto json = nlohmann::json::parse(input, nullptr, /*allow_exceptions=*/false,
                                          /*ignore_comments=*/true);
  if (!json.is_object()) {
    return absl::InvalidArgumentError(absl::StrCat(file, ": is no JSON object"));
  }
  Workload workload;
  workload.name = std::filesystem::path(file).stem().string();
  for (const auto& [key, value] : json.items()) {
    absl::Status status;
    try {
      status = Set(key, value, &workload);
    } catch (const nlohmann::json::exception&) {
      status = absl::InvalidArgumentError("is of the wrong type");
    }
    if (!status.ok()) {
      return absl::InvalidArgumentError(absl::StrCat(file, ": ", key, ": ", status.message()));
    }
  }
  if (const absl::Status status = Check(workload); !status.ok()) {
    return absl::InvalidArgumentError(absl::StrCat(file, ": ", status.message()));
  }
  return workload;
}

std::mt19937_64 CallerRandom(uint64_t seed, int run, int caller) {
  std::seed_seq words{static_cast<uint32_t>(seed), static_cast<uint32_t>(seed >> 32),
                      static_cast<uint32_t>(run), static_cast<uint32_t>(caller)};
  return std::mt19937_64(words);
}

LoadRequests::LoadRequests(const Workload& workload, const Options& options)
    : workload_(workload),
      options_(options),
      body_(static_cast<size_t>(options.response_bytes), 'x') {}

LoadRequests::Kind LoadRequests::AnyKind(std::mt19937_64& random) const {
  double left = std::uniform_real_distribution<double>()(random);
  if ((left -= workload_.exact_hit) < 0) return Kind::kExactHit;
  if ((left -= workload_.semantic_hit) < 0) return Kind::kSemanticHit;
  if ((left -= workload_.miss) < 0) return Kind::kMiss;
  if (workload_.insert > 0) return Kind::kInsert;
  return workload_.miss > 0 ? Kind::kMiss : Kind::kExactHit;  // the shares are rounded
}

void LoadRequests::SetScope(int64_t entry, v1::Scope* scope) const {
  scope->set_model("bench-model");
  if (workload_.namespaces == 1) {
    scope->set_namespace_(options_.tenant);
    return;
  }
  const int64_t turn = entry / static_cast<int64_t>(workload_.categories.size());
  scope->set_namespace_(absl::StrCat(options_.tenant, "-", turn % workload_.namespaces));
}

absl::Status LoadRequests::CheckVectors(const Workload& workload, const Options& options) {
  if (workload.embed && (options.vectors != nullptr || options.misses != nullptr)) {
    return absl::InvalidArgumentError("this workload sends no vectors, so it takes none");
  }
  if (options.vectors == nullptr) return absl::OkStatus();
  const bool inserts = workload.insert > 0 && !workload.replace;
  const int64_t least = workload.entries + (inserts ? 1 : 0);
  if (options.vectors->count() >= least) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(options.vectors->count(), " vectors; ",
                                                 workload.entries, " entries",
                                                 inserts ? " and new ones" : "", " take ", least));
}

std::vector<float> LoadRequests::VectorOf(int64_t entry) const {
  if (options_.vectors != nullptr) return Copy(options_.vectors->Row(entry));
  const uint64_t seed = Mix(options_.seed * kGolden + static_cast<uint64_t>(entry));
  return EvenUnit(seed, static_cast<size_t>(options_.dimension));
}

std::vector<float> LoadRequests::NewVector(std::mt19937_64& random) const {
  if (options_.vectors == nullptr) return RandomUnit(random, options_.dimension);
  const int64_t others = options_.vectors->count() - workload_.entries;
  return Copy(options_.vectors->Row(workload_.entries + AnyBelow(others, random)));
}

std::vector<float> LoadRequests::MissedVector(std::mt19937_64& random) const {
  if (options_.misses == nullptr) return RandomUnit(random, options_.dimension);
  return Copy(options_.misses->Row(AnyBelow(options_.misses->count(), random)));
}

void LoadRequests::SetEmbedding(const std::vector<float>& vector, v1::Embedding* embedding) const {
  embedding->set_identity(options_.vectors == nullptr ? kRandomIdentity : kGivenIdentity);
  embedding->mutable_values()->Add(vector.begin(), vector.end());
}

const std::string& LoadRequests::CategoryOf(int64_t entry) const {
  return workload_.categories[static_cast<size_t>(entry) % workload_.categories.size()];
}

int64_t LoadRequests::MakeLookup(Kind kind, std::mt19937_64& random,
                                 v1::LookupRequest* request) const {
  const int64_t entry = AnyBelow(workload_.entries, random);
  SetScope(entry, request->mutable_scope());
  request->set_category(CategoryOf(entry));
  request->set_no_store(true);
  switch (kind) {
    case Kind::kExactHit:
      request->set_query(TextOf(entry));
      return entry;
    case Kind::kSemanticHit:
      request->set_query(absl::StrCat(kOtherWords, TextOf(entry)));
      if (!workload_.embed) {
        SetEmbedding(NearTo(VectorOf(entry), random), request->mutable_embedding());
      }
      return entry;
    default:
      request->set_query(absl::StrCat(kNothing, random()));
      if (!workload_.embed) SetEmbedding(MissedVector(random), request->mutable_embedding());
      return -1;
  }
}

std::string LoadRequests::AnswerOf(int64_t entry) const {
  if (!workload_.varied) return BodyOf(entry, body_);
  // Five bits a letter: what compresses well sees eight become five.
  constexpr char kLetters[] = "abcdefghijklmnopqrstuvwxyz ,.-et";
  const uint64_t seed = Mix(~options_.seed * kGolden + static_cast<uint64_t>(entry));
  std::string letters = body_;
  for (size_t i = 0; i < letters.size(); ++i) {
    letters[i] = kLetters[Mix(seed + kGolden * (i / 12)) >> (5 * (i % 12)) & 31];
  }
  return BodyOf(entry, letters);
}

void LoadRequests::Fill(int64_t entry, const std::vector<float>& vector,
                        v1::InsertRequest* request) const {
  SetScope(entry, request->mutable_scope());
  request->set_query(TextOf(entry));
  if (!workload_.embed) SetEmbedding(vector, request->mutable_embedding());
  request->set_category(CategoryOf(entry));
  request->mutable_response()->set_body(AnswerOf(entry));
  if (workload_.expire_together) {
    // What comes after the end is still stored, and gone at once.
    const absl::Duration left = options_.begin + workload_.ttl - absl::Now();
    absl::Duration part;
    request->mutable_ttl()->set_seconds(
        absl::IDivDuration(std::max(left, absl::Milliseconds(1)), absl::Seconds(1), &part));
    request->mutable_ttl()->set_nanos(static_cast<int32_t>(absl::ToInt64Nanoseconds(part)));
  } else if (workload_.ttl > absl::ZeroDuration()) {
    request->mutable_ttl()->set_seconds(
        absl::ToInt64Seconds(absl::Ceil(workload_.ttl, absl::Seconds(1))));
  }
}

void LoadRequests::MakeInsert(std::mt19937_64& random, v1::InsertRequest* request) const {
  if (workload_.replace) {
    MakeEntry(AnyBelow(workload_.entries, random), request);
    return;
  }
  const auto number = static_cast<int64_t>(random() >> 2);
  Fill(number, workload_.embed ? std::vector<float>() : NewVector(random), request);
}

void LoadRequests::MakeEntry(int64_t entry, v1::InsertRequest* request) const {
  Fill(entry, workload_.embed ? std::vector<float>() : VectorOf(entry), request);
}

LoadRequests::Asked LoadRequests::WhatIsAsked(const v1::LookupRequest& request) {
  absl::string_view text = request.query();
  const bool semantic = absl::ConsumePrefix(&text, kOtherWords);
  int64_t entry = -1;
  if (!absl::ConsumePrefix(&text, kText) || !absl::SimpleAtoi(text, &entry)) return {};
  return {semantic ? Kind::kSemanticHit : Kind::kExactHit, entry};
}

std::string LoadRequests::BodyOf(int64_t entry, const std::string& filler) {
  return absl::StrCat(entry, " ", filler);
}

bool LoadRequests::IsRight(int64_t entry, const v1::LookupRequest& request,
                           const v1::LookupResponse& response) const {
  const std::string& body = response.response().body();
  int64_t answered = -1;
  if (entry < 0 || !absl::SimpleAtoi(body.substr(0, body.find(' ')), &answered)) return false;
  if (answered == entry) return true;
  if (options_.vectors == nullptr || answered < 0 || answered >= workload_.entries ||
      request.embedding().values_size() != options_.dimension) {
    return false;
  }
  constexpr double kRounding = 1e-3;
  const absl::Span<const float> row = options_.vectors->Row(answered);
  const auto& values = request.embedding().values();
  const double product = std::inner_product(row.begin(), row.end(), values.begin(), 0.0);
  const double square = std::inner_product(values.begin(), values.end(), values.begin(), 0.0);
  const double similarity = product / std::sqrt(square);
  return std::abs(similarity - response.similarity()) < kRounding &&
         response.similarity() >= response.similarity_threshold();
}

}  // namespace semcached
