#include "guard/speaker.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <string_view>

#include "guard/roles_data.h"
#include "guard/sorted_table.h"

namespace semcached::guard {
namespace {

static_assert(std::is_sorted(std::begin(kBetweenSpeakerAndVerb), std::end(kBetweenSpeakerAndVerb)));
static_assert(std::is_sorted(std::begin(kFormsOfBe), std::end(kFormsOfBe)));
static_assert(std::is_sorted(std::begin(kNoObjects), std::end(kNoObjects)));
static_assert(std::is_sorted(std::begin(kSpeakers), std::end(kSpeakers)));

// "me", "us"; but not the "US" of "US stocks".
bool IsSufferer(const Word& word, Tokens tokens) {
  return word.text == "me" || (word.text == "us" && !tokens[word.token].all_capitals);
}

// The word before `pronoun`; empty if it is not there.
std::string_view WordBefore(const Words& words, std::string_view pronoun) {
  for (size_t i = 1; i < words.size(); ++i) {
    if (words[i].text == pronoun) return words[i - 1].text;
  }
  return {};
}

bool CallsBack(const Words& a, const Words& b) {
  const std::string_view of_you = WordBefore(a, "you");
  if (of_you.empty() || of_you != WordBefore(b, "me")) return false;
  return HasWord(a, "i") && !HasWord(a, "me") && HasWord(b, "you") && !HasWord(b, "i");
}

// The verb of what the speaker at `at` does: "lent" of "I have just lent", "suing" of "I'm suing",
// "ended" of "I rear-ended"; nullptr if it is done to the speaker ("I am owed", "was I fired").
const Word* VerbOfSpeaker(const Prepared& text, size_t at) {
  const Words& words = text.words;
  const Tokens tokens = text.text.tokens();
  // Behind a form of "to be" only "-ing" says who does it.
  bool be = words[at].text == "i'm" || words[at].text == "we're" ||
            (at > 0 && Has(kFormsOfBe, words[at - 1].text));
  for (size_t i = at + 1; i < words.size(); ++i) {
    const std::string_view word = words[i].text;
    if (word == "am" || word == "are" || word == "was" || word == "were") {
      be = true;
    } else if (!Has(kBetweenSpeakerAndVerb, word)) {
      if (i + 1 < words.size() && tokens[words[i + 1].token - 1].text == "-") ++i;
      return be && !words[i].text.ends_with("ing") ? nullptr : &words[i];
    }
  }
  return nullptr;
}

// "I lent my brother", and not "I move to texas".
bool HasObject(const Words& words, const Word* verb) {
  const Word* const next = verb + 1;
  return next != words.data() + words.size() && !Has(kNoObjects, next->text);
}

// Whether the speaker of `text` does what `verb` says, to somebody.
bool SpeakerDoes(const Prepared& text, const Word& verb) {
  for (size_t i = 0; i < text.words.size(); ++i) {
    if (!Has(kSpeakers, text.words[i].text)) continue;
    const Word* const done = VerbOfSpeaker(text, i);
    if (done != nullptr && done->id == verb.id && HasObject(text.words, done)) return true;
  }
  return false;
}

// "find me a flight", "can you upgrade me", "what saves me the most": nobody is told of who does
// it.
bool IsAskedFor(const Words& words, size_t verb) {
  constexpr size_t kReach = 3;
  const bool begins = verb == 0 || words[verb - 1].text == "please" || words[verb - 1].text == "to";
  return begins ||
         std::any_of(words.begin() + static_cast<std::ptrdiff_t>(verb > kReach ? verb - kReach : 0),
                     words.begin() + static_cast<std::ptrdiff_t>(verb), [](const Word& word) {
                       return word.text == "you" || word.text == "what" || word.text == "which";
                     });
}

// Whether what `verb` says is done to the speaker of `text`.
bool IsDoneToSpeaker(const Prepared& text, const Word& verb) {
  for (size_t i = 1; i < text.words.size(); ++i) {
    if (IsSufferer(text.words[i], text.text.tokens()) && text.words[i - 1].id == verb.id) {
      return true;
    }
  }
  return false;
}

// What is done to the speaker of `a`, the speaker of `b` does. "Let me" says nothing.
bool TurnsOnSpeaker(const Prepared& a, const Prepared& b) {
  for (size_t i = 1; i < a.words.size(); ++i) {
    if (!IsSufferer(a.words[i], a.text.tokens())) continue;
    const Word& verb = a.words[i - 1];
    if (verb.filler || verb.number || verb.text == "let" || verb.text.starts_with("hurt") ||
        IsAskedFor(a.words, i - 1))
      continue;
    if (SpeakerDoes(b, verb) && !SpeakerDoes(a, verb) && !IsDoneToSpeaker(b, verb)) return true;
  }
  return false;
}

}  // namespace

int SideOfSpeaker(const Prepared& text) {
  bool doer = false;
  bool sufferer = false;
  for (const Word& word : text.words) {
    doer |= word.text == "i" || word.text == "we";
    sufferer |= IsSufferer(word, text.text.tokens());
  }
  return static_cast<int>(doer) - static_cast<int>(sufferer);
}

bool TradesSpeaker(const Prepared& a, const Prepared& b) {
  if (CallsBack(a.words, b.words) || CallsBack(b.words, a.words)) return true;
  // "was I fired by my boss" is "did my boss fire me".
  if (HasWord(a.words, "by") || HasWord(b.words, "by")) return false;
  return TurnsOnSpeaker(a, b) || TurnsOnSpeaker(b, a);
}

}  // namespace semcached::guard
