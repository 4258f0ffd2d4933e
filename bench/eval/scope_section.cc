#include <absl/strings/ascii.h>
#include <absl/strings/str_cat.h>
#include <absl/time/clock.h>

#include <functional>
#include <iostream>
#include <random>

#include "eval/judging.h"
#include "eval/near_scopes.h"
#include "eval/sweep.h"
#include "eval/truth_sections.h"
#include "main/client.h"
#include "semcached/base/status.h"
#include "semcached/v1/semantic_cache.grpc.pb.h"

namespace semcached::eval {
namespace {

constexpr char kCategory[] = "factual";
constexpr char kIdentity[] = "eval/random";
constexpr int kDimension = 32;
constexpr int kFreshDimension = 128;
constexpr int kTexts = 8;
constexpr int kBatch = 50;
constexpr absl::Duration kDeadline = absl::Seconds(60);

struct Path {
  std::string name;
  int64_t tries = 0;
  int64_t cross_hits = 0;
  int64_t own_tries = 0;  // the control: the same question in the right scope
  int64_t own_hits = 0;
  int64_t refused = 0;  // the server did not take the request
};

// Every scope holds the same texts and vectors, so that nothing but the scope tells them apart;
// each answer names the scope that it was stored for.
class Tries {
 public:
  Tries(const std::string& address, int tries, uint64_t seed)
      : stub_(v1::SemanticCache::NewStub(ConnectTo(address))),
        tries_(tries),
        random_(seed),
        scopes_(TrickyScopes()) {
    std::normal_distribution<float> normal;
    for (int i = 0; i < kTexts; ++i) {
      texts_.push_back(absl::StrCat("what does the answer number ", i, " say"));
      vectors_.emplace_back();
      for (int j = 0; j < kDimension; ++j) vectors_.back().push_back(normal(random_));
    }
  }

  // By text, embedded by the server, and by a vector of its own.
  absl::Status Fill() {
    for (const ScopeParts& scope : scopes_) {
      for (int i = 0; i < kTexts; ++i) {
        v1::InsertRequest request;
        request.set_query(texts_[i]);
        RETURN_IF_ERROR(Insert(scope, &request));
        request.clear_query();
        SetVector(i, request.mutable_embedding());
        RETURN_IF_ERROR(Insert(scope, &request));
      }
    }
    return absl::OkStatus();
  }

  absl::StatusOr<std::vector<Path>> Run() {
    const auto text = [this](int i, v1::LookupRequest* request) { request->set_query(texts_[i]); };
    // The embedder folds case: another text with the same vector.
    const auto shouted = [this](int i, v1::LookupRequest* request) {
      request->set_query(absl::AsciiStrToUpper(texts_[i]));
    };
    const auto vector = [this](int i, v1::LookupRequest* request) {
      SetVector(i, request->mutable_embedding());
    };
    std::vector<Path> paths;
    ASSIGN_OR_RETURN(paths.emplace_back(), OneByOne("exact, by text", v1::OUTCOME_HIT_EXACT, text));
    ASSIGN_OR_RETURN(paths.emplace_back(),
                     OneByOne("semantic, by text", v1::OUTCOME_HIT_SEMANTIC, shouted));
    ASSIGN_OR_RETURN(paths.emplace_back(),
                     OneByOne("semantic, by vector", v1::OUTCOME_HIT_SEMANTIC, vector));
    ASSIGN_OR_RETURN(paths.emplace_back(), InBatches("batch, by text and vector"));
    ASSIGN_OR_RETURN(paths.emplace_back(), ByLookupId("insert by another scope's lookup_id"));
    return paths;
  }

 private:
  using Ask = std::function<void(int, v1::LookupRequest*)>;

  static void SetScope(const ScopeParts& parts, v1::Scope* scope) {
    scope->set_namespace_(parts[0]);
    scope->set_model(parts[1]);
    scope->set_context(parts[2]);
  }

  void SetVector(int i, v1::Embedding* embedding) const {
    embedding->set_identity(kIdentity);
    embedding->clear_values();
    embedding->mutable_values()->Add(vectors_[i].begin(), vectors_[i].end());
  }

  // Spares the embedder, and is near to no other.
  void SetFreshVector(v1::Embedding* embedding) {
    std::normal_distribution<float> normal;
    embedding->set_identity(absl::StrCat(kIdentity, "/fresh"));
    embedding->clear_values();
    for (int i = 0; i < kFreshDimension; ++i) embedding->add_values(normal(random_));
  }

