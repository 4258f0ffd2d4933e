// Everything that a study reads, from files into memory.
#ifndef SEMCACHED_REPLAY_STUDY_INPUT_H_
#define SEMCACHED_REPLAY_STUDY_INPUT_H_

#include <absl/status/statusor.h>

#include <memory>
#include <string>

#include "semcached/config/load.h"
#include "semcached/replay/question_bank.h"
#include "semcached/replay/study.h"
#include "semcached/replay/trace.h"
#include "semcached/replay/workload.h"

namespace semcached {

struct StudyFiles {
  std::string workload;     // replay-*.json
  std::string trace;        // a file, in place of the workload's; empty: the workload's
  std::string data;         // directory of pairs.tsv and traces; empty: the project's own set
  std::string config;       // semcached.yaml: its load section, and its category files
  std::string own_queries;  // as QuestionSources
  std::string near_opposites;
  std::string model_dir;  // of the embedding model and its tokenizer
  std::string vectors;    // embeddings to remember over runs
  // Of each kind of the data's questions (groups, singles, a category's rare ones), in place of the
  // workload's larger number; 0: the workload's.
  size_t most_questions = 0;
};

// Does not move: the parts point into it.
class StudyInput {
 public:
  // Embeds every text that is not remembered: seconds to minutes. Errors name the file.
  static absl::StatusOr<std::unique_ptr<StudyInput>> Read(const StudyFiles& files);

  StudyInput(const StudyInput&) = delete;
  StudyInput& operator=(const StudyInput&) = delete;

  const ReplayWorkload& workload() const { return workload_; }
  const Arrivals& arrivals() const { return arrivals_; }
  const QuestionBank& bank() const { return bank_; }
  const Config& config() const { return config_; }
  bool has_data() const { return has_data_; }
  StudyParts parts() const { return {&workload_, &arrivals_, &bank_, &config_, identity_}; }

 private:
  StudyInput() = default;
  absl::Status ReadFiles(const StudyFiles& files);
  absl::Status ReadBank(const StudyFiles& files);

  ReplayWorkload workload_;
  Arrivals arrivals_;
  QuestionBank bank_;
  Config config_;
  std::string identity_;
  bool has_data_ = false;
};

}  // namespace semcached

#endif  // SEMCACHED_REPLAY_STUDY_INPUT_H_
