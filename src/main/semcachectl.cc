// The command line of an operator.

#include <sys/stat.h>

#include <CLI/CLI.hpp>
#include <functional>
#include <iostream>
#include <optional>
#include <string>

#include "main/client.h"
#include "main/ctl.h"
#include "semcached/base/version.h"
#include "semcached/config/load.h"

namespace semcached {
namespace {

// Everything that the command line says, and which command was chosen.
struct Line {
  CtlOptions options;
  CtlQuery query;
  CtlLookupFlags lookup;
  CtlAnswer answer;
  CtlInvalidation invalidation;
  std::string category;
  std::string entry_id;
  std::string lookup_id;
  std::string lease;
  std::string directory;
  std::string pairs;
  std::string file = "-";
  std::string config = "/etc/semcached/semcached.yaml";
  bool wrong = false, correct = false;
  bool reload = false, events = false, freeze = false, unfreeze = false;
  int rounds = 0;
  std::optional<absl::Duration> watch;
  std::string model;
  double utilization = 0;
  std::optional<absl::Duration> duration;
  std::function<absl::Status()> run;
};

CLI::App* Add(CLI::App* app, Line* line, const char* name, const char* help,
              std::function<absl::Status()> run) {
  CLI::App* const command = app->add_subcommand(name, help);
  command->fallthrough();  // so that --json may stand behind the command too
  command->callback([line, run = std::move(run)] { line->run = run; });
  return command;
}

void AddQuery(CLI::App* command, Line* line) {
  command->add_option("-n,--namespace", line->query.namespace_name, "the tenant")->required();
  command->add_option("-m,--model", line->query.model, "the downstream model");
  command->add_option("--context", line->query.context, "fingerprint of all else");
  command->add_option("-c,--category", line->query.category, "empty: the server classifies");
  command->add_option("query", line->query.query, "the query")->required();
}

absl::Status RunPolicies(const Line& line) {
  if (line.reload) return CtlReload(line.options);
  if (line.events) return CtlPolicyEvents(line.options);
  if (line.freeze || line.unfreeze) return CtlFreeze(line.options, line.freeze);
  if (line.watch) {
    if (*line.watch < absl::Milliseconds(100)) {
      return absl::InvalidArgumentError("--watch is too short; allowed: from 100ms");
    }
    return CtlWatchPolicies(line.options, line.category, *line.watch, line.rounds);
  }
  return CtlPolicies(line.options, line.category);
}

// Written as in configuration files.
CLI::Option* AddDuration(CLI::App* command, const char* name, std::optional<absl::Duration>* into,
                         const std::string& help, const char* example = "90s, 1.5h, 7d") {
  return command->add_option_function<std::string>(
      name,
      [name, into](const std::string& text) {
        *into = ParseConfigDuration(text);
        if (!into->has_value()) {
          throw CLI::ValidationError(name, text + " is not a duration; e.g. 90s, 1.5h or 7d");
        }
      },
      help + ", e.g. " + example);
}

void AddLookupFlags(CLI::App* command, CtlLookupFlags* flags) {
  command
      ->add_option("--min-similarity", flags->min_similarity,
                   "tightens the category's threshold; a lower one has no effect")
      ->check(CLI::Range(0.0, 1.0));
  AddDuration(command, "--max-age", &flags->max_age, "older answers are misses");
  command->add_flag("--no-store", flags->no_store, "keep nothing of this query");
  command->add_flag("--bypass", flags->bypass, "look nothing up");
}

// What narrows a deletion must not be lost with an unset variable of a script.
CLI::Validator NotEmpty() {
  return {[](const std::string& text) { return text.empty() ? "is empty" : ""; }, ""};
}

void AddInvalidation(CLI::App* command, CtlInvalidation* which) {
  command->add_option("-c,--category", which->category, "only of this category")->check(NotEmpty());
  command->add_option("-n,--namespace", which->namespace_name, "only of this tenant")
      ->check(NotEmpty());
  command->add_option("-m,--model", which->model, "only of this downstream model")
      ->check(NotEmpty());
  command->add_option("--tag", which->tag, "only with this tag")->check(NotEmpty());
  AddDuration(command, "--older-than", &which->older_than, "only inserted before");
  command
      ->add_option("--near", which->near,
                   "only with a query this close; needs --category and --namespace")
      ->check(NotEmpty());
  command->add_option("--similarity", which->similarity, "what is close, cosine")
      ->check(CLI::Range(0.0, 1.0))
      ->capture_default_str();
  command->add_flag("--dry-run", which->dry_run, "count only");
}

void AddLoad(CLI::App* app, Line* line) {
  const CtlOptions& options = line->options;
  CLI::App* const load =
      app->add_subcommand("load", "set the load of a model by hand, or leave it to the sensors");
  load->fallthrough();
  load->require_subcommand(1);
  CLI::App* const set =
      Add(load, line, "set", "for a while, this load stands for all that is measured",
          [line, &options] {
            return CtlSetLoad(options, line->model, line->utilization, *line->duration);
          });
  set->add_option("model", line->model, "as in requests")->required()->check(NotEmpty());
  set->add_option("utilization", line->utilization,
                  "0: idle, 1: all that it can work on at once, more where requests queue")
      ->required()
      ->check(CLI::Range(0.0, 10.0));
  AddDuration(set, "--for", &line->duration, "how long, 24h at most", "90s, 1.5h")->required();
  Add(load, line, "clear", "end that before its time",
      [line, &options] { return CtlClearLoad(options, line->model); })
      ->add_option("model", line->model, "as in requests")
      ->required()
      ->check(NotEmpty());
}

void AddCommands(CLI::App* app, Line* line) {
  const CtlOptions& options = line->options;
  CLI::App* const lookup = Add(app, line, "lookup", "look a query up", [line, &options] {
    return CtlLookup(options, line->query, line->lookup);
  });
  AddQuery(lookup, line);
  AddLookupFlags(lookup, &line->lookup);
  lookup
      ->add_option("--near-hits", line->lookup.near_hits,
                   "on a miss, show up to so many near entries")
      ->check(CLI::Range(0, 16))
      ->capture_default_str();
  lookup->add_flag("--lease", line->lookup.lease,
                   "on a miss, take the lease for the answer, or wait for who has it");
  AddDuration(lookup, "--max-wait", &line->lookup.max_wait, "with --lease: wait no longer");
  CLI::App* const explain =
      Add(app, line, "explain", "look a query up, and say what became of each candidate",
          [line, &options] {
            line->lookup.explain = true;
            return CtlLookup(options, line->query, line->lookup);
          });
  AddQuery(explain, line);
  AddLookupFlags(explain, &line->lookup);
  Add(app, line, "renew-lease", "keep the lease that a lookup gave for its whole time again",
      [line, &options] { return CtlRenewLease(options, line->lease); })
      ->add_option("lease", line->lease, "as the lookup printed it")
      ->required();
  Add(app, line, "abandon-lease", "give the lease up: one of those who wait gets it",
      [line, &options] { return CtlAbandonLease(options, line->lease); })
      ->add_option("lease", line->lease, "as the lookup printed it")
      ->required();
  CLI::App* const insert = Add(app, line, "insert", "insert an answer", [line, &options] {
    return CtlInsert(options, line->query, line->answer);
  });
  AddQuery(insert, line);
  CtlAnswer* const answer = &line->answer;
  insert->add_option("--body", answer->body, "the answer; -: read standard input")
      ->capture_default_str();
  insert->add_option("--content-type", answer->content_type, "its media type")
      ->capture_default_str();
  AddDuration(insert, "--ttl", &answer->ttl, "tightens the category's");
  insert->add_option("--tag", answer->tags, "for invalidate; once for each tag")
      ->allow_extra_args(false);  // else it takes the query as well
  AddInvalidation(Add(app, line, "invalidate",
                      "delete the entries that meet all conditions given, one at least",
                      [line, &options] { return CtlInvalidate(options, line->invalidation); }),
                  &line->invalidation);
  Add(app, line, "delete", "delete one entry",
      [line, &options] { return CtlDelete(options, line->entry_id); })
      ->add_option("entry", line->entry_id, "its id")
      ->required();
  CLI::App* const feedback =
      Add(app, line, "feedback", "say whether an answer was right; a wrong one is taken out",
          [line, &options] {
            return CtlFeedback(options, line->entry_id, line->lookup_id, line->wrong);
          });
  CLI::App* const which = feedback->add_option_group("answer", "one of");
  which->add_option("entry", line->entry_id, "the entry's id");
  which->add_option("--lookup-id", line->lookup_id,
                    "of the lookup that gave it: blocks the pair of queries, and teaches");
  which->require_option(1);
  CLI::App* const verdict = feedback->add_option_group("verdict", "one of");
  verdict->add_flag("--wrong", line->wrong, "the answer was wrong: take it out");
  verdict->add_flag("--correct", line->correct, "the answer was right");
  verdict->require_option(1);
  Add(app, line, "stats", "what every category holds, and how its lookups went",
      [&options] { return CtlStats(options); });
  Add(app, line, "top", "the same, again each second",
      [line, &options] { return CtlTop(options, line->rounds); })
      ->add_option("--rounds", line->rounds, "stop after so many; 0: go on until interrupted")
      ->capture_default_str();
  CLI::App* const policies = Add(
      app, line, "policies", "the policies, as written and as in force, or what is done to them",
      [line] { return RunPolicies(*line); });
  policies->add_option("--category", line->category, "only this one");
  CLI::App* const action = policies->add_option_group("action", "at most one of");
  action->require_option(0, 1);
  action->add_flag("--reload", line->reload, "read the category files again");
  action->add_flag("--events", line->events, "the latest changes, with their reasons");
  action->add_flag("--freeze", line->freeze, "let no load move policies");
  action->add_flag("--unfreeze", line->unfreeze, "let load move policies again");
  AddDuration(action, "--watch", &line->watch, "show them again and again, with this pause",
              "500ms, 2s");
  policies->add_option("--rounds", line->rounds, "of --watch: stop after so many; 0: go on")
      ->capture_default_str();
  AddLoad(app, line);
  CLI::App* const flush = Add(app, line, "flush", "delete all entries, or those of one category",
                              [line, &options] { return CtlFlush(options, line->category); });
  CLI::App* const whose = flush->add_option_group("whose", "one of");
  whose->add_option("--category", line->category, "those of this category")->check(NotEmpty());
  whose->add_flag("--all")->description("those of every category");
  whose->require_option(1);
  CLI::App* const exporting =
      Add(app, line, "export", "write all live entries, one JSON object a line",
          [line, &options] { return CtlExport(options, line->category, line->file); });
  exporting->add_option("--category", line->category, "only this one");
  exporting->add_option("file", line->file, "-: standard output")->capture_default_str();
  Add(app, line, "import",
      "insert what export wrote; ages go on from where they were; a failure if any is declined",
      [line, &options] { return CtlImport(options, line->file); })
      ->add_option("file", line->file, "-: standard input")
      ->capture_default_str();
  Add(app, line, "what-if",
      "judge the recorded lookups under other category files; touches nothing in force",
      [line, &options] { return CtlWhatIf(options, line->directory); })
      ->add_option("directory", line->directory, "category files; those missing stay as they are")
      ->required();
  CLI::App* const train =
      Add(app, line, "train-verifier",
          "learn a second look for one category from labelled pairs; adopted if it shows a gain",
          [line, &options] { return CtlTrainVerifier(options, line->category, line->pairs); });
  train->add_option("--category", line->category, "whose verifier")->required();
  train->add_option("--pairs", line->pairs, "TSV; its first line names label, text_a, text_b")
      ->required();
  Add(app, line, "recorded",
      "write the recorded lookups, one JSON object a line; bytes are in base64",
      [line, &options] { return CtlRecorded(options, line->category); })
      ->add_option("--category", line->category, "only this one");
  Add(app, line, "health", "whether the server answers, over a new connection",
      [&options] { return CtlHealth(options); });
  Add(app, line, "check", "check configuration files, without a server",
      [line, &options] { return CtlCheck(options, line->config); })
      ->add_option("--config", line->config, "the configuration file")
      ->capture_default_str();
  Add(app, line, "new-token",
      "make a token for a caller, and the hash of it for the file of principals",
      [&options] { return CtlNewToken(options); });
}

}  // namespace
}  // namespace semcached

