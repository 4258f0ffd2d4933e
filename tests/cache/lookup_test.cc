#include "cache/cache_fixture.h"
#include "semcached/index/vector_index.h"

namespace semcached {
namespace {

using LookupTest = CacheTest;

TEST_F(LookupTest, AnEmptyCacheMisses) {
  EXPECT_EQ(Answer(Ask("how do I sort", Axis(0))), "miss:no_candidate");
}

TEST_F(LookupTest, TheSameQueryIsAnExactHit) {
  Insert(Tell("how do I sort", Axis(0), "use sort"));
  EXPECT_EQ(Answer(Ask("how do I sort")), "exact:use sort");
}

TEST_F(LookupTest, OuterWhiteSpaceIsCutAndNothingElse) {
  Insert(Tell("how do I sort", Axis(0), "use sort"));
  EXPECT_EQ(Answer(Ask("\t how do I sort\n")), "exact:use sort");
  EXPECT_EQ(Answer(Ask("How do I sort", Axis(3))), "miss:below_threshold");
}

TEST_F(LookupTest, AnExactHitNeedsNoEmbedding) {
  Insert(Tell("how do I sort", Axis(0), "use sort"));
  embedder_.FailWith(absl::UnavailableError("down"));
  LookupRequest request = Ask("how do I sort");
  request.category = "";
  const LookupResult result = Lookup(request);
  EXPECT_EQ(result.outcome, Outcome::kHitExact);
  EXPECT_EQ(result.category, "code");
  EXPECT_EQ(result.category_source, CategorySource::kEntry);
  EXPECT_EQ(embedder_.calls(), 0u);
}

TEST_F(LookupTest, ANearQueryIsASemanticHitWithItsSimilarity) {
  Insert(Tell("how do I sort", Axis(0), "use sort"));
  const LookupResult result = Lookup(Ask("how can I sort", Near(0, 0.9)));
  EXPECT_EQ(result.outcome, Outcome::kHitSemantic);
  EXPECT_EQ(result.response.body, "use sort");
  EXPECT_NEAR(*result.similarity, 0.9, 1e-4);
  EXPECT_NEAR(*result.similarity_threshold, 0.8, 1e-6);
}

TEST_F(LookupTest, BelowTheThresholdIsAMissThatSaysHowNear) {
  Insert(Tell("how do I sort", Axis(0), "use sort"));
  const LookupResult result = Lookup(Ask("how do I sing", Near(0, 0.7)));
  EXPECT_EQ(result.miss_reason, MissReason::kBelowThreshold);
  EXPECT_NEAR(*result.nearest_similarity, 0.7, 0.01);
}

// "5 mg" and "5 Mg" have one vector: a model that ignores case.
TEST_F(LookupTest, AThresholdOfOneTakesExactHitsOnly) {
  Policy("code").similarity_threshold = 1;
  Reload();
  Insert(Tell("a dose of 5 mg", Axis(0), "fine"));
  EXPECT_EQ(Answer(Ask("a dose of 5 Mg", Axis(0))), "miss:below_threshold");
  EXPECT_EQ(Answer(Ask("a dose of 5 mg", Axis(0))), "exact:fine");

  LookupRequest strict = Ask("a DOSE of 5 mg", Axis(0));
  strict.category = "chat";
  Insert([&] {
    InsertRequest chat = Tell("a dose of 5 mg", Axis(0), "chat's");
    chat.category = "chat";
    return chat;
  }());
  EXPECT_EQ(Answer(strict), "semantic:chat's");
  strict.min_similarity = 1;
  EXPECT_EQ(Answer(strict), "miss:below_threshold");
}

// The index keeps a byte a component, so what it proposes may lie below; the document decides.
TEST_F(LookupTest, TheThresholdIsThatOfTheStoredVectorAndNotOfTheIndex) {
  Insert(Tell("how do I sort", Axis(0), "use sort"));
  for (const double distance : {1e-4, 1e-3, 5e-3}) {
    LookupResult result = Lookup(Ask("how do I order a list", Near(0, 0.8 - distance)));
    EXPECT_EQ(result.miss_reason, MissReason::kBelowThreshold) << distance;
    result = Lookup(Ask("how do I order a list", Near(0, 0.8 + distance)));
    EXPECT_EQ(result.outcome, Outcome::kHitSemantic) << distance;
    EXPECT_NEAR(*result.similarity, 0.8 + distance, 1e-5);
  }
}

TEST_F(LookupTest, EachCategoryHasItsOwnThreshold) {
  InsertRequest chat = Tell("tell me a joke", Axis(0), "no");
  chat.category = "chat";
  Insert(chat);
  LookupRequest request = Ask("say something funny", Near(0, 0.7));
  request.category = "chat";
  EXPECT_EQ(Answer(request), "semantic:no");
}

TEST_F(LookupTest, ACallerMayTightenTheThresholdAndNotLoosenIt) {
  Insert(Tell("how do I sort", Axis(0), "use sort"));
  LookupRequest request = Ask("how can I sort", Near(0, 0.9));
  request.min_similarity = 0.95F;
  EXPECT_EQ(Answer(request), "miss:below_threshold");
  request = Ask("how might I sort", Near(0, 0.7));
  request.min_similarity = 0.1F;
  EXPECT_EQ(Answer(request), "miss:below_threshold");
}

// --- scope ---

TEST_F(LookupTest, NoPartOfTheScopeMayDiffer) {
  Insert(Tell("how do I sort", Axis(0), "use sort"));
  for (int part = 0; part < 3; ++part) {
    for (const bool with_vector : {false, true}) {
      LookupRequest request = Ask("how do I sort");
      if (with_vector) request = Ask("how can I sort", Axis(0));
      if (part == 0) request.scope.namespace_name = "other";
      if (part == 1) request.scope.model = "other";
      if (part == 2) request.scope.context = "other";
      EXPECT_EQ(Answer(request), "miss:no_candidate") << part << with_vector;
    }
  }
}

TEST_F(LookupTest, FieldsOfAScopeCannotFlowIntoOneAnother) {
  InsertRequest insert = Tell("q", Axis(0), "secret");
  insert.scope = {"ab", "c", "d"};
  Insert(insert);
  LookupRequest request = Ask("q", Axis(0));
  for (const Scope& scope : {Scope{"a", "bc", "d"}, Scope{"abc", "", "d"}, Scope{"ab", "cd", ""},
                             Scope{std::string("ab\0c", 4), "", "d"}}) {
    request.scope = scope;
    EXPECT_EQ(Answer(request), "miss:no_candidate");
  }
}

TEST_F(LookupTest, ADocumentOfAnotherScopeIsNeverServedWhateverTheIndexSays) {
  // The index proposes an entry whose document has come to be another tenant's.
  const EntryId id = Insert(Tell("how do I sort", Axis(0), "use sort")).entry_id;
  Document document = *store_.Get(id);
  document.entry.scope.namespace_name = "other";
  ASSERT_TRUE(store_.Put(document, Durability::kMemory).ok());
  EXPECT_EQ(Answer(Ask("how do I sort", Axis(0))), "miss:rejected");
}

TEST_F(LookupTest, TheVectorOfTheDocumentDecides) {
  const EntryId id = Insert(Tell("how do I sort", Axis(0), "use sort")).entry_id;
  Document document = *store_.Get(id);
  document.entry.embedding.values = Axis(5);
  ASSERT_TRUE(store_.Put(document, Durability::kMemory).ok());
  EXPECT_EQ(Answer(Ask("how can I sort", Axis(0))), "miss:rejected");
}

TEST_F(LookupTest, VectorsOfAnotherEmbeddingAreNotCompared) {
  Insert(Tell("how do I sort", Axis(0), "use sort"));
  LookupRequest request = Ask("how can I sort", Axis(0));
  request.embedding.identity = "other/8";
  EXPECT_EQ(Answer(request), "miss:no_candidate");
}

TEST_F(LookupTest, AVectorOfTheWrongLengthSaysWhatIsRight) {
  Insert(Tell("how do I sort", Axis(0), "use sort"));
  LookupRequest request = Ask("q", Axis(0, 16));
  const auto result = cache_->Lookup(request, Call(clock_));
  EXPECT_EQ(result.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(result.status().message(),
            "embedding has 16 components; others of identity \"axes/8\" in category \"code\" have "
            "another number");
}

// --- damage ---

TEST_F(LookupTest, ADamagedDocumentIsAMissAndIsNotAskedForAgain) {
  const EntryId id = Insert(Tell("how do I sort", Axis(0), "use sort")).entry_id;
  store_.Damage(id);
  EXPECT_EQ(Answer(Ask("how do I sort", Axis(0))), "miss:rejected");
  EXPECT_EQ(Answer(Ask("how do I sort", Axis(0))), "miss:no_candidate");
}

TEST_F(LookupTest, AStoreThatCannotBeReadForAWhileLosesNothing) {
  Insert(Tell("how do I sort", Axis(0), "use sort"));
  store_.FailReads(1, absl::UnavailableError("busy"));
  EXPECT_EQ(Answer(Ask("how can I sort", Axis(0))), "miss:rejected");
  EXPECT_EQ(Answer(Ask("how can I sort", Axis(0))), "semantic:use sort");
}

TEST_F(LookupTest, TheNextCandidateIsTriedWhereTheNearestFails) {
  const EntryId nearest = Insert(Tell("a", Axis(0), "nearest")).entry_id;
  Insert(Tell("b", Near(0, 0.95), "second"));
  store_.Damage(nearest);
  EXPECT_EQ(Answer(Ask("c", Axis(0))), "semantic:second");
}

// --- guards ---

TEST_F(LookupTest, AGuardTurnsANearOppositeDown) {
  Policy("code").guards = {GuardKind::kNegation};
  Reload();
  Insert(Tell("how do I turn on dark mode", Axis(0), "switch it on"));
  EXPECT_EQ(Answer(Ask("how do I turn off dark mode", Axis(0))), "miss:guard");
  EXPECT_EQ(Answer(Ask("how can I turn on dark mode", Axis(0))), "semantic:switch it on");
}

TEST_F(LookupTest, WithoutATextGuardsRefuse) {
  Policy("code").guards = {GuardKind::kNegation};
  Reload();
  Insert(Tell("how do I turn on dark mode", Axis(0), "switch it on"));
  EXPECT_EQ(Answer(Ask("", Axis(0))), "miss:guard");
  Policy("code").guards_without_text = true;
  Reload();
  EXPECT_EQ(Answer(Ask("", Axis(0))), "semantic:switch it on");
}

TEST_F(LookupTest, WithoutStoredTextTheExactPathGoesByTheHash) {
  Policy("code").store_query = false;
  Reload();
  const EntryId id = Insert(Tell("how do I sort", Axis(0), "use sort")).entry_id;
  EXPECT_FALSE(store_.Get(id)->query.has_value());
  EXPECT_EQ(Answer(Ask("how do I sort")), "exact:use sort");
}

// --- privacy ---

TEST_F(LookupTest, ACategoryThatForbidsCachingIsBypassedUnembedded) {
  LookupRequest request = Ask("what is my balance");
  request.category = "private";
  EXPECT_EQ(Answer(request), "bypass");
  EXPECT_EQ(embedder_.calls(), 0u);
  InsertRequest insert = Tell("what is my balance", {}, "lots");
  insert.category = "private";
  EXPECT_EQ(Insert(insert).kind, InsertResult::Kind::kDeclined);
  EXPECT_EQ(embedder_.calls(), 0u);
  EXPECT_EQ(store_.EstimatedEntries(), 0);
}

TEST_F(LookupTest, ABypassOnRequestLooksNothingUp) {
  Insert(Tell("how do I sort", Axis(0), "use sort"));
  LookupRequest request = Ask("how do I sort");
  request.bypass = true;
  EXPECT_EQ(Answer(request), "bypass");
}

TEST_F(LookupTest, AnUnknownCategoryIsAnError) {
  LookupRequest request = Ask("q", Axis(0));
  request.category = "poetry";
  const auto result = cache_->Lookup(request, Call(clock_));
  EXPECT_EQ(result.status().code(), absl::StatusCode::kInvalidArgument);
}

// --- embedding ---

TEST_F(LookupTest, ATextIsEmbeddedOnceAndThenRemembered) {
  EXPECT_EQ(Answer(Ask("how do I sort a list")), "miss:no_candidate");
  EXPECT_EQ(Answer(Ask("how do I sort a list")), "miss:no_candidate");
  EXPECT_EQ(embedder_.calls(), 1u);
}

TEST_F(LookupTest, NothingIsRememberedOnRequest) {
  LookupRequest request = Ask("how do I sort a list");
  request.no_store = true;
  EXPECT_EQ(Lookup(request).lookup_id, "");
  Lookup(request);
  EXPECT_EQ(embedder_.calls(), 2u);
}

TEST_F(LookupTest, AFailingEmbedderIsUnavailable) {
  embedder_.FailWith(absl::UnavailableError("down"));
  const auto result = cache_->Lookup(Ask("how do I sort"), Call(clock_));
  EXPECT_EQ(result.status().code(), absl::StatusCode::kUnavailable);
}

TEST_F(LookupTest, TryLookupAnswersAllButWhatNeedsAnEmbedding) {
  Insert(Tell("how do I sort", Axis(0), "use sort"));
  EXPECT_FALSE(cache_->TryLookup(Ask("something new"), Call(clock_)).has_value());
  EXPECT_TRUE(cache_->TryLookup(Ask("how do I sort"), Call(clock_)).has_value());
  EXPECT_TRUE(cache_->TryLookup(Ask("something new", Axis(1)), Call(clock_)).has_value());
  EXPECT_EQ(embedder_.calls(), 0u);
}

TEST_F(LookupTest, APassedDeadlineStopsBeforeTheEmbedding) {
  const Call late(clock_, clock_.Monotonic() - absl::Seconds(1));
  const auto result = cache_->Lookup(Ask("how do I sort"), late);
  EXPECT_EQ(result.status().code(), absl::StatusCode::kDeadlineExceeded);
  EXPECT_EQ(embedder_.calls(), 0u);
}

// --- explain ---

TEST_F(LookupTest, ExplainTellsWhatBecameOfEachCandidate) {
  Policy("code").guards = {GuardKind::kNegation};
  Reload();
  Insert(Tell("turn on dark mode", Axis(0), "on"));
  Insert(Tell("please turn off dark mode", Near(0, 0.95), "off"));
  LookupRequest request = Ask("turn off dark mode", Axis(0));
  request.explain = true;
  const LookupResult result = Lookup(request);
  ASSERT_EQ(result.candidates.size(), 2u);
  EXPECT_NE(result.candidates[0].verdict.find("negation"), std::string::npos);
  EXPECT_EQ(result.candidates[1].verdict, "served");
  EXPECT_EQ(result.response.body, "off");
}

}  // namespace
}  // namespace semcached
