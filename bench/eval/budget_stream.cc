#include "eval/budget_stream.h"

#include <absl/container/flat_hash_map.h>

#include <algorithm>
#include <atomic>
#include <iostream>
#include <limits>
#include <random>
#include <string_view>
#include <thread>
#include <tuple>
#include <utility>

#include "semcached/base/call.h"
#include "semcached/base/clock.h"
#include "semcached/base/hash.h"
#include "semcached/base/status.h"
#include "semcached/base/text_groups.h"
#include "semcached/base/tsv.h"
#include "semcached/index/similarity.h"

namespace semcached::eval {
namespace {

constexpr size_t kBatch = 1000;  // texts between two lines of progress
constexpr size_t kBlock = 32;    // texts that are compared while another one is in cache

uint64_t Order(std::string_view text) { return KeyedHash(HashKey{}, text).low; }

// Copies what is wanted of a closure, text by text.
class Selection {
 public:
  Selection(TextGroups* from, QuestionSet* to) : from_(from), to_(to) {}

  void AddGroup(const std::vector<size_t>& members) {
    to_->groups.emplace_back();
    for (const size_t member : members) {
      to_->groups.back().push_back(to_->texts.size());
      to_->group_of.push_back(to_->groups.size() - 1);
      to_->texts.push_back(from_->texts()[member]);
    }
  }
  size_t AddSingle(size_t text) {
    const auto [found, added] = singles_.try_emplace(text, to_->texts.size());
    if (added) AddGroup({text});
    return found->second;
  }
  bool Has(size_t text) const { return singles_.contains(text); }

