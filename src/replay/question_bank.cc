#include "semcached/replay/question_bank.h"

#include <absl/container/flat_hash_map.h>
#include <absl/strings/str_cat.h>

#include <algorithm>
#include <functional>
#include <iterator>
#include <utility>

#include "semcached/base/call.h"
#include "semcached/base/clock.h"
#include "semcached/base/hash.h"
#include "semcached/base/status.h"
#include "semcached/base/text_groups.h"
#include "semcached/base/tsv.h"

namespace semcached {
namespace {

// Every row but the first, which names the columns.
absl::Status ReadRows(const std::string& file, size_t columns,
                      const std::function<void(const TsvFields&)>& take) {
  bool named = false;
  return ReadTsv(file, columns, [&](const TsvFields& fields) {
    if (std::exchange(named, true)) take(fields);
  });
}

Intents IntentsOf(TextGroups* groups) {
  std::vector<Intent> by_root(groups->texts().size());
  for (size_t text = 0; text < by_root.size(); ++text) {
    by_root[groups->Root(text)].texts.push_back(groups->texts()[text]);
  }
  std::erase_if(by_root, [](const Intent& intent) { return intent.texts.empty(); });
  return by_root;
}

bool IsForReports(const std::string& text_a) { return Crc32(text_a) % 2 != 0; }

void KeepSmallestHashes(size_t most, Intents* intents) {
  const auto order = [](const Intent& intent) {
    return KeyedHash(HashKey{}, intent.texts.front()).low;
  };
  std::sort(intents->begin(), intents->end(),
            [&](const Intent& a, const Intent& b) { return order(a) < order(b); });
  if (intents->size() > most) intents->resize(most);
}

void Append(Intents more, Intents* intents) {
  std::move(more.begin(), more.end(), std::back_inserter(*intents));
}

absl::Status ReadPairs(const QuestionSources& sources, Intents* intents) {
  TextGroups questions;
  RETURN_IF_ERROR(ReadRows(sources.pairs, 4, [&](const TsvFields& fields) {
    if (fields[0] != "qqp" || !IsForReports(fields[2])) return;
    const size_t a = questions.Add(fields[2]);
    const size_t b = questions.Add(fields[3]);
    if (fields[1] == "1") questions.Join(a, b);
  }));
  Intents groups = IntentsOf(&questions);
  const auto single = std::stable_partition(
      groups.begin(), groups.end(), [](const Intent& intent) { return intent.texts.size() > 1; });
  Intents singles(std::make_move_iterator(single), std::make_move_iterator(groups.end()));
  groups.erase(single, groups.end());
  KeepSmallestHashes(sources.groups, &groups);
  KeepSmallestHashes(sources.singles, &singles);
  Append(std::move(groups), intents);
  Append(std::move(singles), intents);
  return absl::OkStatus();
}

absl::Status ReadOwnQueries(const std::string& file, Intents* intents) {
  std::map<std::string, Intent> groups;
  Intents opposites;
  RETURN_IF_ERROR(ReadRows(file, 4, [&](const TsvFields& fields) {
    if (fields[2] == "opposite") {
      opposites.push_back({fields[0], {fields[3]}});
      return;
    }
    Intent& group = groups[fields[1]];
    group.category = fields[0];
    group.texts.push_back(fields[3]);
  }));
  for (auto& [name, group] : groups) intents->push_back(std::move(group));
  Append(std::move(opposites), intents);
  return absl::OkStatus();
}

absl::Status ReadNearOpposites(const std::string& file, Intents* intents) {
  return ReadRows(file, 5, [&](const TsvFields& fields) {
    intents->push_back({fields[1], {fields[2], fields[4]}});
    intents->push_back({fields[1], {fields[3]}});
  });
}

// The categories whose rare questions a row is one of.
std::vector<std::string> RareIn(const QuestionSources& sources, const TsvFields& fields) {
  const std::string with_category = absl::StrCat(fields[0], "/", fields[1]);
  std::vector<std::string> categories;
  for (const auto& [category, names] : sources.rare) {
    const bool named = std::any_of(names.begin(), names.end(), [&](const std::string& name) {
      return name == fields[0] || name == with_category;
    });
    if (named) categories.push_back(category);
  }
  return categories;
}

absl::Status ReadRareQueries(const QuestionSources& sources, Intents* intents) {
  std::map<std::string, Intents> found;
  RETURN_IF_ERROR(ReadRows(sources.queries, 4, [&](const TsvFields& fields) {
    for (const std::string& category : RareIn(sources, fields)) {
      found[category].push_back({category, {fields[3]}});
    }
  }));
  for (auto& [category, rare] : found) {
    KeepSmallestHashes(sources.rare_each, &rare);
    Append(std::move(rare), intents);
  }
  return absl::OkStatus();
}

// A text belongs to the first intent that has it: the files overlap.
void DropRepeatedTexts(Intents* intents) {
  absl::flat_hash_map<std::string, const Intent*> owners;
  for (Intent& intent : *intents) {
    std::erase_if(intent.texts, [&](const std::string& text) {
      return !owners.try_emplace(text, &intent).second;
    });
  }
  std::erase_if(*intents, [](const Intent& intent) { return intent.texts.empty(); });
}

}  // namespace

absl::StatusOr<Intents> ReadIntents(const QuestionSources& sources) {
  Intents intents;
  if (!sources.own_queries.empty()) {
    RETURN_IF_ERROR(ReadOwnQueries(sources.own_queries, &intents));
  }
  if (!sources.near_opposites.empty()) {
    RETURN_IF_ERROR(ReadNearOpposites(sources.near_opposites, &intents));
  }
  if (!sources.pairs.empty()) RETURN_IF_ERROR(ReadPairs(sources, &intents));
  if (!sources.queries.empty()) RETURN_IF_ERROR(ReadRareQueries(sources, &intents));
  DropRepeatedTexts(&intents);
  return intents;
}

Intents IntentsOfExamples(const CategoryPolicySet& policies) {
  Intents intents;
  for (const auto& [name, policy] : policies.categories) {
    for (const std::string& example : policy.examples) intents.push_back({name, {example}});
  }
  return intents;
}

absl::StatusOr<QuestionBank> MakeBank(Intents intents, const CategoryPolicySet& policies,
                                      const Classifier& classifier, Embedder* embedder) {
  DropRepeatedTexts(&intents);
  QuestionBank bank;
  const Call call(SystemClock());
  for (Intent& intent : intents) {
    std::erase_if(intent.texts, [](const std::string& text) { return text.empty(); });
    if (intent.texts.empty()) continue;
    const std::vector<std::string_view> views(intent.texts.begin(), intent.texts.end());
    ASSIGN_OR_RETURN(std::vector<std::vector<float>> vectors, embedder->Embed(views, call));
    Intent kept{intent.category, {}};
    for (size_t i = 0; i < vectors.size(); ++i) {
      if (vectors[i].empty()) continue;
      if (kept.category.empty()) kept.category = classifier.Classify(vectors[i]).category;
      kept.texts.push_back(intent.texts[i]);
      bank.vectors.emplace(intent.texts[i], std::move(vectors[i]));
    }
    const CategoryPolicy* policy = policies.Find(kept.category);
    if (kept.texts.empty() || policy == nullptr || !policy->allow_caching) continue;
    bank.by_category[kept.category].push_back(bank.intents.size());
    bank.intents.push_back(std::move(kept));
  }
  return bank;
}

}  // namespace semcached
