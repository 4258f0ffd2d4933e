#ifndef SEMCACHED_BASE_OPEN_FILES_H_
#define SEMCACHED_BASE_OPEN_FILES_H_

namespace semcached {

// How many files, sockets among them, this process may have open (ulimit -n, LimitNOFILE). Half are
// for callers' connections, a quarter for the store, the rest for everything else.
int OpenFilesLimit();

}  // namespace semcached

#endif  // SEMCACHED_BASE_OPEN_FILES_H_
