#include "semcached/verify/verifier_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>
#include <random>

#include "semcached/base/hash.h"
#include "support/temp_dir.h"
#include "verify/features.h"

namespace semcached {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TrainedVerifier Example(const std::string& category = "code") {
  std::mt19937_64 random(1);
  std::normal_distribution<float> normal;
  TrainedVerifier verifier;
  verifier.category = category;
  verifier.identity = "mini@1/2";
  verifier.model.dimension = 2;
  VerifierNetwork network;
  network.hidden.resize(verify::FeatureCount(2) * VerifierNetwork::kHidden);
  network.hidden_bias.resize(VerifierNetwork::kHidden);
  network.output.resize(VerifierNetwork::kHidden);
  for (float& weight : network.hidden) weight = normal(random);
  for (float& weight : network.output) weight = normal(random);
  network.output_bias = 0.25F;
  verifier.model.networks = {network};
  std::array<double, CutTable::kSize> cuts;
  for (size_t i = 0; i < cuts.size(); ++i) cuts[i] = static_cast<double>(i) / 15;
  verifier.rule = {{0.1, 0.2}, CutTable(cuts)};
  verifier.evidence.pairs = 1000;
  verifier.evidence.ratio = 0.6;
  verifier.evidence.adopted = true;
  verifier.evidence.reason = "a gain";
  return verifier;
}

std::string Read(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// Places of bytes to damage: all but those amid the weights, of which a sample does.
std::vector<size_t> Places(const std::string& bytes) {
  std::vector<size_t> places;
  for (size_t i = 0; i < bytes.size(); i += i < 600 || i + 600 > bytes.size() ? 1 : 511) {
    places.push_back(i);
  }
  return places;
}

// With a checksum that is right.
std::string Sealed(std::string bytes) {
  bytes.resize(bytes.size() - 4);
  const uint32_t crc = Crc32(bytes);
  return bytes.append(reinterpret_cast<const char*>(&crc), 4);
}

TEST(VerifierCodecTest, WhatIsEncodedDecodesToTheSame) {
  const absl::StatusOr<TrainedVerifier> decoded = DecodeVerifier(EncodeVerifier(Example()));
  ASSERT_TRUE(decoded.ok()) << decoded.status();
  EXPECT_EQ(*decoded, Example());
}

TEST(VerifierCodecTest, OneThatHadTooLittleToLearnFromHasNoNetworks) {
  TrainedVerifier verifier = Example();
  verifier.model = {};
  verifier.evidence.adopted = false;
  EXPECT_EQ(*DecodeVerifier(EncodeVerifier(verifier)), verifier);
  verifier.evidence.adopted = true;
  EXPECT_TRUE(absl::IsDataLoss(DecodeVerifier(EncodeVerifier(verifier)).status()));
}

TEST(VerifierCodecTest, EveryByteThatIsFlippedIsFound) {
  const std::string bytes = EncodeVerifier(Example());
  for (const size_t i : Places(bytes)) {
    std::string damaged = bytes;
    damaged[i] = static_cast<char>(damaged[i] ^ 0x10);
    ASSERT_TRUE(absl::IsDataLoss(DecodeVerifier(damaged).status())) << i;
  }
}

TEST(VerifierCodecTest, EveryByteThatIsFlippedUnderAGoodChecksumIsRefusedOrReadAsItStands) {
  const std::string bytes = EncodeVerifier(Example());
  for (const size_t i : Places(bytes)) {
    if (i + 4 >= bytes.size()) continue;
    std::string changed = bytes;
    changed[i] = static_cast<char>(changed[i] ^ 0x80);
    changed = Sealed(changed);
    const absl::StatusOr<TrainedVerifier> decoded = DecodeVerifier(changed);
    // No two files mean the same, so what is read is what stands there.
    if (!decoded.ok()) continue;
    ASSERT_EQ(EncodeVerifier(*decoded), changed) << i;
  }
}

TEST(VerifierCodecTest, WhatIsCutOffOrTooLongIsDataLoss) {
  const std::string bytes = EncodeVerifier(Example());
  for (size_t size = 0; size < bytes.size(); size += size < 600 ? 37 : 2003) {
    EXPECT_TRUE(absl::IsDataLoss(DecodeVerifier(bytes.substr(0, size)).status())) << size;
    if (size < 4) continue;
    EXPECT_FALSE(DecodeVerifier(Sealed(bytes.substr(0, size))).ok()) << size;
  }
  EXPECT_FALSE(DecodeVerifier(Sealed(bytes + "more")).ok());
}

TEST(VerifierCodecTest, AnotherVersionIsToldFromDamage) {
  std::string bytes = EncodeVerifier(Example());
  bytes[std::string_view("semcached verifier\n").size()] = 2;
  const absl::Status status = DecodeVerifier(Sealed(bytes)).status();
  EXPECT_TRUE(absl::IsFailedPrecondition(status));
  EXPECT_THAT(std::string(status.message()), HasSubstr("format 2"));
}

TEST(VerifierCodecTest, WeightsThatAreNotFiniteAreDataLoss) {
  TrainedVerifier verifier = Example();
  verifier.model.networks[0].hidden[5] = std::numeric_limits<float>::infinity();
  EXPECT_TRUE(absl::IsDataLoss(DecodeVerifier(EncodeVerifier(verifier)).status()));
}

TEST(VerifierFileTest, SavedOnesAreLoadedInOrder) {
  const TempDir dir;
  const std::string place = dir / "verifiers";
  EXPECT_THAT(LoadVerifiers(place)->verifiers, IsEmpty());
  ASSERT_TRUE(SaveVerifier(place, Example("medical")).ok());
  ASSERT_TRUE(SaveVerifier(place, Example("code")).ok());
  TrainedVerifier newer = Example("medical");
  newer.evidence.pairs = 2000;
  ASSERT_TRUE(SaveVerifier(place, newer).ok());
  const absl::StatusOr<LoadedVerifiers> loaded = LoadVerifiers(place);
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  EXPECT_THAT(loaded->refused, IsEmpty());
  ASSERT_THAT(loaded->verifiers, SizeIs(2));
  EXPECT_EQ(loaded->verifiers[0], Example("code"));
  EXPECT_EQ(loaded->verifiers[1], newer);
}

TEST(VerifierFileTest, TheFileIsItsOwnersAndNothingIsLeftBeside) {
  const TempDir dir;
  dir.Write("code.verifier.new", "left behind by a crash");
  ASSERT_TRUE(SaveVerifier(dir.path(), Example()).ok());
  struct stat status = {};
  ASSERT_EQ(stat((dir / "code.verifier").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600U);
  EXPECT_FALSE(std::filesystem::exists(dir / "code.verifier.new"));
  EXPECT_EQ(Read(dir / "code.verifier"), EncodeVerifier(Example()));
}

TEST(VerifierFileTest, ABadFileIsNamedAndTheOthersAreLoaded) {
  const TempDir dir;
  ASSERT_TRUE(SaveVerifier(dir.path(), Example("code")).ok());
  dir.Write("legal.verifier", Read(dir / "code.verifier"));
  dir.Write("math.verifier", "nothing of the kind");
  dir.Write("notes.txt", "left alone");
  const absl::StatusOr<LoadedVerifiers> loaded = LoadVerifiers(dir.path());
  ASSERT_TRUE(loaded.ok());
  EXPECT_THAT(loaded->verifiers, SizeIs(1));
  ASSERT_THAT(loaded->refused, SizeIs(2));
  EXPECT_THAT(std::string(loaded->refused[0].message()),
              HasSubstr("legal.verifier: is the verifier of code"));
  EXPECT_THAT(std::string(loaded->refused[1].message()), HasSubstr("math.verifier"));
}

TEST(VerifierFileTest, ACategoryThatIsNoFileNameIsRefused) {
  const TempDir dir;
  for (const std::string category : {"", ".", "../up", "a/b"}) {
    EXPECT_TRUE(absl::IsInvalidArgument(SaveVerifier(dir.path(), Example(category)))) << category;
  }
}

TEST(VerifierFileTest, AFileInTheDirectorysPlaceIsAnError) {
  const TempDir dir;
  const std::string file = dir.Write("verifiers", "a file");
  EXPECT_TRUE(absl::IsUnavailable(LoadVerifiers(file).status()));
  EXPECT_TRUE(absl::IsUnavailable(SaveVerifier(file, Example())));
}

}  // namespace
}  // namespace semcached
