// A tokenizer.json as somebody may have put it in place, and texts as anybody may send them.
//
// The input is the file, and behind its last line break the text.
#include <string>

#include "embed/wordpiece.h"
#include "fuzz/fuzz.h"

namespace semcached {
namespace {

constexpr std::string_view kSmall =
    R"({"normalizer":{"type":"BertNormalizer"},"pre_tokenizer":{"type":"BertPreTokenizer"},)"
    R"("model":{"type":"WordPiece","vocab":{"[UNK]":0,"[CLS]":1,"[SEP]":2,"a":3,"##a":4,"ab":5,)"
    R"("##b":6,"1":7,"##1":8,"e":9,"é":10,"##é":11,"中":12,"!":13,"##":14}}})";

void TryEncode(const WordPiece& tokenizer, std::string_view text) {
  for (const size_t most : {2, 5, 512}) {
    const std::vector<int64_t> ids = tokenizer.Encode(text, most);
    Require(ids.size() >= 2 && ids.size() <= most, "as many tokens as may be");
    for (const int64_t id : ids) {
      Require(id >= 0 && id <= tokenizer.largest_id(), "a token is one of the vocabulary");
    }
  }
}

}  // namespace
}  // namespace semcached

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace semcached;
  static const WordPiece small = *WordPiece::Parse(kSmall);
  const std::string_view input = AsText(data, size);
  const size_t cut = std::min(input.rfind('\n'), input.size());
  const std::string_view text = input.substr(cut);
  TryEncode(small, text);
  const absl::StatusOr<WordPiece> parsed = WordPiece::Parse(input.substr(0, cut));
  if (parsed.ok()) TryEncode(*parsed, text);
  return 0;
}
