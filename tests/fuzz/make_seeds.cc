// Writes the seeds of the fuzz targets that are no text: what a good gateway sends, and what we
// keep on disk. For when a format changes.
//   fuzz_make_seeds CORPUS
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <vector>

#include "cache/vector_file.h"
#include "fuzz/steps.h"
#include "index/stored_graph.h"
#include "semcached/policy/evidence.h"
#include "semcached/v1/admin.pb.h"
#include "semcached/v1/load.pb.h"
#include "semcached/v1/semantic_cache.pb.h"
#include "semcached/verify/verifier_file.h"
#include "store/documents.h"
#include "store/entry_codec.h"
#include "verify/features.h"

namespace semcached {
namespace {

constexpr size_t kCrcBytes = 4;

class Corpus {
 public:
  explicit Corpus(std::filesystem::path root) : root_(std::move(root)) {}

  void Write(const std::string& target, const std::string& name, const std::string& bytes) const {
    std::filesystem::create_directories(root_ / target);
    std::ofstream out(root_ / target / name, std::ios::binary);
    out << bytes;
  }

  // The targets put the checksum behind.
  void WriteUnsealed(const std::string& target, const std::string& name, std::string bytes) const {
    bytes.resize(bytes.size() - kCrcBytes);
    Write(target, name, bytes);
  }

 private:
  const std::filesystem::path root_;
};

class Story {
 public:
  explicit Story(uint8_t switches = 0) : bytes_(1, static_cast<char>(switches)) {}

  template <typename Proto>
  Story& Then(Step step, const Proto& proto) {
    return Then(step, proto.SerializeAsString());
  }
  Story& Then(Step step, const std::string& message = "") {
    bytes_.push_back(static_cast<char>(step));
    bytes_.push_back(static_cast<char>(message.size()));
    bytes_.push_back(static_cast<char>(message.size() >> 8));
    bytes_ += message;
    return *this;
  }
  const std::string& bytes() const { return bytes_; }

