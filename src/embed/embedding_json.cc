#include "embed/embedding_json.h"

#include <absl/strings/str_cat.h>

#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "embed/unit_length.h"
#include "semcached/base/status.h"

namespace semcached {
namespace {

using Json = nlohmann::json;

absl::Status Wrong(const absl::AlphaNum& what) {
  return absl::UnavailableError(absl::StrCat("the embeddings endpoint's answer ", what));
}

// Null if `object` is no object or has no such member.
const Json* Member(const Json& object, const char* name) {
  if (!object.is_object()) return nullptr;
  const auto found = object.find(name);
  return found == object.end() ? nullptr : &*found;
}

absl::StatusOr<std::vector<float>> ParseVector(const Json& values, size_t dimension) {
  if (!values.is_array()) return Wrong("has an embedding that is no array of numbers");
  if (values.size() != dimension) {
    return Wrong(absl::StrCat("has an embedding of ", values.size(), " components; ", dimension,
                              " are configured"));
  }
  std::vector<double> numbers;
  numbers.reserve(dimension);
  for (const Json& value : values) {
    if (!value.is_number()) return Wrong("has an embedding with a component that is no number");
    numbers.push_back(value.get<double>());
  }
  std::optional<std::vector<float>> unit = UnitLength(numbers);
  if (!unit) return Wrong("has an embedding of zeros");
  return *std::move(unit);
}

}  // namespace

std::string EmbeddingRequest(std::string_view model, absl::Span<const std::string_view> texts) {
  Json request;
  request["model"] = model;
  request["encoding_format"] = "float";
  request["input"] = Json::array();
  for (const std::string_view text : texts) request["input"].push_back(text);
  return request.dump(-1, ' ', false, Json::error_handler_t::replace);
}

absl::StatusOr<std::vector<std::vector<float>>> ParseEmbeddingAnswer(std::string_view body,
                                                                     size_t count,
                                                                     size_t dimension) {
  // Numbers that no double holds count as broken JSON here, as do NaN and Infinity.
  const Json answer = Json::parse(body, /*cb=*/nullptr, /*allow_exceptions=*/false);
  if (answer.is_discarded()) return Wrong("is not JSON");
  const Json* data = Member(answer, "data");
  if (data == nullptr || !data->is_array()) return Wrong("has no array \"data\"");
  if (data->size() != count) {
    return Wrong(absl::StrCat("has ", data->size(), " embeddings for ", count, " texts"));
  }
  std::vector<std::vector<float>> vectors(count);
  for (const Json& one : *data) {
    const Json* index = Member(one, "index");
    const Json* values = Member(one, "embedding");
    if (index == nullptr || !index->is_number_unsigned() || values == nullptr) {
      return Wrong("has an embedding without \"index\" and \"embedding\"");
    }
    const uint64_t position = index->get<uint64_t>();
    if (position >= count || !vectors[position].empty()) {
      return Wrong("has an index twice or out of range");
    }
    ASSIGN_OR_RETURN(vectors[position], ParseVector(*values, dimension));
  }
  return vectors;
}

}  // namespace semcached