 private:
  TextGroups* const from_;
  QuestionSet* const to_;
  absl::flat_hash_map<size_t, size_t> singles_;
};

// Compares the texts of one block with all texts.
void CompareBlock(size_t begin, size_t end, QuestionSet* questions) {
  for (size_t other = 0; other < questions->texts.size(); ++other) {
    for (size_t text = begin; text < end; ++text) {
      const float similarity = DotProduct(questions->vectors[other], questions->vectors[text]);
      if (similarity < kLeastSimilarity || other == text) continue;
      questions->neighbours[text].push_back({similarity, other});
    }
  }
  for (size_t text = begin; text < end; ++text) {
    std::vector<Neighbour>& found = questions->neighbours[text];
    std::sort(found.begin(), found.end(), [](const Neighbour& a, const Neighbour& b) {
      return std::tie(b.similarity, a.text) < std::tie(a.similarity, b.text);
    });
  }
}

constexpr size_t kNowhere = std::numeric_limits<size_t>::max();

// `scope_of`: by text, the scope in which it is cached, or kNowhere.
Lookup LookUp(const QuestionSet& questions, const std::vector<size_t>& scope_of, size_t scope,
              size_t text) {
  Lookup lookup;
  lookup.text = text;
  for (const Neighbour& neighbour : questions.neighbours[text]) {
    if (scope_of[neighbour.text] != scope) continue;
    lookup.similarity = neighbour.similarity;
    lookup.entry = neighbour.text;
    lookup.right = questions.group_of[text] == questions.group_of[neighbour.text];
    break;
  }
  return lookup;
}

}  // namespace

QuestionSet GroupPairs(const std::vector<LabelledPair>& pairs, const QuestionLimits& limits) {
  TextGroups closure;
  std::vector<std::pair<size_t, size_t>> unlike;
  for (const LabelledPair& pair : pairs) {
    const size_t a = closure.Add(pair.text_a);
    const size_t b = closure.Add(pair.text_b);
    if (pair.duplicate) {
      closure.Join(a, b);
    } else {
      unlike.emplace_back(a, b);
    }
  }
  absl::flat_hash_map<size_t, std::vector<size_t>> members;
  for (size_t text = 0; text < closure.texts().size(); ++text) {
    members[closure.Root(text)].push_back(text);
  }
  QuestionSet questions;
  Selection selection(&closure, &questions);
  std::vector<size_t> single;
  for (size_t text = 0; text < closure.texts().size(); ++text) {
    if (closure.Root(text) != text) continue;
    const std::vector<size_t>& group = members[text];
    if (group.size() > 1) {
      selection.AddGroup(group);
    } else {
      single.push_back(text);
    }
  }
  questions.shared_groups = questions.groups.size();

  const auto by_hash = [&](size_t a, size_t b) {
    return Order(closure.texts()[a]) < Order(closure.texts()[b]);
  };
  std::sort(unlike.begin(), unlike.end(),
            [&](const auto& a, const auto& b) { return by_hash(a.first, b.first); });
  const auto is_single = [&](size_t text) { return members[closure.Root(text)].size() == 1; };
  for (const auto& [a, b] : unlike) {
    if (questions.unlike.size() == limits.unlike_pairs) break;
    if (!is_single(a) || !is_single(b) || a == b || selection.Has(a) || selection.Has(b)) continue;
    const size_t first = selection.AddSingle(a);
    questions.unlike.emplace_back(first, selection.AddSingle(b));
  }
  std::sort(single.begin(), single.end(), by_hash);
  for (const size_t text : single) {
    if (questions.single.size() == limits.single_texts) break;
    if (!selection.Has(text)) questions.single.push_back(selection.AddSingle(text));
  }
  return questions;
}

absl::StatusOr<QuestionSet> GroupDemo(const std::string& file) {
  std::vector<LabelledPair> pairs;
  absl::flat_hash_map<std::string, std::string> bases;
  bool head = true;
  RETURN_IF_ERROR(ReadTsv(file, 4, [&](const TsvFields& fields) {
    if (std::exchange(head, false)) return;
    const auto [base, added] = bases.try_emplace(fields[1], fields[3]);
    if (added) return;
    pairs.push_back({"demo", fields[2] == "paraphrase", base->second, fields[3]});
  }));
  return GroupPairs(pairs, {});
}

absl::Status EmbedQuestions(Embedder* embedder, QuestionSet* questions) {
  std::vector<std::string_view> texts(questions->texts.begin(), questions->texts.end());
  for (size_t begin = 0; begin < texts.size(); begin += kBatch) {
    const size_t count = std::min(kBatch, texts.size() - begin);
    ASSIGN_OR_RETURN(std::vector<std::vector<float>> made,
                     embedder->Embed({&texts[begin], count}, Call(SystemClock())));
    for (std::vector<float>& vector : made) {
      // What the model cannot tell apart from others has no vector, and finds nothing.
      if (vector.empty()) vector.resize(embedder->dimension());
      questions->vectors.push_back(std::move(vector));
    }
    std::cerr << "\rembedded " << begin + count << " of " << texts.size() << std::flush;
  }
  std::cerr << '\n';
  return absl::OkStatus();
}

void FindNeighbours(QuestionSet* questions) {
  const size_t texts = questions->texts.size();
  questions->neighbours.resize(texts);
  std::atomic<size_t> next{0};
  const auto work = [&] {
    for (size_t begin = next.fetch_add(kBlock); begin < texts; begin = next.fetch_add(kBlock)) {
      CompareBlock(begin, std::min(begin + kBlock, texts), questions);
      if (begin % 4096 == 0) std::cerr << "\rcompared " << begin << " of " << texts << std::flush;
    }
  };
  std::thread second(work);
  work();
  second.join();
  std::cerr << "\rcompared " << texts << " of " << texts << '\n';
}

Stream MakeStream(const QuestionSet& questions, size_t scopes, uint64_t seed) {
  std::mt19937_64 random(seed);
  const auto any_scope = [&] { return static_cast<size_t>(random() % scopes); };
  std::vector<size_t> home(questions.texts.size());  // by text: its scope
  std::vector<size_t> sides[2];
  for (size_t g = 0; g < questions.shared_groups; ++g) {
    std::vector<size_t> group = questions.groups[g];
    std::shuffle(group.begin(), group.end(), random);
    const size_t scope = any_scope();
    for (size_t i = 0; i < group.size(); ++i) {
      home[group[i]] = scope;
      sides[i % 2].push_back(group[i]);
    }
  }
  const size_t of_groups[2] = {sides[0].size(), sides[1].size()};
  for (const auto& [a, b] : questions.unlike) {
    const size_t side = random() % 2;
    home[a] = home[b] = any_scope();
    sides[side].push_back(a);
    sides[1 - side].push_back(b);
  }
  Stream stream;
  for (const size_t round : {0, 1}) {
    const std::vector<size_t>& asked = sides[1 - round];
    std::vector<size_t> scope_of(questions.texts.size(), kNowhere);
    for (const size_t entry : sides[round]) scope_of[entry] = home[entry];
    std::vector<std::pair<size_t, size_t>> lookups;  // scope, text
    lookups.reserve(asked.size() + questions.single.size());
    for (const size_t text : asked) lookups.emplace_back(home[text], text);
    for (const size_t text : questions.single) lookups.emplace_back(any_scope(), text);
    const size_t related = of_groups[1 - round];
    for (size_t i = 0; i < static_cast<size_t>(kStrangers * static_cast<double>(related)); ++i) {
      const size_t text = asked[random() % related];
      if (scopes == 1) break;  // there are no strangers
      lookups.emplace_back((home[text] + 1 + random() % (scopes - 1)) % scopes, text);
    }
    std::shuffle(lookups.begin(), lookups.end(), random);
    for (const auto& [scope, text] : lookups) {
      stream.lookups.push_back(LookUp(questions, scope_of, scope, text));
    }
    stream.entries = sides[round].size();
    stream.related += related;
  }
  return stream;
}

}  // namespace semcached::eval
