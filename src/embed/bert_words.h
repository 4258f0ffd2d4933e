// Cuts a text into the words that BERT's vocabularies are made of; utf8proc stays in the .cc.
#ifndef SEMCACHED_EMBED_BERT_WORDS_H_
#define SEMCACHED_EMBED_BERT_WORDS_H_

#include <absl/functional/function_ref.h>

#include <cstddef>
#include <string_view>

namespace semcached {

struct BertWordRules {
  bool lower_case = true;
  bool strip_accents = true;
  bool split_chinese = true;  // each CJK ideograph is a word
  size_t max_word_chars = 100;
};

// Calls `visit` with each word and its length in characters until `visit` returns false. Control
// characters are dropped, white space ends a word, a punctuation mark is one. Of a word longer than
// max_word_chars only the beginning is handed out, with a length above the limit. Bytes that are no
// UTF-8 are dropped.
//
// As BertNormalizer and BertPreTokenizer of Hugging Face's tokenizers, after Google's
// BasicTokenizer.
void ForEachBertWord(std::string_view text, const BertWordRules& rules,
                     absl::FunctionRef<bool(std::string_view word, size_t chars)> visit);

}  // namespace semcached

#endif  // SEMCACHED_EMBED_BERT_WORDS_H_