  absl::Status Insert(const ScopeParts& scope, v1::InsertRequest* request) {
    SetScope(scope, request->mutable_scope());
    request->set_category(kCategory);
    request->mutable_response()->set_body(NameOf(scope));
    grpc::ClientContext context;
    SetDeadline(&context, kDeadline);
    v1::InsertResponse response;
    const grpc::Status status = stub_->Insert(&context, *request, &response);
    if (status.ok() && response.decline_reason().empty()) return absl::OkStatus();
    return absl::UnavailableError(
        absl::StrCat("insert failed: ", status.error_message(), response.decline_reason()));
  }

  const ScopeParts& AnyScope() { return scopes_[random_() % scopes_.size()]; }
  int AnyText() { return static_cast<int>(random_() % kTexts); }

  void Count(Path* path, const ScopeParts& scope, v1::Outcome wanted, bool own,
             const grpc::Status& status, const v1::LookupResponse& response) {
    ++(own ? path->own_tries : path->tries);
    if (!status.ok()) {
      ++path->refused;
      return;
    }
    const bool hit = response.outcome() == v1::OUTCOME_HIT_EXACT ||
                     response.outcome() == v1::OUTCOME_HIT_SEMANTIC;
    if (!hit) return;
    if (response.response().body() != NameOf(scope)) {
      ++path->cross_hits;
    } else if (own && response.outcome() == wanted) {
      ++path->own_hits;
    }
  }

  // Nine of ten in a scope that is nearly an entry's, the tenth in that of an entry. A scope that
  // is nearly one entry's may be another's: then its own answer is right, and any other false.
  absl::StatusOr<Path> OneByOne(const std::string& name, v1::Outcome wanted, const Ask& ask) {
    Path path{name};
    while (path.tries < tries_) {
      const bool own = random_() % 10 == 0;
      const ScopeParts scope = own ? AnyScope() : NearlyLike(AnyScope(), &random_);
      v1::LookupRequest request;
      SetScope(scope, request.mutable_scope());
      request.set_category(kCategory);
      ask(AnyText(), &request);
      grpc::ClientContext context;
      SetDeadline(&context, kDeadline);
      v1::LookupResponse response;
      const grpc::Status status = stub_->Lookup(&context, request, &response);
      Count(&path, scope, wanted, own, status, response);
    }
    return Told(path);
  }

  absl::StatusOr<Path> InBatches(const std::string& name) {
    Path path{name};
    while (path.tries < tries_) {
      v1::BatchLookupRequest request;
      std::vector<ScopeParts> scopes;
      std::vector<bool> own;
      for (int i = 0; i < kBatch; ++i) {
        own.push_back(random_() % 10 == 0);
        scopes.push_back(own.back() ? AnyScope() : NearlyLike(AnyScope(), &random_));
        v1::LookupRequest* lookup = request.add_requests();
        SetScope(scopes.back(), lookup->mutable_scope());
        lookup->set_category(kCategory);
        const int text = AnyText();
        if (i % 2 == 0) lookup->set_query(texts_[text]);
        if (i % 2 != 0) SetVector(text, lookup->mutable_embedding());
      }
      grpc::ClientContext context;
      SetDeadline(&context, kDeadline);
      v1::BatchLookupResponse response;
      const grpc::Status status = stub_->BatchLookup(&context, request, &response);
      if (!status.ok() || response.results_size() != kBatch) {
        return absl::UnavailableError(absl::StrCat("BatchLookup failed: ", status.error_message()));
      }
      for (int i = 0; i < kBatch; ++i) {
        const v1::LookupResult& result = response.results(i);
        const auto place = static_cast<size_t>(i);
        const v1::Outcome wanted = i % 2 == 0 ? v1::OUTCOME_HIT_EXACT : v1::OUTCOME_HIT_SEMANTIC;
        Count(&path, scopes[place], wanted, own[place],
              grpc::Status(static_cast<grpc::StatusCode>(result.code()), result.message()),
              result.response());
      }
    }
    return Told(path);
  }

