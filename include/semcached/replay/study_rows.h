// The figures of a study as rows of a table.
#ifndef SEMCACHED_REPLAY_STUDY_ROWS_H_
#define SEMCACHED_REPLAY_STUDY_ROWS_H_

#include <string>
#include <vector>

#include "semcached/replay/question_bank.h"
#include "semcached/replay/study.h"

namespace semcached {

using Row = std::vector<std::string>;

// "12.3 (10.1-14.8)": the median over seeds, and the least and the most.
std::string SpreadCell(const std::vector<double>& values, int decimals);

// One variant. `off` is the one with adaptation off. `hits`, `false hits` and `outdated` are shares
// in percent, of all arrivals and of hits; latencies are seconds.
Row VariantHead();
Row VariantRow(const std::string& name, const std::vector<ReplayFigures>& by_seed,
               const std::vector<ReplayFigures>& off);

// One category, with adaptation off and with `on`; all seeds together.
Row CategoryHead();
std::vector<Row> CategoryRows(const std::vector<ReplayFigures>& off,
                              const std::vector<ReplayFigures>& on);

// Why the model was called in overload, in percent of those calls of all seeds together. A stale
// hit that was refreshed counts as expired.
Row CauseHead();
Row CauseRow(const std::string& name, const std::vector<ReplayFigures>& by_seed);

// What can be asked: categories, intents, intents in several words, texts.
Row BankHead();
std::vector<Row> BankRows(const QuestionBank& bank);

}  // namespace semcached

#endif  // SEMCACHED_REPLAY_STUDY_ROWS_H_
