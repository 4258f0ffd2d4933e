// Figures of replays, printed.
#ifndef SEMCACHED_SRC_MAIN_REPLAY_REPORT_H_
#define SEMCACHED_SRC_MAIN_REPLAY_REPORT_H_

#include <nlohmann/json.hpp>
#include <vector>

#include "semcached/replay/study.h"
#include "semcached/replay/study_rows.h"

namespace semcached {

// A table and an empty line, on standard output.
void PrintRows(const Row& head, const std::vector<Row>& rows);

// Of all categories together.
nlohmann::json ToJson(const ReplayFigures& figures);

}  // namespace semcached

#endif  // SEMCACHED_SRC_MAIN_REPLAY_REPORT_H_
