#include "index/graph_files.h"

#include <absl/strings/str_cat.h>

#include <charconv>
#include <exception>
#include <filesystem>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>

#include "index/stored_graph.h"
#include "semcached/base/checked_file.h"
#include "semcached/base/log.h"
#include "semcached/base/mutex.h"
#include "semcached/base/replaced_file.h"
#include "semcached/base/status.h"

namespace semcached {
namespace {

namespace fs = std::filesystem;

// A new number for whatever makes an older file misleading: a graph in it is believed to have been
// linked as graphs are linked now.
constexpr std::string_view kMagic = "semcached graph 1\n";
constexpr char kExtension[] = ".graph";
constexpr char kUnfinished[] = ".graph.new";

std::optional<uint64_t> Number(std::string_view hex) {
  uint64_t number = 0;
  const auto [end, error] = std::from_chars(hex.data(), hex.data() + hex.size(), number, 16);
  if (error != std::errc() || end != hex.data() + hex.size()) return std::nullopt;
  return number;
}

// Of a file's name, finished or not; nullopt: it is none of ours.
std::optional<Hash128> ScopeOf(std::string_view name) {
  constexpr size_t kDigits = 16;
  if (name.size() < 2 * kDigits) return std::nullopt;
  const std::string_view extension = name.substr(2 * kDigits);
  if (extension != kExtension && extension != kUnfinished) return std::nullopt;
  const auto high = Number(name.substr(0, kDigits));
  const auto low = Number(name.substr(kDigits, kDigits));
  return high && low ? std::optional(Hash128{*high, *low}) : std::nullopt;
}

// One file is written at a time: an index that a reload replaced and the new one write to the same.
Mutex& WritingMutex() {
  static Mutex& mutex = *new Mutex;
  return mutex;
}

}  // namespace

const char* Name(GraphFileOutcome value) {
  switch (value) {
    case GraphFileOutcome::kRestored:
      return "restored";
    case GraphFileOutcome::kOutdated:
      return "outdated";
    case GraphFileOutcome::kDamaged:
      return "damaged";
    case GraphFileOutcome::kUnread:
      return "unread";
    case GraphFileOutcome::kWritten:
      return "written";
    case GraphFileOutcome::kNotWritten:
      return "not_written";
  }
  return "unknown";
}

absl::StatusOr<BuiltGraph> GraphFiles::Restore(const Hash128& scope,
                                               absl::Span<const GraphNode> nodes,
                                               absl::FunctionRef<bool()> cancelled) const {
  if (!IsOn()) return absl::NotFoundError("no graphs are kept");
  const std::string path = PathOf(scope);
  {
    MutexLock lock(&WritingMutex());
    ReplacedFile::RemoveUnfinished(path);  // of a process that was killed
  }
  const auto about = [&](const absl::Status& status) {
    return absl::Status(status.code(), absl::StrCat(path, ": ", status.message()));
  };
  try {
    StoredGraph stored;
    {
      ASSIGN_OR_RETURN(const std::string bytes, ReadCheckedFile(path, kMagic));
      auto decoded = DecodeGraph(options_, scope, bytes);
      if (!decoded.ok()) return about(decoded.status());
      stored = *std::move(decoded);
    }
    auto built = RestoreGraph(options_, stored, nodes, cancelled);
    if (!built.ok()) return about(built.status());
    return built;
  } catch (const std::exception& why) {  // no memory
    return absl::UnavailableError(absl::StrCat(path, ": ", why.what()));
  }
}

absl::Status GraphFiles::Write(const Hash128& scope, const LinkGraph& graph,
                               absl::Span<const EntryId> left_out) const {
  const std::string path = PathOf(scope);
  std::error_code error;
  fs::create_directories(options_.graph_directory, error);  // else the write says why
  try {
    const std::string bytes = EncodeGraph(options_, scope, graph, left_out);
    MutexLock lock(&WritingMutex());
    absl::Status written = WriteCheckedFile(path, kMagic, bytes);
    Count();
    return written;
  } catch (const std::exception& why) {  // no memory
    return absl::UnavailableError(absl::StrCat(path, ": ", why.what()));
  }
}

void GraphFiles::TellRestored(const Hash128& scope, const absl::Status& status,
                              size_t nodes) const {
  if (absl::IsNotFound(status) || absl::IsCancelled(status)) return;
  if (status.ok()) {
    Tell(GraphFileOutcome::kRestored);
    LogInfo("graph restored", {{"file", PathOf(scope)}, {"nodes", nodes}});
  } else if (absl::IsFailedPrecondition(status)) {
    Tell(GraphFileOutcome::kOutdated);
    LogInfo("a kept graph is outdated, it is built anew", {{"why", status.message()}});
  } else if (absl::IsUnavailable(status)) {
    Tell(GraphFileOutcome::kUnread);
    LogWarning("a kept graph cannot be read: it is built anew, and the file stays as it is",
               {{"why", status.message()}});
  } else {
    Tell(GraphFileOutcome::kDamaged);
    LogWarning("a kept graph is damaged, it is built anew", {{"why", status.message()}});
  }
}

void GraphFiles::TellWritten(const Hash128& scope, const absl::Status& status, size_t nodes) const {
  Tell(status.ok() ? GraphFileOutcome::kWritten : GraphFileOutcome::kNotWritten);
  if (status.ok()) {
    LogInfo("graph built and kept", {{"file", PathOf(scope)}, {"nodes", nodes}});
  } else {
    LogWarning("a graph is not kept, a restart builds it anew", {{"why", status.message()}});
  }
}

void GraphFiles::Sweep(absl::FunctionRef<bool(const Hash128& scope)> is_wanted) const {
  if (!IsOn()) return;
  std::error_code error;
  for (fs::directory_iterator file(options_.graph_directory, error);
       !error && file != fs::directory_iterator(); file.increment(error)) {
    const std::optional<Hash128> scope = ScopeOf(file->path().filename().string());
    std::error_code ignored;
    if (scope.has_value() && !is_wanted(*scope)) fs::remove(file->path(), ignored);
  }
  Count();
}

void GraphFiles::Count() const {
  int64_t bytes = 0;
  std::error_code error;
  for (fs::directory_iterator file(options_.graph_directory, error);
       !error && file != fs::directory_iterator(); file.increment(error)) {
    std::error_code gone;
    const uintmax_t size = file->file_size(gone);
    if (!gone) bytes += static_cast<int64_t>(size);
  }
  bytes_ = bytes;
}

std::string GraphFiles::PathOf(const Hash128& scope) const {
  return absl::StrCat(options_.graph_directory, "/", Hex(scope), kExtension);
}

void GraphFiles::Tell(GraphFileOutcome outcome) const {
  if (options_.on_graph_file) options_.on_graph_file(outcome);
}

}  // namespace semcached
