// Linked into tests that build graphs on other threads.
//
// hnswlib locks one node after another, in no order, in the one thread that builds a graph.
// tests/tsan.supp names that, but ThreadSanitizer loses the stacks of such reports when threads
// come and go, and then no suppression matches. Data races are still looked for; the order of our
// own locks is not, in these binaries only.
// ThreadSanitizer asks for this very name: NOLINTBEGIN(bugprone-reserved-identifier)
extern "C" const char* __tsan_default_options();
extern "C" const char* __tsan_default_options() { return "detect_deadlocks=0"; }
// NOLINTEND(bugprone-reserved-identifier)
