#include "semcached/verify/verifier_file.h"

#include <absl/strings/str_cat.h>
#include <absl/strings/strip.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>

#include "semcached/base/byte_io.h"
#include "semcached/base/hash.h"
#include "semcached/base/replaced_file.h"
#include "semcached/base/status.h"

namespace semcached {
namespace {

constexpr std::string_view kMagic = "semcached verifier\n";
constexpr uint8_t kVersion = 1;
constexpr std::string_view kSuffix = ".verifier";
constexpr size_t kMaxWeights = size_t{1} << 24;

void Write(const VerifierEvidence& evidence, ByteWriter& out) {
  for (const uint64_t count : {evidence.pairs, evidence.duplicates, evidence.groups,
                               evidence.held_out_pairs, evidence.held_out_duplicates}) {
    out.Number(count);
  }
  for (const double figure :
       {evidence.reference_threshold, evidence.auc_cosine, evidence.auc_rule, evidence.hit_rate,
        evidence.false_accept_cosine, evidence.false_accept_rule, evidence.ratio,
        evidence.ratio_low, evidence.ratio_high}) {
    out.Number(figure);
  }
  out.Number(static_cast<uint8_t>(evidence.adopted));
  out.Field(evidence.reason);
}

// Fails on what is no finite number.
double Finite(ByteReader& in) {
  const auto number = in.Number<double>();
  if (!std::isfinite(number)) in.Fail();
  return number;
}

VerifierEvidence ReadEvidence(ByteReader& in) {
  VerifierEvidence evidence;
  for (uint64_t* count : {&evidence.pairs, &evidence.duplicates, &evidence.groups,
                          &evidence.held_out_pairs, &evidence.held_out_duplicates}) {
    *count = in.Number<uint64_t>();
  }
  for (double* figure :
       {&evidence.reference_threshold, &evidence.auc_cosine, &evidence.auc_rule, &evidence.hit_rate,
        &evidence.false_accept_cosine, &evidence.false_accept_rule, &evidence.ratio,
        &evidence.ratio_low, &evidence.ratio_high}) {
    *figure = Finite(in);
  }
  evidence.adopted = in.Flag();
  evidence.reason = in.Field();
  return evidence;
}

void Write(const VerifierModel& model, ByteWriter& out) {
  out.Number(static_cast<uint32_t>(model.dimension));
  out.Number(static_cast<uint32_t>(model.networks.size()));
  for (const VerifierNetwork& network : model.networks) {
    out.Floats(network.hidden);
    out.Floats(network.hidden_bias);
    out.Floats(network.output);
    out.Number(network.output_bias);
  }
}

VerifierModel ReadModel(ByteReader& in) {
  VerifierModel model;
  model.dimension = in.Number<uint32_t>();
  const auto networks = in.Number<uint32_t>();
  if (networks > kMaxVerifierNetworks) in.Fail();
  for (uint32_t i = 0; i < networks && in.ok(); ++i) {
    VerifierNetwork network;
    network.hidden = in.Floats(kMaxWeights);
    network.hidden_bias = in.Floats(kMaxWeights);
    network.output = in.Floats(kMaxWeights);
    network.output_bias = in.Number<float>();
    model.networks.push_back(std::move(network));
  }
  return model;
}

VerifyRule ReadRule(ByteReader& in) {
  VerifyRule rule;
  rule.band.below = Finite(in);
  rule.band.above = Finite(in);
  std::array<double, CutTable::kSize> cuts = {};
  for (double& cut : cuts) cut = Finite(in);
  rule.cuts = CutTable(cuts);
  return rule;
}

bool IsFileName(std::string_view category) {
  return !category.empty() && category.front() != '.' && category.size() <= 128 &&
         category.find('/') == std::string_view::npos &&
         category.find('\0') == std::string_view::npos;
}

absl::StatusOr<std::string> PathOf(const std::string& directory, std::string_view category) {
  if (IsFileName(category)) return directory + "/" + std::string(category) + std::string(kSuffix);
  return absl::InvalidArgumentError(
      absl::StrCat("category \"", std::string(category),
                   "\" cannot be a file's name; should have no slash or leading dot"));
}

absl::StatusOr<TrainedVerifier> LoadFile(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  const std::string bytes(std::istreambuf_iterator<char>(in), {});
  if (!in) return absl::UnavailableError("cannot be read");
  ASSIGN_OR_RETURN(TrainedVerifier verifier, DecodeVerifier(bytes));
  if (verifier.category != path.stem().string()) {
    return absl::DataLossError(absl::StrCat("is the verifier of ", verifier.category));
  }
  return verifier;
}

}  // namespace

std::string EncodeVerifier(const TrainedVerifier& verifier) {
  ByteWriter out;
  out.Raw(kMagic);
  out.Number(kVersion);
  out.Field(verifier.category);
  out.Field(verifier.identity);
  out.Number(verifier.rule.band.below);
  out.Number(verifier.rule.band.above);
  for (const double cut : verifier.rule.cuts.cuts()) out.Number(cut);
  Write(verifier.evidence, out);
  Write(verifier.model, out);
  out.Number(Crc32(out.bytes()));
  return std::move(out).Take();
}

absl::StatusOr<TrainedVerifier> DecodeVerifier(std::string_view bytes) {
  const absl::Status damaged = absl::DataLossError("verifier is damaged; train it anew");
  if (bytes.size() < kMagic.size() + sizeof(kVersion) + sizeof(uint32_t)) return damaged;
  const std::string_view sealed = bytes.substr(0, bytes.size() - sizeof(uint32_t));
  if (ByteReader(bytes.substr(sealed.size())).Number<uint32_t>() != Crc32(sealed)) return damaged;
  ByteReader in(sealed);
  if (in.Raw(kMagic.size()) != kMagic) return damaged;
  if (const auto version = in.Number<uint8_t>(); version != kVersion) {
    return absl::FailedPreconditionError(absl::StrCat(
        "verifier has format ", version, "; this program knows ", kVersion, ": train it anew"));
  }
  TrainedVerifier verifier;
  verifier.category = in.Field();
  verifier.identity = in.Field();
  verifier.rule = ReadRule(in);
  verifier.evidence = ReadEvidence(in);
  verifier.model = ReadModel(in);
  if (!in.Done()) return damaged;
  // One that was not adopted may have no model.
  if (!verifier.model.networks.empty() || verifier.evidence.adopted) {
    if (!MakeLearnedVerifier(verifier.identity, verifier.model).ok()) return damaged;
  }
  return verifier;
}

absl::Status SaveVerifier(const std::string& directory, const TrainedVerifier& verifier) {
  ASSIGN_OR_RETURN(const std::string path, PathOf(directory, verifier.category));
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  if (error) return absl::UnavailableError(absl::StrCat(directory, ": ", error.message()));
  ASSIGN_OR_RETURN(ReplacedFile file, ReplacedFile::Begin(path));
  RETURN_IF_ERROR(file.Append(EncodeVerifier(verifier)));
  return file.Commit();
}

absl::StatusOr<LoadedVerifiers> LoadVerifiers(const std::string& directory) {
  LoadedVerifiers loaded;
  std::error_code error;
  if (!std::filesystem::exists(directory, error) && !error) return loaded;
  std::vector<std::filesystem::path> paths;
  for (auto entry = std::filesystem::directory_iterator(directory, error);
       !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) {
    if (entry->path().extension() == kSuffix) paths.push_back(entry->path());
  }
  if (error) return absl::UnavailableError(absl::StrCat(directory, ": ", error.message()));
  std::sort(paths.begin(), paths.end());
  for (const std::filesystem::path& path : paths) {
    absl::StatusOr<TrainedVerifier> verifier = LoadFile(path);
    if (verifier.ok()) {
      loaded.verifiers.push_back(*std::move(verifier));
    } else {
      loaded.refused.emplace_back(verifier.status().code(),
                                  absl::StrCat(path.string(), ": ", verifier.status().message()));
    }
  }
  return loaded;
}

}  // namespace semcached
