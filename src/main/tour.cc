#include "main/tour.h"

#include <absl/strings/ascii.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>
#include <absl/strings/strip.h>
#include <absl/time/clock.h>

#include <algorithm>
#include <cmath>
#include <iostream>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "main/client.h"
#include "main/table.h"
#include "main/tour_script.h"
#include "semcached/base/random.h"
#include "semcached/v1/semantic_cache.grpc.pb.h"

namespace semcached {
namespace {

constexpr absl::Duration kCallDeadline = absl::Seconds(10);
// The shipped category that is never cached.
constexpr char kPrivateCategory[] = "personal";
constexpr absl::Duration kShortTtl = absl::Seconds(1);

// What came of the lookups of one category.
struct Row {
  int64_t queries = 0;
  int64_t exact = 0;
  int64_t semantic = 0;
  int64_t bypass = 0;
  std::map<std::string, int64_t> misses;  // by reason
  std::vector<double> micros;
  std::set<std::string> structures;
  int64_t paraphrases = 0;
  int64_t paraphrase_hits = 0;
};

// Answers that no one should have got.
struct Wrong {
  int64_t other_tenant = 0;
  int64_t expired = 0;
  int64_t opposite = 0;
  int64_t other_question = 0;
  int64_t private_cached = 0;  // of a category that is never to be stored
  int64_t Sum() const {
    return other_tenant + expired + opposite + other_question + private_cached;
  }
};

// The columns of a table of misses.
struct MissColumn {
  v1::MissReason reason;
  const char* heading;
};
constexpr MissColumn kMissColumns[] = {{v1::MISS_REASON_NO_CANDIDATE, "no-candidate"},
                                       {v1::MISS_REASON_BELOW_THRESHOLD, "below"},
                                       {v1::MISS_REASON_GUARD, "guard"},
                                       {v1::MISS_REASON_EXPIRED, "expired"},
                                       {v1::MISS_REASON_WARMING, "warming"},
                                       {v1::MISS_REASON_REJECTED, "rejected"},
                                       {v1::MISS_REASON_NOT_COMPARABLE, "not-comparable"}};

// As metrics write it, e.g. "no_candidate".
std::string ReasonName(v1::MissReason reason) {
  const std::string& name = v1::MissReason_Name(reason);
  return absl::AsciiStrToLower(absl::StripPrefix(name, "MISS_REASON_"));
}

double Percentile(std::vector<double> values, double share) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  const auto rank =
      static_cast<size_t>(std::lround(share * static_cast<double>(values.size() - 1)));
  return values[rank];
}

class Tour {
 public:
  Tour(const TourOptions& options, std::vector<TourGroup> groups) : groups_(std::move(groups)) {
    for (const std::string& address : {options.unix_socket, options.tcp}) {
      if (!address.empty()) stubs_.push_back(v1::SemanticCache::NewStub(ConnectTo(address)));
    }
    // A tour leaves its entries behind: its tenants are its own.
    const std::string run = absl::StrFormat("%08x", SystemRandom().Next() & 0xffffffffU);
    tenant_ = "tour-" + run;
    other_tenant_ = "tour-other-" + run;
    short_lived_ = "tour-short-" + run;
  }

  absl::Status Run() {
    for (size_t i = 0; i < groups_.size(); ++i) {
      const TourGroup& group = groups_[i];
      if (absl::Status status = AskFirst(group, i); !status.ok()) return status;
    }
    // Until the last short-lived entry has expired.
    std::cerr << "first pass done: " << groups_.size() << " questions asked and answered\n";
    absl::SleepFor(kShortTtl + absl::Milliseconds(200));
    for (size_t i = 0; i < groups_.size(); ++i) {
      if (absl::Status status = AskAgain(groups_[i], i); !status.ok()) return status;
    }
    return absl::OkStatus();
  }

  const std::map<std::string, Row>& rows() const { return rows_; }
  const Wrong& wrong() const { return wrong_; }
  int64_t opposites() const { return opposites_; }
  int64_t other_tenants() const { return other_tenants_; }
  int64_t expired() const { return expired_; }

 private:
  // Every fourth question does not name its category, so that the server classifies it. One of a
  // private category always does: naming it is the guarantee.
  static bool Names(const TourGroup& group, size_t i) {
    return i % 4 != 3 || group.category == kPrivateCategory;
  }
  static bool IsShortLived(size_t i) { return i % 3 == 1; }

  static std::string AnswerTo(const TourGroup& group, const std::string& tenant) {
    return absl::StrCat("answer to ", group.name, " for ", tenant);
  }

  v1::SemanticCache::Stub& NextStub() { return *stubs_[calls_++ % stubs_.size()]; }

