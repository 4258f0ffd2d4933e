#include "main/ctl_print.h"

#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>
#include <absl/time/time.h>
#include <google/protobuf/util/json_util.h>

#include <iostream>
#include <vector>

#include "main/table.h"

namespace semcached {
namespace {

// "MISS" for an enum's OUTCOME_MISS.
template <typename Descriptor>
std::string ShortName(const Descriptor* descriptor, int value, size_t prefix) {
  const auto* found = descriptor->FindValueByNumber(value);
  return found == nullptr ? absl::StrCat(value) : found->name().substr(prefix);
}

std::string Text(const google::protobuf::Duration& duration) {
  const absl::Duration value =
      absl::Seconds(duration.seconds()) + absl::Nanoseconds(duration.nanos());
  return absl::FormatDuration(value > absl::Seconds(10)
                                  ? absl::Trunc(value, absl::Seconds(1))
                                  : absl::Trunc(value, absl::Milliseconds(1)));
}

std::string Mebibytes(int64_t bytes) {
  return absl::StrFormat("%.1f", static_cast<double>(bytes) / (1 << 20));
}

int64_t SumOf(const google::protobuf::Map<std::string, int64_t>& counts) {
  int64_t sum = 0;
  for (const auto& [key, count] : counts) sum += count;
  return sum;
}

std::string KeysOf(const google::protobuf::Map<std::string, int64_t>& counts) {
  std::string keys;
  for (const auto& [key, count] : counts) {
    if (key != "none") keys += keys.empty() ? key : "," + key;
  }
  return keys.empty() ? "-" : keys;
}

}  // namespace

std::string ToJson(const google::protobuf::Message& message, bool pretty) {
  google::protobuf::util::JsonPrintOptions options;
  options.add_whitespace = pretty;
  options.always_print_primitive_fields = pretty;
  options.preserve_proto_field_names = true;
  std::string json;
  const auto status = google::protobuf::util::MessageToJsonString(message, &json, options);
  return status.ok() ? json : "{}";
}

void Print(const v1::LookupResponse& response) {
  std::cout << ShortName(v1::Outcome_descriptor(), response.outcome(), 8);
  if (response.outcome() == v1::OUTCOME_MISS) {
    std::cout << " (" << ShortName(v1::MissReason_descriptor(), response.miss_reason(), 12) << ")";
  }
  std::cout << "\n";
  if (!response.category().empty()) {
    std::cout << "category    " << response.category() << " ("
              << ShortName(v1::CategorySource_descriptor(), response.category_source(), 16)
              << ")\n";
  }
  if (!response.bypass_reason().empty()) {
    std::cout << "because     " << response.bypass_reason() << "\n";
  }
  if (response.has_similarity()) std::cout << "similarity  " << response.similarity() << "\n";
  if (response.has_nearest_similarity()) {
    std::cout << "nearest     " << response.nearest_similarity() << "\n";
  }
  if (response.has_similarity_threshold()) {
    std::cout << "threshold   " << response.similarity_threshold() << "\n";
  }
  if (!response.entry_id().empty()) {
    std::cout << "entry       " << response.entry_id() << "\nage         " << Text(response.age())
              << (response.stale() ? " (stale)" : "") << "\n";
  }
  if (!response.lookup_id().empty()) std::cout << "lookup_id   " << response.lookup_id() << "\n";
  if (!response.lease().empty()) {
    std::cout << "lease       " << response.lease() << " (for " << Text(response.lease_ttl())
              << ")\n";
  }
  if (response.has_explanation()) {
    const v1::Explanation& explanation = response.explanation();
    std::cout << "index       " << explanation.index_structure() << "\nmicroseconds embed "
              << explanation.embed_micros() << ", search " << explanation.search_micros()
              << ", check " << explanation.check_micros() << "\n";
    if (!explanation.candidates().empty()) {
      Table table({"candidate", "similarity", "age", "verdict"});
      for (const v1::Candidate& candidate : explanation.candidates()) {
        table.Add({candidate.entry_id(), absl::StrFormat("%.4f", candidate.similarity()),
                   Text(candidate.age()), candidate.verdict()});
      }
      table.Print(std::cout);
    }
    for (const v1::Candidate& candidate : explanation.candidates()) {
      for (const v1::GuardVerdict& verdict : candidate.guard_verdicts()) {
        std::cout << "guard       " << candidate.entry_id() << " " << verdict.guard() << ": "
                  << verdict.reason() << "\n";
      }
    }
  }
  for (const v1::NearHit& near : response.near_hits()) {
    std::cout << absl::StrFormat(
        "near        %s %.4f %s\n            %s\n", near.entry_id(), near.similarity(),
        near.has_query() ? near.query() : "(its query is not stored)", near.response().body());
  }
  if (response.has_response()) std::cout << "\n" << response.response().body() << "\n";
}

void Print(const v1::InsertResponse& response) {
  std::cout << ShortName(v1::InsertResponse::Result_descriptor(), response.result(), 7);
  if (!response.decline_reason().empty()) std::cout << ": " << response.decline_reason();
  std::cout << "\n";
  if (response.entry_id().empty()) return;
  std::cout << "entry       " << response.entry_id() << "\ncategory    " << response.category()
            << "\ndurability  " << ShortName(v1::Durability_descriptor(), response.durability(), 11)
            << "\nexpires     "
            << absl::FormatTime(absl::FromUnixSeconds(response.expire_time().seconds())) << "\n";
}

namespace {

// Of the categories that have been asked.
void PrintEconomics(const v1::GetStatsResponse& response) {
  Table table({"category", "hit %", "pays from %", "hit ms", "miss ms", "model ms", "saved s",
               "tokens saved", "cost saved", ""});
  bool any = false;
  const auto milliseconds = [](bool known, const google::protobuf::Duration& duration) {
    return known ? absl::StrFormat("%.2f", 1e3 * static_cast<double>(duration.seconds()) +
                                               1e-6 * duration.nanos())
                 : std::string("-");
  };
  const auto percent = [](bool known, double share) {
    return known ? absl::StrFormat("%.2f", 100 * share) : std::string("-");
  };
  for (const v1::CategoryStats& stats : response.categories()) {
    const v1::Economics& economics = stats.economics();
    if (!economics.has_hit_rate()) continue;
    any = true;
    const google::protobuf::Duration& saved = economics.time_saved();
    table.Add({stats.category(), percent(true, economics.hit_rate()),
               percent(economics.has_break_even_hit_rate(), economics.break_even_hit_rate()),
               milliseconds(economics.has_hit_cost(), economics.hit_cost()),
               milliseconds(economics.has_miss_cost(), economics.miss_cost()),
               milliseconds(economics.has_model_latency(), economics.model_latency()),
               absl::StrFormat("%.1f", static_cast<double>(saved.seconds()) + 1e-9 * saved.nanos()),
               absl::StrFormat("%.0f", economics.tokens_saved()),
               absl::StrFormat("%.2f", economics.cost_saved()), economics.losing() ? "loses" : ""});
  }
  if (!any) return;
  std::cout << "\n";
  table.Print(std::cout);
}

}  // namespace

void Print(const v1::GetStatsResponse& response) {
  Table table({"category", "entries", "exact", "semantic", "miss", "bypass", "hit %", "inserts",
               "evicted", "expired", "scopes", "memory MiB", "disk MiB", "index"});
  for (const v1::CategoryStats& stats : response.categories()) {
    const int64_t hits = stats.hit_exact_count() + stats.hit_semantic_count();
    const int64_t misses = SumOf(stats.miss_counts());
    const int64_t asked = hits + misses;
    table.Add({stats.category(), absl::StrCat(stats.entry_count()),
               absl::StrCat(stats.hit_exact_count()), absl::StrCat(stats.hit_semantic_count()),
               absl::StrCat(misses), absl::StrCat(stats.bypass_count()),
               asked == 0 ? "-"
                          : absl::StrFormat("%.1f", 100.0 * static_cast<double>(hits) /
                                                        static_cast<double>(asked)),
               absl::StrCat(stats.insert_count()), absl::StrCat(stats.eviction_count()),
               absl::StrCat(stats.expiry_count()), absl::StrCat(stats.scope_count()),
               Mebibytes(stats.memory_bytes()), Mebibytes(stats.disk_bytes()),
               KeysOf(stats.answered_by())});
  }
  table.Print(std::cout);
  PrintEconomics(response);
  std::cout << "\nup " << Text(response.uptime()) << ", warm "
            << absl::StrFormat("%.0f", 100 * response.warm_ratio()) << " %, CPU "
            << Text(response.cpu_time()) << ", resident " << Mebibytes(response.resident_bytes())
            << " MiB, memory limit " << Mebibytes(response.memory_limit_bytes()) << " MiB, disk "
            << Mebibytes(response.disk_bytes()) << " of " << Mebibytes(response.disk_limit_bytes())
            << " MiB\nmemory MiB:";
  for (const auto& [component, bytes] : response.memory_bytes()) {
    std::cout << " " << component << " " << Mebibytes(bytes);
  }
  std::cout << "\ndisk MiB:";
  for (const auto& [part, bytes] : response.disk_part_bytes()) {
    std::cout << " " << part << " " << Mebibytes(bytes);
  }
  std::cout << "\n";
}

namespace {

// What a lower threshold is expected to bring.
std::string Expected(bool known, double extra_hits, double extra_false_hits) {
  return known ? absl::StrFormat("%+.1f %% hits, %.2f %% false", 100 * extra_hits,
                                 100 * extra_false_hits)
               : "-";
}

// What keeps hits true, of the categories that have anything of it.
void PrintBudgets(const v1::ListPoliciesResponse& response) {
  Table table({"category", "budget", "mode", "estimate", "calibrated", "at full load", "audit rate",
               "verifier", "because"});
  bool any = false;
  for (const v1::CategoryPolicy& policy : response.policies()) {
    if (!policy.has_false_hit_budget() && !(policy.audit_rate() > 0)) continue;
    any = true;
    const auto percent = [](bool known, double share) {
      return known ? absl::StrFormat("%.2f %%", 100 * share) : std::string("-");
    };
    table.Add({policy.category(), percent(policy.has_false_hit_budget(), policy.false_hit_budget()),
               policy.budget_mode(),
               percent(policy.has_estimated_false_hit_rate(), policy.estimated_false_hit_rate()),
               policy.has_calibrated_threshold()
                   ? absl::StrFormat("%.3f", policy.calibrated_threshold())
                   : "-",
               Expected(policy.has_full_load_extra_hits(), policy.full_load_extra_hits(),
                        policy.full_load_extra_false_hits()),
               percent(true, policy.audit_rate()), policy.verifier_mode(),
               policy.calibration().empty() ? "-" : policy.calibration()});
  }
  if (!any) return;
  std::cout << "\n";
  table.Print(std::cout);
}

std::string Known(bool known, double utilization) {
  return known ? absl::StrFormat("%.2f", utilization) : "unknown";
}

// What every sensor tells of every model, and what came of it.
void PrintLoads(const v1::ListPoliciesResponse& response) {
  if (response.loads().empty()) return;
  Table table({"model", "sensor", "utilization", "load factor", "note"});
  for (const v1::ModelLoad& load : response.loads()) {
    std::string note = load.utilization_source();
    if (load.has_manual_remaining()) note += ", for " + Text(load.manual_remaining()) + " more";
    table.Add({load.model(), "all", Known(load.has_utilization(), load.utilization()),
               absl::StrFormat("%.2f", load.load_factor()), note.empty() ? "-" : note});
    for (const v1::ModelLoad::Sensor& sensor : load.sensors()) {
      table.Add({load.model(), sensor.name(), Known(sensor.has_utilization(), sensor.utilization()),
                 "", sensor.problem().empty() ? "-" : sensor.problem()});
    }
  }
  std::cout << "\n";
  table.Print(std::cout);
}

}  // namespace

void Print(const v1::ListPoliciesResponse& response) {
  Table table({"category", "model", "load", "threshold", "in force", "ttl", "in force", "adapts",
               "index", "eviction", "durability", "guards"});
  for (const v1::CategoryPolicy& policy : response.policies()) {
    std::string guards;
    for (const std::string& guard : policy.guards()) guards += guards.empty() ? guard : "," + guard;
    for (const v1::EffectivePolicy& effective : policy.effective()) {
      std::string name = policy.category();
      if (policy.is_default()) name += " (default)";
      if (!policy.allow_caching()) name += " (never cached)";
      table.Add({name, effective.model().empty() ? "-" : effective.model(),
                 absl::StrFormat("%.2f", effective.load_factor()),
                 absl::StrFormat("%.3f", policy.similarity_threshold()),
                 absl::StrFormat("%.3f", effective.similarity_threshold()), Text(policy.ttl()),
                 Text(effective.ttl()), policy.adaptation_mode(), policy.index_type(),
                 policy.eviction(), policy.durability(), guards.empty() ? "-" : guards});
    }
  }
  table.Print(std::cout);
  PrintBudgets(response);
  PrintLoads(response);
  std::cout << "\ngeneration " << response.generation() << (response.frozen() ? ", frozen" : "")
            << "\n";
}

void Print(const v1::ListPolicyEventsResponse& response) {
  Table table(
      {"time", "category", "model", "load", "threshold", "ttl", "shadow", "expected", "reason"});
  for (const v1::PolicyEvent& event : response.events()) {
    const std::string time = absl::FormatTime(absl::FromUnixSeconds(event.time().seconds()));
    if (event.category().empty()) {  // of no single category, such as a freeze
      table.Add({time, "-", event.model().empty() ? "-" : event.model(), "-", "-", "-", "-", "-",
                 event.reason()});
      continue;
    }
    table.Add({time, event.category(), event.model().empty() ? "-" : event.model(),
               absl::StrFormat("%.2f", event.load_factor()),
               absl::StrFormat("%.3f", event.similarity_threshold()), Text(event.ttl()),
               event.shadow() ? "yes" : "no",
               Expected(event.has_expected_extra_hits(), event.expected_extra_hits(),
                        event.expected_extra_false_hits()),
               event.reason()});
  }
  table.Print(std::cout);
}

void Print(const v1::ImportResponse& response) {
  std::cout << "stored " << response.stored_count() << "\n";
  for (const auto& [reason, count] : response.declined_counts()) {
    std::cout << "declined " << count << ": " << reason << "\n";
  }
}

void Print(const v1::ReportFeedbackResponse& response) {
  std::cout << (response.quarantined() ? "taken out" : "noted")
            << (response.pair_blocked() ? ", and the pair of queries is blocked" : "") << "\n";
}

void Print(const v1::WhatIfResponse& response) {
  const auto false_hits = [](const v1::WhatIfResponse::Side& side) {
    return side.has_estimated_false_hit_count()
               ? absl::StrFormat("%.1f", side.estimated_false_hit_count())
               : std::string("-");
  };
  Table table({"category", "lookups", "hits before", "after", "gained", "lost", "est. false before",
               "after"});
  for (const v1::WhatIfResponse::Row& row : response.rows()) {
    table.Add({row.category().empty() ? "all" : row.category(), absl::StrCat(row.lookup_count()),
               absl::StrCat(row.before().hit_count()), absl::StrCat(row.after().hit_count()),
               absl::StrCat(row.gained_count()), absl::StrCat(row.lost_count()),
               false_hits(row.before()), false_hits(row.after())});
  }
  table.Print(std::cout);
  std::cout << "Hits of the exact path are not among them; -: too little evidence.\n";
}

void Print(const v1::TrainVerifierResponse& response) {
  std::cout << (response.adopted() ? "adopted" : "not adopted") << ": " << response.reason() << "\n"
            << (response.adopted()
                    ? "It decides once the category says verifier: {mode: enforce}.\n"
                    : "A verifier that the category had before stays.\n");
  // Of too few pairs nothing was measured.
  if (response.verified_auc() == 0) return;
  std::cout << "pairs       " << response.training_pair_count() << " learned from, "
            << response.held_out_pair_count() << " held out\n";
  std::cout << absl::StrFormat("AUC         %.3f, by the cosine alone %.3f\n",
                               response.verified_auc(), response.cosine_auc());
  std::cout << absl::StrFormat(
      "false accepts %.1f %% of what is no duplicate, by the cosine alone %.1f %% (ratio %.2f to "
      "%.2f)\n",
      100 * response.verified_false_accept_rate(), 100 * response.cosine_false_accept_rate(),
      response.ratio_low(), response.ratio_high());
}

}  // namespace semcached
