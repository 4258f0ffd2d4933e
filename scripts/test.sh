#!/usr/bin/env bash
# From a bare Debian 12 machine to tested: installs, builds and runs the default tests.
#   scripts/test.sh [--asan] [--tsan] [--tidy] [--all]
# Without an option: the release build and all its tests. With options, those checks instead:
#   --asan   a build with Clang, thread-safety analysis as errors, and the tests under its
#            AddressSanitizer and UndefinedBehaviorSanitizer, but for those of the benchmarks
#   --tsan   the tests below the service floor under ThreadSanitizer
#   --tidy   clang-tidy on the changed files (nothing is run)
#   --all    the default tests, then all of these
#   --help
set -euo pipefail
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

checks=()
while [ $# -gt 0 ]; do
  case $1 in
    --asan | --tsan | --tidy) checks+=("${1#--}") ;;
    --all) checks+=(release asan tsan tidy) ;;
    --help) usage && exit 0 ;;
    *) die "unknown option $1; --help tells" ;;
  esac
  shift
done
[ ${#checks[@]} -gt 0 ] || checks=(release)

# ctest's own output is the summary: it names every failure and ends with the numbers.
build_and_test() {
  "${@:2}" scripts/build.sh "$1"
  "${@:2}" ctest --preset "$1" -j "$(nproc)"
}

# GCC 12's ThreadSanitizer does not find its way in an address space laid out more at random than
# this; the build runs the tests too, to list their cases.
calm=()
bits=$(cat /proc/sys/vm/mmap_rnd_bits 2>/dev/null || echo 0)
if [ "$bits" -gt 28 ] && setarch -R true 2>/dev/null; then calm=(setarch -R); fi

cd "$root"
lint=
case " ${checks[*]} " in *" asan "* | *" tidy "*) lint=--lint ;; esac
scripts/install.sh $lint
for check in "${checks[@]}"; do
  case $check in
    tidy) scripts/tidy.sh ;;
    tsan) build_and_test tsan "${calm[@]}" ;;
    *) build_and_test "$check" ;;
  esac
done
