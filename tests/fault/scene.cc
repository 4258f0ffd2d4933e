#include "fault/cases.h"

namespace semcached {

bool Scene::Start(const char* when) {
  const bool started = server.Start();
  report.Expect(started, std::string("the server did not start ") + when + ":\n" + server.log());
  if (started) LookForAll();
  return started;
}

void Scene::Fill(int count, std::mt19937_64* random) const {
  for (int i = 0; i < count; ++i) caller.Insert(RandomQuestion((*random)()));
}

absl::Duration Between(int least_ms, int most_ms, std::mt19937_64* random) {
  return absl::Milliseconds(std::uniform_int_distribution<int>(least_ms, most_ms)(*random));
}

}  // namespace semcached
