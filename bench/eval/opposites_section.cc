#include <absl/strings/str_cat.h>

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <set>

#include "eval/asking.h"
#include "eval/svg_plot.h"
#include "eval/truth_sections.h"
#include "semcached/base/status.h"

namespace semcached::eval {
namespace {

constexpr double kForced = 0.75;
// The kinds that have a bar of their own.
constexpr std::array<std::string_view, 5> kStrictKinds = {"number", "unit", "version", "negation",
                                                          "antonym"};

bool IsStrict(const JudgedPair& row) {
  return std::find(kStrictKinds.begin(), kStrictKinds.end(), row.kind) != kStrictKinds.end();
}

using Served = std::function<bool(size_t)>;  // by the place of the pair

struct Tally {
  int64_t count = 0;
  int64_t served = 0;
  std::string cell() const { return ShareCell(served, count); }
  double share() const { return Share(served, count); }
};

// Of the near-opposites, or of the paraphrases, that `belongs` takes.
Tally Count(const std::vector<JudgedPair>& pairs, bool paraphrases, const Served& served,
            const std::function<bool(const JudgedPair&)>& belongs) {
  Tally tally;
  for (size_t i = 0; i < pairs.size(); ++i) {
    if (pairs[i].pair.duplicate != paraphrases || !belongs(pairs[i])) continue;
    ++tally.count;
    if (served(i)) ++tally.served;
  }
  return tally;
}

// Under the two policies that each row of a table shows.
struct Views {
  Served shipped;
  Served forced;
};

using Group = std::pair<std::string, std::function<bool(const JudgedPair&)>>;

std::vector<Group> GroupsBy(const std::vector<JudgedPair>& pairs, std::string JudgedPair::*member) {
  std::set<std::string> names;
  for (const JudgedPair& row : pairs) names.insert(row.*member);
  std::vector<Group> groups;
  groups.reserve(names.size() + 2);  // callers add a few of their own
  for (const std::string& name : names) {
    groups.emplace_back(name, [=](const JudgedPair& row) { return row.*member == name; });
  }
  return groups;
}

std::string GroupTable(const std::string& title, const std::vector<JudgedPair>& pairs,
                       const std::vector<Group>& groups, const Views& views) {
  std::string table = TableHead({title, "rows", "near-opposites served", "paraphrases served",
                                 "at 0.75: near-opposites", "at 0.75: paraphrases"});
  for (const auto& [name, belongs] : groups) {
    const Tally opposites = Count(pairs, false, views.shipped, belongs);
    table += TableRow({name, absl::StrCat(opposites.count), opposites.cell(),
                       Count(pairs, true, views.shipped, belongs).cell(),
                       Count(pairs, false, views.forced, belongs).cell(),
                       Count(pairs, true, views.forced, belongs).cell()});
  }
  return table + "\n";
}

std::string GuardTable(const std::vector<JudgedPair>& pairs) {
  const auto everything = [](const JudgedPair&) { return true; };
  std::string table = TableHead({"guards", "near-opposites served", "paraphrases served",
                                 "at 0.75: near-opposites", "at 0.75: paraphrases"});
  // `off`: of the guards that a category has.
  const auto add = [&](const std::string& name, GuardSet off) {
    const auto at_shipped = [&](size_t i) {
      return pairs[i].IsServedAt(pairs[i].threshold, pairs[i].guards & ~off);
    };
    const auto at_forced = [&](size_t i) {
      return pairs[i].IsServedAt(kForced, pairs[i].guards & ~off);
    };
    table += TableRow({name, Count(pairs, false, at_shipped, everything).cell(),
                       Count(pairs, true, at_shipped, everything).cell(),
                       Count(pairs, false, at_forced, everything).cell(),
                       Count(pairs, true, at_forced, everything).cell()});
  };
  add("as shipped", 0);
  for (const GuardKind guard : kAllGuards) add(absl::StrCat("without ", Name(guard)), Bit(guard));
  add("none", ~GuardSet{0});
  return table + "\n";
}

std::string Plot(const std::vector<JudgedPair>& pairs, const Views& views) {
  std::vector<BarGroup> bars;
  for (const auto& [name, belongs] : GroupsBy(pairs, &JudgedPair::kind)) {
    bars.push_back({name,
                    {100 * Count(pairs, false, views.shipped, belongs).share(),
                     100 * Count(pairs, false, views.forced, belongs).share(),
                     100 * Count(pairs, true, views.shipped, belongs).share(),
                     100 * Count(pairs, true, views.forced, belongs).share()}});
  }
  return BarPlot("What is served, by kind of near-opposite", {"served, %", 0, 100, 20},
                 {"near-opposites, shipped", "near-opposites, 0.75", "paraphrases, shipped",
                  "paraphrases, 0.75"},
                 bars);
}

std::vector<Bar> Bars(const std::vector<JudgedPair>& pairs, const Views& views) {
  const auto everything = [](const JudgedPair&) { return true; };
  const auto bar = [&](const std::string& name, const Served& served, double limit,
                       const std::function<bool(const JudgedPair&)>& belongs) {
    const Tally opposites = Count(pairs, false, served, belongs);
    const Tally paraphrases = Count(pairs, true, served, belongs);
    return Bar{absl::StrCat("truth.1 near-opposites served, ", name),
               100 * opposites.share(),
               "%",
               limit,
               true,
               absl::StrCat(opposites.served, " of ", opposites.count, ", ", opposites.cell(),
                            "; each asked in a scope that holds its query alone; beside them ",
                            paraphrases.cell(), " of the true paraphrases served")};
  };
  return {bar("number unit version negation antonym, shipped policies", views.shipped, 1, IsStrict),
          bar("all kinds, shipped policies", views.shipped, 5, everything),
          bar("number unit version negation antonym, thresholds 0.75", views.forced, 5, IsStrict),
          bar("all kinds, thresholds 0.75", views.forced, 15, everything)};
}

}  // namespace

absl::StatusOr<SharedScope> AskInOneScope(ServerUnderTest* server,
                                          const std::vector<JudgedPair>& pairs,
                                          const Overrides& policies) {
  RETURN_IF_ERROR(server->SetPolicies(policies));
  constexpr char kTenant[] = "all-in-one";
  std::vector<Question> entries;
  std::vector<Question> questions;
  for (const JudgedPair& row : pairs) {
    entries.push_back({kTenant, row.category, row.pair.text_a, row.pair.text_a});
    questions.push_back({kTenant, row.category, row.pair.text_b, ""});
  }
  RETURN_IF_ERROR(InsertAll(server->address(), "inserts into one scope", entries).status());
  ASSIGN_OR_RETURN(const std::vector<Reply> replies,
                   LookUpAll(server->address(), "lookups in one scope", questions));
  SharedScope shared;
  for (size_t i = 0; i < pairs.size(); ++i) {
    const bool own = replies[i].body == pairs[i].pair.text_a;
    shared.served.push_back(replies[i].semantic && own);
    // A text that another row holds word for word is answered rightly by it.
    shared.elsewhere.push_back(replies[i].semantic && !own);
  }
  return shared;
}

Section OppositesSection(const std::vector<JudgedPair>& pairs, const std::vector<bool>& forced,
                         const SharedScope& shared, const SharedScope& shared_forced) {
  const auto in_one = [&](const SharedScope& scope) {
    // Any answer to a near-opposite is false; a paraphrase is served by its own entry only.
    return [&](size_t i) {
      return scope.served[i] || (!pairs[i].pair.duplicate && scope.elsewhere[i]);
    };
  };
  const Views views = {[&](size_t i) { return pairs[i].served; },
                       [&](size_t i) { return static_cast<bool>(forced[i]); }};
  const Group all = {"**all**", [](const JudgedPair&) { return true; }};
  const Group strict = {"number unit version negation antonym", IsStrict};

  Section section;
  section.markdown =
      "## Near-opposites (truth.1)\n\n"
      "A query is stored; its near-opposite and a true paraphrase of it are asked. Shares served, "
      "95 % Wilson intervals; under the shipped policies, and with every threshold forced to "
      "0.75. Each in a scope of its own:\n\n";
  std::vector<Group> kinds = GroupsBy(pairs, &JudgedPair::kind);
  kinds.push_back(strict);
  kinds.push_back(all);
  std::vector<Group> categories = GroupsBy(pairs, &JudgedPair::category);
  categories.push_back(all);
  section.markdown += GroupTable("kind", pairs, kinds, views);
  section.markdown += "![served by kind](evaluation/opposites.svg)\n\n";
  section.markdown += GroupTable("category", pairs, categories, views);
  section.markdown +=
      "All queries in one scope, where other rows may answer too; such an answer is false, unless "
      "it is to the same words:\n\n";
  const Views one_scope = {in_one(shared), in_one(shared_forced)};
  section.markdown += GroupTable("kind", pairs, kinds, one_scope);
  int64_t elsewhere = 0;
  for (size_t i = 0; i < pairs.size(); ++i)
    elsewhere += pairs[i].pair.duplicate && shared.elsewhere[i];
  section.markdown += absl::StrCat(elsewhere,
                                   " paraphrases got another row's answer under the shipped "
                                   "policies.\n\nEvery guard on and off, each in a scope of its "
                                   "own (computed from what each guard alone refused):\n\n");
  section.markdown += GuardTable(pairs);
  section.bars = Bars(pairs, views);
  section.plots["opposites.svg"] = Plot(pairs, views);
  return section;
}

}  // namespace semcached::eval