  absl::StatusOr<v1::LookupResponse> Lookup(const TourGroup& group, size_t i,
                                            const std::string& text, const std::string& tenant) {
    v1::LookupRequest request;
    request.mutable_scope()->set_namespace_(tenant);
    request.mutable_scope()->set_model("demo-model");
    request.set_query(text);
    if (Names(group, i)) request.set_category(group.category);
    request.set_explain(true);
    grpc::ClientContext context;
    SetDeadline(&context, kCallDeadline);
    v1::LookupResponse response;
    const absl::Time before = absl::Now();
    const grpc::Status status = NextStub().Lookup(&context, request, &response);
    const absl::Duration took = absl::Now() - before;
    if (!status.ok()) {
      return absl::UnavailableError(absl::StrCat("lookup failed: ", status.error_message(),
                                                 " (code ", status.error_code(), ")"));
    }
    Row& row = rows_[group.category];
    ++row.queries;
    row.micros.push_back(absl::ToDoubleMicroseconds(took));
    const std::string& structure = response.explanation().index_structure();
    if (!structure.empty() && structure != "none") row.structures.insert(structure);
    switch (response.outcome()) {
      case v1::OUTCOME_HIT_EXACT:
        ++row.exact;
        break;
      case v1::OUTCOME_HIT_SEMANTIC:
        ++row.semantic;
        break;
      case v1::OUTCOME_BYPASS:
        ++row.bypass;
        break;
      default:
        ++row.misses[ReasonName(response.miss_reason())];
    }
    return response;
  }

  static bool IsHit(const v1::LookupResponse& response) {
    return response.outcome() == v1::OUTCOME_HIT_EXACT ||
           response.outcome() == v1::OUTCOME_HIT_SEMANTIC;
  }

  absl::Status InsertAnswer(const TourGroup& group, const std::string& tenant,
                            const std::string& lookup_id, absl::Duration ttl) {
    v1::InsertRequest request;
    request.set_lookup_id(lookup_id);
    request.mutable_response()->set_body(AnswerTo(group, tenant));
    request.mutable_response()->set_content_type("text/plain");
    if (ttl > absl::ZeroDuration()) request.mutable_ttl()->set_seconds(absl::ToInt64Seconds(ttl));
    grpc::ClientContext context;
    SetDeadline(&context, kCallDeadline);
    v1::InsertResponse response;
    const grpc::Status status = NextStub().Insert(&context, request, &response);
    if (status.ok()) return absl::OkStatus();
    return absl::UnavailableError(absl::StrCat("insert failed: ", status.error_message(), " (code ",
                                               status.error_code(), ")"));
  }

  absl::Status AskFirst(const TourGroup& group, size_t i) {
    for (const std::string& tenant : {tenant_, short_lived_}) {
      if (tenant == short_lived_ && !IsShortLived(i)) continue;
      const auto response = Lookup(group, i, group.base, tenant);
      if (!response.ok()) return response.status();
      if (IsHit(*response)) Judge(group, tenant, *response);
      if (response->outcome() != v1::OUTCOME_MISS) continue;
      if (group.category == kPrivateCategory) ++wrong_.private_cached;
      const absl::Duration ttl = tenant == short_lived_ ? kShortTtl : absl::ZeroDuration();
      absl::Status inserted = InsertAnswer(group, tenant, response->lookup_id(), ttl);
      if (!inserted.ok()) return inserted;
    }
    return absl::OkStatus();
  }

  absl::Status AskAgain(const TourGroup& group, size_t i) {
    const auto repeat = Lookup(group, i, " " + group.base + "\n", tenant_);
    if (!repeat.ok()) return repeat.status();
    if (IsHit(*repeat)) Judge(group, tenant_, *repeat);
    for (const std::string& text : group.paraphrases) {
      const auto response = Lookup(group, i, text, tenant_);
      if (!response.ok()) return response.status();
      ++rows_[group.category].paraphrases;
      if (!IsHit(*response)) continue;
      ++rows_[group.category].paraphrase_hits;
      Judge(group, tenant_, *response);
    }
    for (const std::string& text : group.opposites) {
      const auto response = Lookup(group, i, text, tenant_);
      if (!response.ok()) return response.status();
      ++opposites_;
      if (!IsHit(*response)) continue;
      ++wrong_.opposite;
      Complain(group, "a near-opposite was served", *response);
    }
    const auto other = Lookup(group, i, group.base, other_tenant_);
    if (!other.ok()) return other.status();
    ++other_tenants_;
    if (IsHit(*other)) {
      ++wrong_.other_tenant;
      Complain(group, "another tenant's answer was served", *other);
    }
    if (!IsShortLived(i)) return absl::OkStatus();
    const auto expired = Lookup(group, i, group.base, short_lived_);
    if (!expired.ok()) return expired.status();
    ++expired_;
    if (IsHit(*expired)) {
      ++wrong_.expired;
      Complain(group, "an expired answer was served", *expired);
    }
    return absl::OkStatus();
  }

  void Judge(const TourGroup& group, const std::string& tenant,
             const v1::LookupResponse& response) {
    if (response.response().body() == AnswerTo(group, tenant)) return;
    ++wrong_.other_question;
    Complain(group, "the answer to another question was served", response);
  }

  static void Complain(const TourGroup& group, const char* what,
                       const v1::LookupResponse& response) {
    std::cerr << group.name << ": " << what << ": \"" << response.response().body()
              << "\" at similarity " << response.similarity() << "\n";
  }

