// The driver: a tour of queries written for the project, and a closed-loop load.

#include <CLI/CLI.hpp>
#include <map>
#include <string>

#include "main/client.h"
#include "main/load_run.h"
#include "main/tour.h"
#include "semcached/base/version.h"

int main(int argc, char** argv) {
  using semcached::Workload;
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
  const std::map<std::string, Workload> workloads = {{"exact-hit", Workload::kExactHit},
                                                     {"semantic-hit", Workload::kSemanticHit},
                                                     {"miss", Workload::kMiss},
                                                     {"insert", Workload::kInsert}};
  CLI::App* const load_command = app.add_subcommand(
      "load",
      "closed loop: every caller sends its next call when the last has ended; latencies are those\n"
      "that a caller sees, and hide queueing that an open loop would show. Vectors are random and\n"
      "come with the request: nothing is embedded. The entries stay, under a tenant of their own");
  load_command->add_option("--target", load.target, "path of a Unix socket, or host:port")
      ->capture_default_str();
  load_command->add_option("--workload", load.workload, "what is sent")
      ->transform(CLI::CheckedTransformer(workloads, CLI::ignore_case))
      ->default_str("semantic-hit");
  load_command->add_option("--callers", load.callers, "concurrent callers")
      ->check(CLI::Range(1, 1024))
      ->capture_default_str();
  load_command->add_option("--calls", load.calls, "calls that are measured, in all")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  load_command->add_option("--warm-up", load.warm_up_calls, "calls before those")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  load_command->add_option("--entries", load.entries, "entries inserted first")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  load_command->add_option("--dimension", load.dimension, "of the vectors")
      ->check(CLI::Range(2, 4096))
      ->capture_default_str();
  load_command->add_option("--response-bytes", load.response_bytes, "of each answer")
      ->check(CLI::Range(1, 256 << 10))
      ->capture_default_str();
  load_command->add_option("--category", load.category, "where entries go")->capture_default_str();
  load_command->add_option("--seed", load.seed, "of all randomness")->capture_default_str();
  load_command->add_flag("--json", load.json, "print JSON");

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  return *tour_command ? semcached::RunTour(tour) : semcached::RunLoad(load);
}
