#include "service/front_door.h"

#include <algorithm>
#include <utility>

#include "semcached/base/log.h"
#include "semcached/base/rate_limit.h"

namespace semcached {
namespace {

using grpc::experimental::ExternalConnectionAcceptor;

constexpr int kMostByDefault = 1000;
constexpr absl::Duration kPatience = absl::Seconds(2);
constexpr double kLogsASecond = 0.1;  // of one kind

struct RefusalWords {
  Refusal refusal;
  const char* label;
  const char* remedy;
};

constexpr RefusalWords kRefusals[] = {
    {Refusal::kFull, "max_connections",
     "close idle connections, or raise listen.max_connections and the limit of open files"},
    {Refusal::kUser, "unix_uids", "add the user to listen.unix_uids if it should get in"},
    {Refusal::kClosed, "memory",
     "memory is nearly used up: raise the limit of the control group, or lower memory_limit"},
    {Refusal::kNoDescriptor, "descriptors",
     "raise the limit of open files (ulimit -n, LimitNOFILE)"},
};

}  // namespace

size_t MostConnections(int configured, int open_files) {
  if (configured > 0) return static_cast<size_t>(configured);
  return static_cast<size_t>(std::clamp(open_files / 2, 1, kMostByDefault));
}

FrontDoor::FrontDoor(std::string thread_name, size_t most, const Clock* clock, Metrics* metrics)
    : clock_(clock), metrics_(metrics) {
  options_.thread_name = std::move(thread_name);
  options_.most = most;
  options_.is_closed = [refuses = refuses_] { return refuses->load(); };
}

std::function<void(Refusal)> FrontDoor::CounterOf(const std::string& listener) const {
  struct Tally {
    Counter counter;
    RateLimit logs;
    const RefusalWords& words;
  };
  std::vector<std::shared_ptr<Tally>> tallies;
  for (const RefusalWords& words : kRefusals) {
    // Made at once, so that it is 0 before it is 1.
    Counter counter = metrics_->AddCounter("semcached_connections_refused_total",
                                           "Connections that were closed once accepted.",
                                           {{"listener", listener}, {"reason", words.label}});
    tallies.push_back(std::shared_ptr<Tally>(
        new Tally{counter, RateLimit(clock_, kLogsASecond, /*burst=*/1), words}));
  }
  return [listener, tallies](Refusal refusal) {
    for (const std::shared_ptr<Tally>& tally : tallies) {
      if (tally->words.refusal != refusal) continue;
      tally->counter.Add();
      if (!tally->logs.Take()) return;
      LogWarning("connection refused", {{"listener", listener},
                                        {"reason", tally->words.label},
                                        {"so_far", tally->counter.Value()},
                                        {"remedy", tally->words.remedy}});
    }
  };
}

void FrontDoor::Add(const std::string& listener, std::vector<ListeningSocket> sockets,
                    std::vector<uid_t> users, std::shared_ptr<grpc::ServerCredentials> credentials,
                    grpc::ServerBuilder* builder) {
  std::vector<SocketAddress> addresses;
  addresses.reserve(sockets.size());
  for (const ListeningSocket& socket : sockets) addresses.push_back(socket.address);
  watched_.push_back({listener, [addresses] {
                        absl::Status status;
                        for (const SocketAddress& address : addresses) {
                          status.Update(TryListener(address, kPatience));
                        }
                        return status;
                      }});
  const std::shared_ptr<ExternalConnectionAcceptor> into_grpc =
      builder->experimental().AddExternalConnectionAcceptor(
          grpc::ServerBuilder::experimental_type::ExternalConnectionType::FROM_FD,
          std::move(credentials));
  Door door;
  door.sockets = std::move(sockets);
  door.users = std::move(users);
  door.take = [into_grpc](Descriptor connection) {
    ExternalConnectionAcceptor::NewConnectionParameters parameters;
    parameters.fd = connection.Release();
    into_grpc->HandleNewConnection(&parameters);
  };
  door.on_refused = CounterOf(listener);
  doors_.push_back(std::move(door));
}

void FrontDoor::Open() {
  acceptor_ = std::make_unique<Acceptor>(options_, std::move(doors_), clock_);
}

void FrontDoor::Close() {
  acceptor_.reset();
  doors_.clear();
}

}  // namespace semcached
