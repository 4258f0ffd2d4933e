#include "guard/prepared.h"

#include <algorithm>

namespace semcached::guard {
namespace {

constexpr size_t kMaxPhrase = 4;

// "m605dh", "3km": no word of its own.
bool TouchesDigits(const Text& text, size_t at) {
  const Tokens tokens = text.tokens();
  return (at > 0 && tokens[at].glued && tokens[at - 1].kind == TokenKind::kDigits) ||
         (at + 1 < tokens.size() && tokens[at + 1].glued &&
          tokens[at + 1].kind == TokenKind::kDigits);
}

Words ReadWords(const Text& text) {
  const Tokens tokens = text.tokens();
  Words words;
  words.reserve(tokens.size());
  bool quoted = false;
  size_t capitals = 0;
  for (size_t i = 0; i < tokens.size();) {
    if (tokens[i].kind == TokenKind::kSymbol ||
        (tokens[i].kind == TokenKind::kWord && TouchesDigits(text, i))) {
      if (tokens[i].text == "\"") quoted = !quoted;
      ++i;
      continue;
    }
    Word word;
    word.text = tokens[i].text;
    word.id = IdOf(word.text);
    word.number = tokens[i].kind == TokenKind::kDigits;
    word.info = FindWord(word.id);
    word.token = static_cast<uint32_t>(i);
    word.quoted = quoted;
    word.capital = tokens[i].capital && i > 0;
    size_t end = i + 1;
    WordId phrase = word.id;
    const WordInfo* known = word.info;
    for (size_t next = i + 1; known != nullptr && known->starts_phrase && next < tokens.size() &&
                              next < i + 2 * kMaxPhrase;
         ++next) {
      if (tokens[next].text == "-" || tokens[next].text == ".") continue;
      if (tokens[next].kind == TokenKind::kSymbol) break;
      phrase = JoinIds(phrase, IdOf(tokens[next].text));
      known = FindWord(phrase);
      if (known == nullptr || (known->meanings.empty() && known->kinds.empty())) continue;
      end = next + 1;
      word.id = phrase;
      word.info = known;
      word.text = text.Span(i, end);
    }
    word.senses = uint64_t{1} << (word.id % 64);
    if (word.info != nullptr) word.senses |= word.info->senses;
    word.filler = word.info != nullptr && word.info->filler;
    word.number = word.number || (word.info != nullptr && word.info->number);
    capitals += word.capital ? 1 : 0;
    words.push_back(word);
    i = end;
  }
  // In A Title capitals say nothing.
  if (capitals * 2 > words.size()) {
    for (Word& word : words) word.capital = false;
  }
  return words;
}

}  // namespace

bool HasWord(const Words& words, std::string_view text) {
  return std::any_of(words.begin(), words.end(),
                     [&](const Word& word) { return word.text == text; });
}

Prepared::Prepared(std::string_view raw_text)
    : raw(raw_text),
      text(raw_text),
      denials(ReadDenials(text)),
      numbers(ReadNumbers(text)),
      opposable(ReadOpposable(text, denials)),
      foci(ReadFoci(text)),
      words(ReadWords(text)) {}

}  // namespace semcached::guard
