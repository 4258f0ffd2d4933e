#include "main/replay_report.h"

#include <iostream>

#include "main/table.h"

namespace semcached {

void PrintRows(const Row& head, const std::vector<Row>& rows) {
  Table table(head);
  for (const Row& row : rows) table.Add(row);
  table.Print(std::cout);
  std::cout << '\n';
}

nlohmann::json ToJson(const ReplayFigures& figures) {
  return {{"lookups", figures.all.lookups},
          {"hits", figures.all.hits},
          {"wrong", figures.all.wrong},
          {"outdated", figures.all.outdated},
          {"stale", figures.all.stale},
          {"model_calls", figures.all.calls},
          {"overload_seconds", figures.overload_seconds},
          {"overload_lookups", figures.all.overload_lookups},
          {"overload_calls", figures.all.overload_calls},
          {"mean_latency", figures.mean_latency},
          {"p99_latency", figures.p99_latency}};
}

}  // namespace semcached
