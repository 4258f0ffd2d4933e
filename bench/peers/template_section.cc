#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>

#include <algorithm>
#include <iostream>
#include <string>

#include "peers/index_sections.h"
#include "peers/measure.h"

namespace semcached::peers {
namespace {

constexpr double kNear = 0.97;
constexpr double kFar = 0.93;

struct Found {
  std::string name;
  int effort = 0;
  double near_recall = 0;
  double far_recall = 0;
};

Found Find(const PeerKind& kind, const Collection& near, const Collection& far) {
  Found found;
  found.name = kind.name;
  const std::unique_ptr<Peer> peer = kind.make(near.stored.front().size());
  peer->Build(near.stored);
  for (const int effort : kind.efforts) {
    peer->SetEffort(effort);
    found.effort = effort;
    found.near_recall = Recall(peer.get(), near);
    found.far_recall = Recall(peer.get(), far);
    if (std::min(found.near_recall, found.far_recall) >= kWantedRecall) break;
  }
  return found;
}

void AddBars(const Found& found, size_t entries, std::vector<eval::Bar>* bars) {
  if (found.name.rfind("semcached ", 0) != 0) return;
  for (const auto& [cosine, recall] :
       {std::pair{kNear, found.near_recall}, std::pair{kFar, found.far_recall}}) {
    bars->push_back(
        {absl::StrCat("speed.3 recall of a template asked at ", cosine, " ",
                      found.name.substr(found.name.find(' ') + 1), ", ", entries, " entries"),
         recall, "", kWantedRecall, false,
         "share of the true nearest neighbours among the proposals, all entries at a "
         "cosine of about 0.97 to each other"});
  }
}

}  // namespace

void TemplateSection(bool quick, size_t queries, std::vector<eval::Bar>* bars) {
  std::cout << absl::StrFormat(
      "\n## Among the texts of one template\n\n"
      "As \"price of item 17\": synthetic vectors at a mutual cosine of about %.2f in one scope. "
      "Each query is made from one of them, moved to a cosine of %.2f or %.2f with it, so all that "
      "is stored is over the threshold of %.2f. Recall: the true nearest is among the proposals.\n",
      kTemplateSimilarity, kNear, kFar, kLeast);
  for (const size_t entries : {1'000, 10'000}) {
    if (quick && entries > 1'000) break;
    std::cerr << "templates: " << entries << " entries\n";
    const Collection near = CollectTemplate(entries, queries, kNear);
    const Collection far = CollectTemplate(entries, queries, kFar);
    std::cout << absl::StrFormat(
        "\n### %d entries of a template\n\n| index | effort | recall at %.2f | recall at %.2f "
        "|\n| --- | ---: | ---: | ---: |\n",
        entries, kNear, kFar);
    for (const PeerKind& kind : AllPeers()) {
      const Found found = Find(kind, near, far);
      std::cout << absl::StrFormat("| %s | %s | %.4f | %.4f |\n", found.name,
                                   found.effort == 0 ? "" : absl::StrCat(found.effort),
                                   found.near_recall, found.far_recall);
      AddBars(found, entries, bars);
    }
    std::cout << std::flush;
  }
}

}  // namespace semcached::peers
