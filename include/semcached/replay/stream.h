// Who asks what, when: arrivals joined with questions by a law of repetition.
#ifndef SEMCACHED_REPLAY_STREAM_H_
#define SEMCACHED_REPLAY_STREAM_H_

#include <absl/status/statusor.h>
#include <absl/time/time.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "semcached/replay/question_bank.h"
#include "semcached/replay/trace.h"
#include "semcached/replay/workload.h"

namespace semcached {

struct Ask {
  absl::Duration at;  // since the first arrival of the trace; of the history negative
  size_t intent = 0;  // of the bank
  size_t text = 0;    // of the intent
  int64_t tenant = 0;
  Arrival work;  // of the model, should it be asked; of the history nothing
};

struct AskStream {
  std::vector<Ask> history;  // by time, as is `trace`
  std::vector<Ask> trace;
};

// No public trace has both arrival times and texts, so they are composed. Each arrival draws a
// category by its share; in it an intent by the law, the most often asked first: the one with most
// texts, since what many ask is phrased in many ways; equal ones in an order of the seed; and one
// of its texts, all alike. The history draws by the same law, its times evenly distributed. The
// same for the same seed on one C++ library.
//
// InvalidArgument: the bank has nothing of a category that has a share.
absl::StatusOr<AskStream> MakeAskStream(const Arrivals& arrivals, const QuestionBank& bank,
                                        const ReplayWorkload& workload, const RepetitionLaw& law,
                                        uint64_t seed);

// The part of the trace that begins `from` after its first arrival and is `length` long; its times
// count from there. What was asked before is history. Perhaps nothing is left of the trace.
AskStream CutStream(AskStream stream, absl::Duration from, absl::Duration length);

// Which of the successive facts about an intent holds at `at`: they change every `stays`, each
// intent's at a moment of its own. 0 where nothing changes.
int64_t FactAt(size_t intent, absl::Duration at, absl::Duration stays);

}  // namespace semcached

#endif  // SEMCACHED_REPLAY_STREAM_H_