int main(int argc, char** argv) {
  umask(077);  // what export writes holds prompts and answers
  semcached::Line line;
  line.options.target = semcached::FromEnvironment("SEMCACHED_TARGET", line.options.target);
  line.options.admin = semcached::FromEnvironment("SEMCACHED_ADMIN", line.options.admin);
  line.options.connection.token_file = semcached::FromEnvironment("SEMCACHED_TOKEN_FILE", "");
  CLI::App app(
      "semcachectl: looks after a running semcached.\n"
      "Exit status: 0 done, 1 refused or failed, 2 usage.");
  app.set_version_flag("--version", std::string("semcachectl ") + semcached::kVersion + " (" +
                                        semcached::kRevision + ")");
  app.require_subcommand(1);
  app.add_option("--target", line.options.target,
                 "data listener: path of a Unix socket, or host:port (or $SEMCACHED_TARGET)")
      ->capture_default_str();
  app.add_option("--admin", line.options.admin,
                 "admin listener: path of a Unix socket (or $SEMCACHED_ADMIN)")
      ->capture_default_str();
  app.add_option("--token-file", line.options.connection.token_file,
                 "file whose first line is the token for the data listener (or "
                 "$SEMCACHED_TOKEN_FILE)");
  app.add_option("--ca-file", line.options.connection.ca_file,
                 "TLS to the data listener; who signs its certificate, in PEM");
  CLI::Option* const certificate =
      app.add_option("--certificate-file", line.options.connection.certificate_file,
                     "TLS: a certificate to show it, in PEM; with --key-file");
  app.add_option("--key-file", line.options.connection.key_file, "TLS: the certificate's key")
      ->needs(certificate);
  app.add_flag("--json", line.options.json, "print JSON; bytes are in base64");
  semcached::AddCommands(&app, &line);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  const absl::Status status = line.run();
  if (status.ok()) return 0;
  std::cerr << "semcachectl: " << status.message() << "\n";
  return 1;
}
