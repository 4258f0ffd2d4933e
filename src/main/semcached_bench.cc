// The driver: a tour of queries written for the project, loads, single flight, and replays of
// traces.

#include <CLI/CLI.hpp>
#include <iostream>
#include <map>
#include <string>
#include <utility>

#include "main/client.h"
#include "main/flight.h"
#include "main/live_command.h"
#include "main/load_run.h"
#include "main/replay_command.h"
#include "main/tour.h"
#include "semcached/base/version.h"

int main(int argc, char** argv) {
  CLI::App app("semcached-bench: drives a running semcached.");
  app.set_version_flag("--version", std::string("semcached-bench ") + semcached::kVersion + " (" +
                                        semcached::kRevision + ")");
  app.require_subcommand(1);

  semcached::TourOptions tour;
  CLI::App* const tour_command = app.add_subcommand(
      "tour",
      "send varied queries of every category: first pass misses and inserts, second pass exact\n"
      "repeats, paraphrases, near-opposites, other tenants, expired entries; exit status 1 if "
      "there\n"
      "was no semantic hit or a wrong answer");
  tour_command->add_option("--queries", tour.queries, "a file as demo/queries.tsv")
      ->required()
      ->check(CLI::ExistingFile);
  tour_command->add_option("--unix", tour.unix_socket, "the server's Unix socket")->required();
  tour_command->add_option("--tcp", tour.tcp, "host:port; every second call goes there");
  tour_command->add_flag("--json", tour.json, "print JSON");

  semcached::LoadOptions load;
  load.target = semcached::FromEnvironment("SEMCACHED_TARGET", "/run/semcached/semcached.sock");
  std::string workload = "semantic-hit";
  std::string baseline;
  int64_t entries = 0;
  std::string category;
  double deadline = absl::ToDoubleSeconds(load.deadline);
  CLI::App* const load_command = app.add_subcommand(
      "load",
      "send one workload and print latencies, hits and wrong answers. Closed loop, every caller\n"
      "sends its next call when the last has ended; with --rate open loop, where a latency counts\n"
      "from when the call should have been sent. Vectors come with the request, unless the\n"
      "workload says otherwise, and are random, unless files are named. The entries stay");
  load_command->add_option("--target", load.target, "path of a Unix socket, or host:port")
      ->capture_default_str();
  load_command
      ->add_option("--workload", workload,
                   "name of a file in bench/workloads, whose README tells the keys, or a file")
      ->capture_default_str();
  load_command->add_option("--compare", load.compare,
                           "another server, run in turn with the first; prints ratios");
  load_command
      ->add_option("--baseline", baseline,
                   "rpc: beside it, in turn, servers that answer the same calls with as many "
                   "bytes and look nothing up, by completion queues and by callbacks; prints "
                   "ratios")
      ->check(CLI::IsMember({"rpc"}));
  CLI::Option* const http_option = load_command->add_option(
      "--http", load.http, "host:port of the target's metrics: prints its CPU and memory, too");
  load_command->add_option("--callers", load.callers, "concurrent callers")
      ->check(CLI::Range(1, 1024))
      ->capture_default_str();
  load_command
      ->add_option("--rate", load.rate,
                   "calls a second, by at most --callers at once; 0: "
                   "closed loop")
      ->check(CLI::Range(0.0, 1e6))
      ->capture_default_str();
  load_command
      ->add_option("--deadline", deadline,
                   "seconds a call may take; what the server refuses or is late with has failed")
      ->check(CLI::Range(0.001, 3600.0))
      ->capture_default_str();
  load_command->add_option("--calls", load.calls, "calls that are measured, in each run")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  load_command
      ->add_option("--warm-up", load.warm_up_calls, "calls before those, one a caller at least")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  load_command->add_option("--runs", load.runs, "how often all targets are run in turn")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  load_command->add_option("--entries", entries, "entries inserted first; default: the workload's")
      ->check(CLI::PositiveNumber);
  load_command->add_option("--dimension", load.dimension, "of the vectors")
      ->check(CLI::Range(2, 4096))
      ->capture_default_str();
  load_command
      ->add_option(
          "--vectors", load.vectors,
          "file of vectors of length 1, float32, one after the other: of entries, and what "
          "is left of inserts")
      ->check(CLI::ExistingFile);
  load_command
      ->add_option("--miss-vectors", load.misses,
                   "the same, near to none of those: of lookups that miss")
      ->check(CLI::ExistingFile);
  load_command->add_option("--response-bytes", load.response_bytes, "of each answer")
      ->check(CLI::Range(1, 256 << 10))
      ->capture_default_str();
  load_command->add_option("--category", category,
                           "where entries go; default: the workload's categories");
  load_command->add_option("--seed", load.seed, "of all randomness")->capture_default_str();
  const std::map<std::string, semcached::FillMode> fill_modes = {
      {"first", semcached::FillMode::kFirst},
      {"only", semcached::FillMode::kOnly},
      {"never", semcached::FillMode::kNever}};
  CLI::Option* const tenant_option = load_command->add_option(
      "--tenant", load.tenant, "namespace of the entries; default: one that no other run has");
  load_command
      ->add_option("--fill", load.fill,
                   "when entries are inserted: first; only, and no calls are sent; never, they are "
                   "there of an earlier run with the same --tenant and --seed")
      ->transform(CLI::CheckedTransformer(fill_modes).description("{first,only,never}"))
      ->default_str("first");
  load_command
      ->add_option("--fill-callers", load.fill_callers,
                   "who insert at once; several are faster, in no fixed order")
      ->check(CLI::Range(1, 1024))
      ->capture_default_str();
  load_command
      ->add_flag(
          "--settle", load.settle,
          "before the calls, wait until the target uses less than a tenth of a core for three "
          "seconds (not for --compare's): graphs of large scopes are built in the background")
      ->needs(http_option);
  load_command->add_flag("--json", load.json, "print JSON");

  semcached::FlightOptions flight;
  flight.target = load.target;
  double model_time = absl::ToDoubleSeconds(flight.model_time);
  CLI::App* const flight_command = app.add_subcommand(
      "flight",
      "send many near-identical lookups with on_miss LEASE at once, first with a holder that\n"
      "answers, then with one that is dead, and print how many calls the model would have had and\n"
      "the longest wait; exit status 1 if the first had more than two, or somebody waited half a "
      "second past its bound. The second has a call for each who asks: nobody answers them");
  flight_command->add_option("--target", flight.target, "path of a Unix socket, or host:port")
      ->capture_default_str();
  flight_command->add_option("--category", flight.category, "one of the server's")
      ->capture_default_str();
  flight_command->add_option("--callers", flight.callers, "lookups at once")
      ->check(CLI::Range(1, 65536))
      ->capture_default_str();
  flight_command->add_option("--model-time", model_time, "seconds that the pretended model takes")
      ->check(CLI::Range(0.0, 600.0))
      ->capture_default_str();
  flight_command->add_flag("--json", flight.json, "print JSON");
  semcached::ReplayOptions replay = semcached::DefaultReplayOptions();
  CLI::App* const replay_command = app.add_subcommand(
      "replay",
      "play a trace of arrivals against the cache and a simulated model server, in this process\n"
      "and faster than real time: what adaptation to load saves, and what it costs in wrong\n"
      "answers. Needs no running server, but with --target plays in real time against one, beside\n"
      "the simulation; docs/adaptation.md tells the method");
  replay_command
      ->add_option("--workload", replay.workload,
                   "name of a replay-*.json in bench/workloads, whose README tells the keys, or a "
                   "file")
      ->capture_default_str();
  replay_command
      ->add_option("--data", replay.data,
                   "directory of pairs.tsv and traces; default: the project's own questions, and "
                   "made arrivals")
      ->envname("SEMCACHED_DATA_DIR");
  replay_command->add_option("--trace", replay.trace,
                             "a trace in the format of Azure, BurstGPT or Mooncake, in place of "
                             "the workload's");
  replay_command->add_option("--law", replay.law,
                             "law of repetition; default: the workload's middle one");
  CLI::Option* const seeds_option =
      replay_command->add_option("--seeds", replay.seeds, "runs; default: the workload's")
          ->check(CLI::Range(1, 1000));
  replay_command
      ->add_option("--config", replay.config,
                   "a semcached.yaml: its section load, and the category files it names")
      ->capture_default_str();
  replay_command->add_option("--own-queries", replay.own_queries, "a file as demo/queries.tsv")
      ->capture_default_str();
  replay_command
      ->add_option("--near-opposites", replay.near_opposites,
                   "a file as bench/eval/near_opposites.tsv")
      ->capture_default_str();
  replay_command
      ->add_option("--model-dir", replay.model_dir, "directory of the model and its tokenizer")
      ->capture_default_str();
  replay_command->add_option("--vectors", replay.vectors,
                             "file of embeddings to remember over runs; default: none");
  semcached::LiveReplayOptions live;
  CLI::Option* const target_option =
      replay_command
          ->add_option("--target", live.server.target,
                       "play in real time against the server at this path of a Unix socket, or "
                       "host:port; exit status 1 if it failed to answer a call")
          ->excludes(seeds_option);
  CLI::Option* const admin_option =
      replay_command
          ->add_option("--admin", live.server.admin, "with --target: path of its admin socket")
          ->needs(target_option);
  target_option->needs(admin_option);
  replay_command
      ->add_option(
          "--speed", live.server.speed,
          "with --target: how many times as fast as the trace; the server's own times stay "
          "as they are")
      ->check(CLI::Range(0.01, 10'000.0))
      ->needs(target_option)
      ->capture_default_str();
  replay_command
      ->add_option("--from", live.from,
                   "with --target: minutes of the trace that are over before, as history")
      ->check(CLI::NonNegativeNumber)
      ->needs(target_option)
      ->capture_default_str();
  replay_command
      ->add_option("--minutes", live.minutes,
                   "with --target: minutes of the trace that are played; default: all")
      ->check(CLI::PositiveNumber)
      ->needs(target_option);
  replay_command->add_flag("--json", replay.json, "print JSON");

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  if (*tour_command) return semcached::RunTour(tour);
  if (*flight_command) {
    flight.model_time = absl::Seconds(model_time);
    flight.max_wait = flight.model_time + absl::Seconds(10);
    return semcached::RunFlight(flight);
  }
  if (*replay_command) {
    live.replay = replay;
    return live.server.target.empty() ? semcached::RunReplay(replay)
                                      : semcached::RunLiveReplay(live);
  }
  absl::StatusOr<semcached::Workload> read = semcached::ReadWorkload(workload);
  if (!read.ok()) {
    std::cerr << "semcached-bench: " << read.status().message() << "\n";
    return 2;
  }
  load.workload = *std::move(read);
  load.deadline = absl::Seconds(deadline);
  if (entries > 0) load.workload.entries = entries;
  if (!category.empty()) load.workload.categories = {category};
  if (load.fill == semcached::FillMode::kNever && tenant_option->empty()) {
    std::cerr << "semcached-bench: --fill never asks for entries of an earlier run: name its "
                 "--tenant\n";
    return 2;
  }
  load.empty_baseline = !baseline.empty();
  return semcached::RunLoad(load);
}