  // A lookup misses in one scope; its lookup_id is inserted with while a scope of nearly the same
  // name stands beside it. The answer may be found in the first scope alone.
  absl::StatusOr<Path> ByLookupId(const std::string& name) {
    Path path{name};
    while (path.tries < tries_) {
      const ScopeParts mine = NearlyLike(AnyScope(), &random_);
      const ScopeParts other = NearlyLike(mine, &random_);
      v1::LookupRequest question;
      SetScope(mine, question.mutable_scope());
      question.set_category(kCategory);
      question.set_query(absl::StrCat("a question that nobody asked before: ", path.tries));
      SetFreshVector(question.mutable_embedding());
      ASSIGN_OR_RETURN(const v1::LookupResponse missed, LookUp(question));
      // Near to the vector of an earlier try, by chance: there is nothing to insert with.
      if (missed.lookup_id().empty()) continue;
      v1::InsertRequest insert;
      insert.set_lookup_id(missed.lookup_id());
      // Every other time with a scope beside it: one that does not belong to the lookup_id must not
      // get the answer, whether the call is refused or not.
      const bool contradicts = random_() % 2 == 0;
      if (contradicts) SetScope(other, insert.mutable_scope());
      insert.mutable_response()->set_body(NameOf(mine));
      grpc::ClientContext context;
      SetDeadline(&context, kDeadline);
      v1::InsertResponse inserted;
      const grpc::Status stored = stub_->Insert(&context, insert, &inserted);
      SetScope(other, question.mutable_scope());
      grpc::ClientContext again;
      SetDeadline(&again, kDeadline);
      v1::LookupResponse response;
      const grpc::Status status = stub_->Lookup(&again, question, &response);
      Count(&path, other, v1::OUTCOME_HIT_EXACT, false, status, response);
      if (!stored.ok() || path.tries % 10 != 0) continue;
      SetScope(mine, question.mutable_scope());
      ASSIGN_OR_RETURN(const v1::LookupResponse own, LookUp(question));
      Count(&path, mine, v1::OUTCOME_HIT_EXACT, true, grpc::Status::OK, own);
    }
    return Told(path);
  }

  absl::StatusOr<v1::LookupResponse> LookUp(const v1::LookupRequest& request) {
    grpc::ClientContext context;
    SetDeadline(&context, kDeadline);
    v1::LookupResponse response;
    const grpc::Status status = stub_->Lookup(&context, request, &response);
    if (status.ok()) return response;
    return absl::UnavailableError(absl::StrCat("lookup failed: ", status.error_message()));
  }

  static Path Told(const Path& path) {
    std::cerr << "scopes, " << path.name << ": " << path.tries << " tries, " << path.cross_hits
              << " cross hits" << std::endl;
    return path;
  }

  const std::unique_ptr<v1::SemanticCache::Stub> stub_;
  const int tries_;
  std::mt19937_64 random_;
  const std::vector<ScopeParts> scopes_;
  std::vector<std::string> texts_;
  std::vector<std::vector<float>> vectors_;
};

}  // namespace

absl::StatusOr<Section> ScopeSection(ServerUnderTest* server, int tries, uint64_t seed) {
  RETURN_IF_ERROR(server->SetPolicies(ForcedThreshold(kLowestThreshold, "")));
  Tries run(server->address(), tries, seed);
  RETURN_IF_ERROR(run.Fill());
  ASSIGN_OR_RETURN(const std::vector<Path> paths, run.Run());
  Section section;
  section.markdown = absl::StrCat(
      "## Cross-scope hits (truth.6)\n\n", TrickyScopes().size(),
      " scopes hold the same texts and vectors; each answer names its scope. Asked in scopes that "
      "are nearly one of them: another tenant, model or context, bytes moved over the border of "
      "two "
      "fields, empty fields, NUL bytes, white space, other case. Thresholds 0.5, no guards, so "
      "that "
      "nothing but the scope parts them. The control asks the same in the right scope.\n\n");
  section.markdown +=
      TableHead({"path", "tries", "cross-scope hits", "control: hits", "not taken by the server"});
  int64_t own_tries = 0;
  int64_t own_hits = 0;
  for (const Path& path : paths) {
    section.markdown +=
        TableRow({path.name, absl::StrCat(path.tries), absl::StrCat(path.cross_hits),
                  absl::StrCat(path.own_hits, " of ", path.own_tries), absl::StrCat(path.refused)});
    own_tries += path.own_tries;
    own_hits += path.own_hits;
    section.bars.push_back({absl::StrCat("truth.6 cross-scope hits, ", path.name),
                            static_cast<double>(path.cross_hits), "hits", 0, true,
                            absl::StrCat("in ", path.tries, " tries, seed ", seed)});
  }
  section.markdown += absl::StrCat("\nSeed ", seed, ".\n\n");
  section.bars.push_back({"truth.6 control, hits in the right scope",
                          100 * Share(own_hits, own_tries), "%", 100, false,
                          "the same questions, so that none of the zeros above is idle"});
  return section;
}

}  // namespace semcached::eval