  const std::vector<TourGroup> groups_;
  std::vector<std::unique_ptr<v1::SemanticCache::Stub>> stubs_;
  std::string tenant_, other_tenant_, short_lived_;
  size_t calls_ = 0;
  std::map<std::string, Row> rows_;
  Wrong wrong_;
  int64_t opposites_ = 0, other_tenants_ = 0, expired_ = 0;
};

std::string Join(const std::set<std::string>& names) {
  std::string joined;
  for (const std::string& name : names) joined += joined.empty() ? name : "," + name;
  return joined.empty() ? "-" : joined;
}

void AddRow(const std::string& name, const Row& row, Table* table) {
  std::vector<std::string> cells = {name, absl::StrCat(row.queries), absl::StrCat(row.exact),
                                    absl::StrCat(row.semantic)};
  for (const MissColumn& column : kMissColumns) {
    const auto found = row.misses.find(ReasonName(column.reason));
    cells.push_back(absl::StrCat(found == row.misses.end() ? 0 : found->second));
  }
  cells.push_back(absl::StrCat(row.bypass));
  cells.push_back(absl::StrFormat("%.2f", Percentile(row.micros, 0.50) / 1000));
  cells.push_back(absl::StrFormat("%.2f", Percentile(row.micros, 0.99) / 1000));
  cells.push_back(Join(row.structures));
  table->Add(std::move(cells));
}

Row Sum(const std::map<std::string, Row>& rows) {
  Row sum;
  for (const auto& [name, row] : rows) {
    sum.queries += row.queries;
    sum.exact += row.exact;
    sum.semantic += row.semantic;
    sum.bypass += row.bypass;
    for (const auto& [reason, count] : row.misses) sum.misses[reason] += count;
    sum.micros.insert(sum.micros.end(), row.micros.begin(), row.micros.end());
    sum.structures.insert(row.structures.begin(), row.structures.end());
    sum.paraphrases += row.paraphrases;
    sum.paraphrase_hits += row.paraphrase_hits;
  }
  return sum;
}

void PrintText(const Tour& tour, const Row& sum) {
  std::vector<std::string> headings = {"category", "queries", "exact", "semantic"};
  for (const MissColumn& column : kMissColumns) headings.emplace_back(column.heading);
  for (const char* heading : {"bypass", "p50 ms", "p99 ms", "index"}) {
    headings.emplace_back(heading);
  }
  Table table(std::move(headings));
  for (const auto& [name, row] : tour.rows()) AddRow(name, row, &table);
  AddRow("all", sum, &table);
  table.Print(std::cout);
  const Wrong& wrong = tour.wrong();
  std::cout << "\nparaphrases answered: " << sum.paraphrase_hits << " of " << sum.paraphrases
            << "\nwrong answers: near-opposites " << wrong.opposite << " of " << tour.opposites()
            << ", other tenants " << wrong.other_tenant << " of " << tour.other_tenants()
            << ", expired " << wrong.expired << " of " << tour.expired() << ", other questions "
            << wrong.other_question << ", private queries kept " << wrong.private_cached << "\n";
}

void PrintJson(const Tour& tour, const Row& sum) {
  nlohmann::json json;
  const auto add = [&](const std::string& name, const Row& row) {
    json["categories"][name] = {{"queries", row.queries},
                                {"hits_exact", row.exact},
                                {"hits_semantic", row.semantic},
                                {"misses", row.misses},
                                {"bypasses", row.bypass},
                                {"p50_us", Percentile(row.micros, 0.50)},
                                {"p99_us", Percentile(row.micros, 0.99)},
                                {"index", Join(row.structures)}};
  };
  for (const auto& [name, row] : tour.rows()) add(name, row);
  add("all", sum);
  const Wrong& wrong = tour.wrong();
  json["wrong"] = {{"opposite", wrong.opposite},
                   {"other_tenant", wrong.other_tenant},
                   {"expired", wrong.expired},
                   {"other_question", wrong.other_question},
                   {"private_kept", wrong.private_cached}};
  json["tried"] = {{"opposite", tour.opposites()},
                   {"other_tenant", tour.other_tenants()},
                   {"expired", tour.expired()},
                   {"paraphrase", sum.paraphrases}};
  std::cout << json.dump(2) << "\n";
}

}  // namespace

int RunTour(const TourOptions& options) {
  absl::StatusOr<std::vector<TourGroup>> groups = ReadTourScript(options.queries);
  if (!groups.ok()) {
    std::cerr << groups.status().message() << "\n";
    return 2;
  }
  Tour tour(options, *std::move(groups));
  if (absl::Status status = tour.Run(); !status.ok()) {
    std::cerr << status.message() << "\n";
    return 2;
  }
  const Row sum = Sum(tour.rows());
  options.json ? PrintJson(tour, sum) : PrintText(tour, sum);
  if (sum.semantic == 0) std::cerr << "there was no semantic hit\n";
  return sum.semantic > 0 && tour.wrong().Sum() == 0 ? 0 : 1;
}

}  // namespace semcached
