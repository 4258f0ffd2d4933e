#ifndef SEMCACHED_SRC_MAIN_TOUR_H_
#define SEMCACHED_SRC_MAIN_TOUR_H_

#include <string>

namespace semcached {

struct TourOptions {
  std::string queries;  // a file as demo/queries.tsv
  std::string unix_socket;
  std::string tcp;  // may be empty: then all calls go over the Unix socket
  bool json = false;
};

// Sends every query of the file through a running server, twice: first each is asked and its answer
// inserted; then come exact repeats, paraphrases, near-opposites, other tenants and expired
// entries. Prints a table, a row a category. Every answer names the question and the tenant that it
// was inserted for, so that a wrong one is seen here, whatever the server says of it.
//
// Returns the exit status: 0 if there was a semantic hit and no wrong answer; 1 if not; 2 if the
// file or the server is not what it should be.
int RunTour(const TourOptions& options);

}  // namespace semcached

#endif  // SEMCACHED_SRC_MAIN_TOUR_H_
