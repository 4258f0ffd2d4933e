// Texts as the token numbers of a BERT-like model.
#ifndef SEMCACHED_EMBED_WORDPIECE_H_
#define SEMCACHED_EMBED_WORDPIECE_H_

#include <absl/container/flat_hash_map.h>
#include <absl/status/statusor.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "embed/bert_words.h"

namespace semcached {

// WordPiece (Schuster and Nakajima, 2012) as BERT uses it: each word is cut greedily into the
// longest pieces of the vocabulary.
//
// Immutable, so thread-safe.
class WordPiece {
 public:
  // Reads the content of a Hugging Face tokenizer.json. InvalidArgument: it is not one, or not of a
  // BERT-like model; the message says which part.
  static absl::StatusOr<WordPiece> Parse(std::string_view tokenizer_json);

  // [CLS], the pieces of `text`, [SEP]: at most `max_tokens` (at least 2) in all, the rest of the
  // text is not looked at. Never fails: a word that no pieces make up is [UNK].
  //
  // A "[SEP]" written in the text is three words and not the special token, other than in Hugging
  // Face's library: the caller's text has no say in the structure.
  std::vector<int64_t> Encode(std::string_view text, size_t max_tokens) const;

  int64_t largest_id() const { return largest_id_; }
  int64_t unknown_id() const { return unknown_; }

 private:
  using Pieces = absl::flat_hash_map<std::string, int64_t>;

  WordPiece() = default;

  void AppendWord(std::string_view word, size_t chars, std::vector<int64_t>* ids) const;

  BertWordRules rules_;
  Pieces first_;              // pieces that begin a word
  Pieces following_;          // pieces that go on with one, without their prefix
  size_t longest_piece_ = 0;  // bytes
  int64_t cls_ = 0;
  int64_t sep_ = 0;
  int64_t unknown_ = 0;
  int64_t largest_id_ = 0;
};

}  // namespace semcached

#endif  // SEMCACHED_EMBED_WORDPIECE_H_
