#include "semcached/replay/study_input.h"

#include <absl/strings/str_cat.h>

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <utility>

#include "semcached/base/call.h"
#include "semcached/base/clock.h"
#include "semcached/base/status.h"
#include "semcached/cache/learn_classifier.h"
#include "semcached/embed/remembered_vectors.h"

namespace semcached {
namespace {

constexpr uint64_t kArrivalsSeed = 1;  // made arrivals are one trace, as real ones are

}  // namespace

absl::StatusOr<std::unique_ptr<StudyInput>> StudyInput::Read(const StudyFiles& files) {
  std::unique_ptr<StudyInput> input(new StudyInput);
  RETURN_IF_ERROR(input->ReadFiles(files));
  RETURN_IF_ERROR(input->ReadBank(files));
  return input;
}

absl::Status StudyInput::ReadFiles(const StudyFiles& files) {
  has_data_ = !files.data.empty();
  ConfigResult<Config> config = ReadConfig(files.config);
  if (!config.ok()) return absl::InvalidArgumentError(ToString(config.errors));
  config_ = *std::move(config.value);
  ASSIGN_OR_RETURN(workload_, ReadReplayWorkload(files.workload));
  if (!files.trace.empty()) {
    workload_.trace = files.trace;
    ASSIGN_OR_RETURN(arrivals_, ReadTrace(files.trace));
    return absl::OkStatus();
  }
  if (!has_data_) {
    workload_.trace = "made arrivals";
    arrivals_ = MakeArrivals(workload_.made, kArrivalsSeed);
    if (!arrivals_.empty()) return absl::OkStatus();
    return absl::InvalidArgumentError(
        absl::StrCat(files.workload, ": without_data makes no arrival"));
  }
  ASSIGN_OR_RETURN(arrivals_, ReadTrace(absl::StrCat(files.data, "/", workload_.trace)));
  return absl::OkStatus();
}

absl::Status StudyInput::ReadBank(const StudyFiles& files) {
  QuestionSources sources;
  sources.own_queries = files.own_queries;
  sources.near_opposites = files.near_opposites;
  if (has_data_) {
    sources.pairs = files.data + "/pairs.tsv";
    if (!workload_.rare.empty()) sources.queries = files.data + "/queries.tsv";
  }
  const size_t most = files.most_questions > 0 ? files.most_questions : SIZE_MAX;
  sources.rare = workload_.rare;
  sources.rare_each = std::min(workload_.rare_each, most);
  sources.groups = std::min(workload_.groups, most);
  sources.singles = std::min(workload_.singles, most);
  ASSIGN_OR_RETURN(Intents intents, ReadIntents(sources));
  Intents examples = IntentsOfExamples(*config_.categories);
  std::move(examples.begin(), examples.end(), std::back_inserter(intents));

  ASSIGN_OR_RETURN(const std::unique_ptr<Embedder> embedder,
                   OpenRememberedVectors(files.model_dir, files.vectors));
  identity_ = embedder->identity();
  PrototypeOptions options;
  options.default_category = config_.categories->default_category;
  options.margin = config_.server.classification.margin;
  options.private_margin = config_.server.classification.private_margin;
  ClassifierTeacher teacher;
  ASSIGN_OR_RETURN(
      const std::shared_ptr<const Classifier> classifier,
      teacher.Learn(*config_.categories, options, embedder.get(), Call(SystemClock())));
  ASSIGN_OR_RETURN(bank_,
                   MakeBank(std::move(intents), *config_.categories, *classifier, embedder.get()));
  return absl::OkStatus();
}

}  // namespace semcached
