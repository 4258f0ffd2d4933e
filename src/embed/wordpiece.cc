#include "embed/wordpiece.h"

#include <absl/strings/str_cat.h>
#include <absl/strings/string_view.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "semcached/base/status.h"

namespace semcached {
namespace {

using Json = nlohmann::json;

absl::Status Wrong(const absl::AlphaNum& what) {
  return absl::InvalidArgumentError(absl::StrCat("not a tokenizer.json of WordPiece: ", what));
}

const Json& At(const Json& object, const char* name) {
  static const Json kNull;
  if (!object.is_object()) return kNull;
  const auto found = object.find(name);
  return found == object.end() ? kNull : *found;
}

bool IsOfType(const Json& object, std::string_view type) {
  const Json& name = At(object, "type");
  return name.is_string() && name.get_ref<const std::string&>() == type;
}

std::string TextAt(const Json& object, const char* name, const char* otherwise) {
  const Json& value = At(object, name);
  return value.is_string() ? value.get<std::string>() : otherwise;
}

bool FlagAt(const Json& object, const char* name, bool otherwise) {
  const Json& value = At(object, name);
  return value.is_boolean() ? value.get<bool>() : otherwise;
}

// Where a character begins, at or before `end`.
size_t CharBoundary(std::string_view text, size_t end) {
  while (end > 0 && end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) {
    --end;
  }
  return end;
}

}  // namespace

absl::StatusOr<WordPiece> WordPiece::Parse(std::string_view tokenizer_json) {
  const Json root = Json::parse(tokenizer_json, /*cb=*/nullptr, /*allow_exceptions=*/false);
  if (root.is_discarded()) return Wrong("it is not JSON");
  const Json& model = At(root, "model");
  const Json& normalizer = At(root, "normalizer");
  if (!IsOfType(model, "WordPiece")) return Wrong("model.type is not \"WordPiece\"");
  if (!IsOfType(normalizer, "BertNormalizer")) {
    return Wrong("normalizer.type is not \"BertNormalizer\"");
  }
  if (!IsOfType(At(root, "pre_tokenizer"), "BertPreTokenizer")) {
    return Wrong("pre_tokenizer.type is not \"BertPreTokenizer\"");
  }
  const Json& vocabulary = At(model, "vocab");
  if (!vocabulary.is_object()) return Wrong("model.vocab is missing");

  WordPiece result;
  result.rules_.lower_case = FlagAt(normalizer, "lowercase", true);
  result.rules_.strip_accents = FlagAt(normalizer, "strip_accents", result.rules_.lower_case);
  result.rules_.split_chinese = FlagAt(normalizer, "handle_chinese_chars", true);
  if (const Json& limit = At(model, "max_input_chars_per_word"); limit.is_number_unsigned()) {
    result.rules_.max_word_chars = std::min<size_t>(limit.get<size_t>(), 1000);
  }

  const std::string prefix = TextAt(model, "continuing_subword_prefix", "##");
  for (const auto& [piece, number] : vocabulary.items()) {
    if (!number.is_number_unsigned() || number.get<uint64_t>() > INT32_MAX) {
      return Wrong("model.vocab has a piece whose value is no token number");
    }
    const auto id = number.get<int64_t>();
    result.largest_id_ = std::max(result.largest_id_, id);
    result.longest_piece_ = std::max(result.longest_piece_, piece.size());
    result.first_.emplace(piece, id);
    if (piece.size() > prefix.size() && piece.compare(0, prefix.size(), prefix) == 0) {
      result.following_.emplace(piece.substr(prefix.size()), id);
    }
  }
  const std::string unknown = TextAt(model, "unk_token", "[UNK]");
  for (const auto& [name, id] : {std::pair<std::string, int64_t*>{"[CLS]", &result.cls_},
                                 {"[SEP]", &result.sep_},
                                 {unknown, &result.unknown_}}) {
    const auto found = result.first_.find(name);
    if (found == result.first_.end()) return Wrong(absl::StrCat("model.vocab lacks ", name));
    *id = found->second;
  }
  return result;
}

std::vector<int64_t> WordPiece::Encode(std::string_view text, size_t max_tokens) const {
  std::vector<int64_t> ids = {cls_};
  ForEachBertWord(text, rules_, [&](std::string_view word, size_t chars) {
    AppendWord(word, chars, &ids);
    return ids.size() + 1 < max_tokens;
  });
  ids.resize(std::min(ids.size(), max_tokens - 1));
  ids.push_back(sep_);
  return ids;
}

void WordPiece::AppendWord(std::string_view word, size_t chars, std::vector<int64_t>* ids) const {
  const size_t size_before = ids->size();
  if (chars > rules_.max_word_chars) {
    ids->push_back(unknown_);
    return;
  }
  while (!word.empty()) {
    const Pieces& pieces = ids->size() == size_before ? first_ : following_;
    size_t end = CharBoundary(word, std::min(word.size(), longest_piece_));
    auto found = pieces.end();
    while (end > 0) {
      found = pieces.find(absl::string_view(word.data(), end));
      if (found != pieces.end()) break;
      end = CharBoundary(word, end - 1);
    }
    if (end == 0) {
      ids->resize(size_before);
      ids->push_back(unknown_);
      return;
    }
    ids->push_back(found->second);
    word.remove_prefix(end);
  }
}

}  // namespace semcached