 private:
  std::string bytes_;
};

v1::Scope Acme() {
  v1::Scope scope;
  scope.set_namespace_("acme");
  scope.set_model("gpt-4o");
  scope.set_context("v1");
  return scope;
}

v1::LookupRequest Ask(const std::string& query, const std::string& category = "code") {
  v1::LookupRequest request;
  *request.mutable_scope() = Acme();
  request.set_query(query);
  request.set_category(category);
  return request;
}

v1::InsertRequest Tell(const std::string& query, const std::string& category = "code") {
  v1::InsertRequest request;
  *request.mutable_scope() = Acme();
  request.set_query(query);
  request.set_category(category);
  request.mutable_response()->set_body("the answer to: " + query);
  request.mutable_response()->set_content_type("text/plain");
  (*request.mutable_response()->mutable_metadata())["tokens"] = "12";
  request.add_tags("docs");
  request.set_source("model");
  return request;
}

google::protobuf::Duration Minutes(int64_t minutes) {
  google::protobuf::Duration duration;
  duration.set_seconds(60 * minutes);
  return duration;
}

void WriteTexts(const Corpus& corpus) {
  v1::LookupRequest near = Ask("how can I reverse a list in python");
  near.set_explain(true);
  near.set_near_hits(2);
  near.set_min_similarity(0.5F);
  *near.mutable_max_age() = Minutes(10);
  v1::LookupRequest example = Ask("how do I sort a list in python");
  example.set_near_hits(2);
  v1::LookupRequest other = Ask("how do I reverse a list in python");
  other.mutable_scope()->set_namespace_("acme2");
  v1::InsertRequest short_lived = Tell("how do I sort a list in python");
  *short_lived.mutable_ttl() = Minutes(5);
  corpus.Write("requests", "hits",
               Story()
                   .Then(Step::kInsert, Tell("how do I reverse a list in python"))
                   .Then(Step::kLookup, example)
                   .Then(Step::kInsert, short_lived)
                   .Then(Step::kLookup, Ask("how do I reverse a list in python"))
                   .Then(Step::kLookup, near)
                   .Then(Step::kLookup, other)
                   .Then(Step::kWait, Minutes(6))
                   .Then(Step::kLookup, Ask("how do I sort a list in python", ""))
                   .Then(Step::kExport)
                   .Then(Step::kRestart)
                   .Then(Step::kLookup, near)
                   .bytes());
  Story evictions(kOneOrderSwitch);
  for (const char* query : {"good morning", "good evening", "good night", "good bye", "good day"}) {
    evictions.Then(Step::kInsert, Tell(query, "chat")).Then(Step::kLookup, Ask(query, "chat"));
  }
  corpus.Write("requests", "evictions", evictions.Then(Step::kWait, Minutes(24 * 60 + 30)).bytes());
  corpus.Write("requests", "private",
               Story()
                   .Then(Step::kInsert, Tell("my diagnosis", "private"))
                   .Then(Step::kLookup, Ask("my diagnosis", "private"))
                   .bytes());
}

void WriteVectors(const Corpus& corpus) {
  v1::InsertRequest insert = Tell("");
  insert.mutable_embedding()->set_identity("own@1/3");
  for (const float value : {0.6F, 0.8F, 0.0F}) insert.mutable_embedding()->add_values(value);
  v1::LookupRequest lookup = Ask("");
  *lookup.mutable_embedding() = insert.embedding();
  lookup.mutable_embedding()->set_values(2, 0.1F);
  corpus.Write("requests", "vectors",
               Story(0)
                   .Then(Step::kInsert, insert)
                   .Then(Step::kLookup, lookup)
                   .Then(Step::kWait, Minutes(1))
                   .Then(Step::kLookup, lookup)
                   .Then(Step::kExport)
                   .bytes());
}

void WriteLeases(const Corpus& corpus) {
  v1::LookupRequest ask = Ask("who was first", "chat");
  ask.set_on_miss(v1::ON_MISS_LEASE);
  *ask.mutable_max_wait() = Minutes(1);
  v1::InsertRequest answer;
  answer.set_lookup_id("#");
  answer.mutable_response()->set_body("the one who asked first");
  v1::RenewLeaseRequest renew;
  renew.set_lease("#");
  v1::AbandonLeaseRequest abandon;
  abandon.set_lease("#");
  corpus.Write("requests", "leases",
               Story()
                   .Then(Step::kLookup, ask)
                   .Then(Step::kLookup, ask)
                   .Then(Step::kRenewLease, renew)
                   .Then(Step::kInsert, answer)
                   .Then(Step::kWait, Minutes(0))
                   .Then(Step::kLookup, ask)
                   .bytes());
  corpus.Write("requests", "leases_given_up",
               Story()
                   .Then(Step::kLookup, ask)
                   .Then(Step::kLookup, ask)
                   .Then(Step::kAbandonLease, abandon)
                   .Then(Step::kWait, Minutes(2))
                   .bytes());
}

void WriteRemovals(const Corpus& corpus) {
  v1::DeleteRequest erase;
  erase.set_entry_id("#");
  v1::ReportFeedbackRequest wrong;
  wrong.set_lookup_id("#");
  wrong.set_verdict(v1::ReportFeedbackRequest::VERDICT_WRONG);
  v1::InvalidateRequest tagged;
  tagged.set_tag("docs");
  tagged.set_namespace_("acme");
  v1::InvalidateRequest near;
  near.set_category("code");
  near.set_namespace_("acme");
  near.mutable_near()->set_query("a list in python");
  near.mutable_near()->set_similarity(0.3F);
  v1::InvalidateRequest listed;
  listed.add_entries("#");
  const v1::InsertRequest insert = Tell("how do I reverse a list in python");
  const v1::LookupRequest lookup = Ask("how can I reverse a list in python");
  Story story(kRecordSwitch);
  story.Then(Step::kInsert, insert).Then(Step::kDelete, erase).Then(Step::kLookup, lookup);
  story.Then(Step::kInsert, insert).Then(Step::kLookup, lookup).Then(Step::kFeedback, wrong);
  story.Then(Step::kInsert, insert).Then(Step::kLookup, lookup);
  for (const v1::InvalidateRequest& invalidate : {tagged, near, listed}) {
    story.Then(Step::kInsert, insert).Then(Step::kInvalidate, invalidate);
    story.Then(Step::kLookup, lookup);
  }
  corpus.Write("requests", "removals", story.Then(Step::kExport).bytes());
}

void WriteLoadsAndImports(const Corpus& corpus) {
  v1::ReportLoadRequest load;
  load.set_model("gpt-4o");
  load.set_in_flight(12);
  load.set_queued(3);
  load.set_limit(16);
  load.mutable_latency()->set_nanos(800'000'000);
  corpus.Write("requests", "load", Story().Then(Step::kReportLoad, load).bytes());

  const v1::InsertRequest insert = Tell("how do I reverse a list in python");
  v1::ExportedEntry entry;
  entry.set_entry_id("000000000000002a");
  entry.set_category(insert.category());
  *entry.mutable_scope() = insert.scope();
  entry.set_query(insert.query());
  *entry.mutable_response() = insert.response();
  entry.mutable_insert_time()->set_seconds(1'699'999'000);
  *entry.mutable_ttl() = Minutes(40);
  corpus.Write("requests", "import",
               Story(kAuditSwitch)
                   .Then(Step::kImport, entry)
                   .Then(Step::kLookup, Ask("how can I reverse a list in python"))
                   .Then(Step::kInsert, insert)
                   .Then(Step::kImport, entry)
                   .bytes());
}

void WriteDocuments(const Corpus& corpus) {
  std::mt19937_64 random(1);
  const auto write = [&](const std::string& name, const Document& document) {
    const EncodedDocument encoded = *EncodeDocument(document);
    corpus.WriteUnsealed("documents", name + "_entry", encoded.entry.substr(1));
    corpus.WriteUnsealed("documents", name + "_answer", encoded.response.substr(1));
  };
  write("plain", MakeDocument(42));
  Document redacted = MakeDocument(43);
  redacted.query.reset();
  redacted.guard_text = "how do I zbcdx";
  write("redacted", redacted);
  for (int i = 0; i < 4; ++i) write("random_" + std::to_string(i), RandomDocument(random));
  corpus.WriteUnsealed("documents", "meta", EncodeMeta({1, 2, 3}).substr(1));
}

void WriteFiles(const Corpus& corpus) {
  EvidenceBook book;
  for (int i = 0; i < 20; ++i) {
    const HitVerdict verdict = i % 5 == 0 ? HitVerdict::kWrong : HitVerdict::kRight;
    book.Observe("code", "mini@1/2", 0.8 + 0.01 * i, verdict, VerdictSource::kFeedback,
                 absl::Seconds(i));
    book.ObserveServed("chat", "mini@1/2", 0.9);
    book.ObserveRefused("chat", "mini@1/2", 0.7);
  }
  corpus.WriteUnsealed("evidence", "two_categories", book.Serialize());
  corpus.WriteUnsealed("evidence", "empty", EvidenceBook().Serialize());

  TrainedVerifier verifier;
  verifier.category = "code";
  verifier.identity = "mini@1/2";
  verifier.evidence.reason = "too few pairs";
  corpus.WriteUnsealed("verifier", "not_adopted", EncodeVerifier(verifier));
  verifier.model.dimension = 2;
  VerifierNetwork network;
  network.hidden.assign(verify::FeatureCount(2) * VerifierNetwork::kHidden, 0.01F);
  network.hidden_bias.assign(VerifierNetwork::kHidden, 0.1F);
  network.output.assign(VerifierNetwork::kHidden, 0.2F);
  verifier.model.networks = {network};
  verifier.evidence.adopted = true;
  corpus.WriteUnsealed("verifier", "adopted", EncodeVerifier(verifier));

  corpus.WriteUnsealed("vectors", "examples",
                       EncodeVectorFile("axes@1/2", {{"a text", {1, 0}}, {"no vector", {}}}));
  corpus.WriteUnsealed("vectors", "empty", EncodeVectorFile("axes@1/2", {}));
}

// A ring of nodes, of which each fourth is on the next level, too.
class Ring final : public LinkSource {
 public:
  explicit Ring(uint32_t nodes) {
    for (uint32_t node = 0; node < nodes; ++node) {
      around_.push_back({(node + 1) % nodes, (node + nodes - 1) % nodes});
      above_.push_back({(node + 4) % nodes});
    }
  }
  size_t size() const override { return around_.size(); }
  GraphNode NodeAt(uint32_t node) const override { return {node + 1, nullptr}; }
  size_t LevelOf(uint32_t node) const override { return node % 4 == 0 ? 1 : 0; }
  absl::Span<const uint32_t> LinksOf(uint32_t node, size_t level) const override {
    return level == 0 ? around_[node] : above_[node];
  }
  uint32_t Entry() const override { return 0; }

 private:
  std::vector<std::vector<uint32_t>> around_;
  std::vector<std::vector<uint32_t>> above_;
};

void WriteGraphs(const Corpus& corpus) {
  IndexOptions options;
  options.dimension = 8;
  options.m = 4;
  corpus.Write("graph", "ring", EncodeGraph(options, {1, 2}, Ring(16), {}));
  corpus.Write("graph", "left_out", EncodeGraph(options, {1, 2}, Ring(8), {3, 5}));
  // Large enough for signs.
  corpus.Write("graph", "large", EncodeGraph(options, {1, 2}, Ring(200), {1000}));
  corpus.Write("graph", "one", EncodeGraph(options, {1, 2}, Ring(1), {}));
}

}  // namespace
}  // namespace semcached

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("fuzz_make_seeds CORPUS\n", stderr);
    return 2;
  }
  const semcached::Corpus corpus(argv[1]);
  semcached::WriteTexts(corpus);
  semcached::WriteVectors(corpus);
  semcached::WriteLeases(corpus);
  semcached::WriteRemovals(corpus);
  semcached::WriteLoadsAndImports(corpus);
  semcached::WriteDocuments(corpus);
  semcached::WriteFiles(corpus);
  semcached::WriteGraphs(corpus);
  return 0;
}
