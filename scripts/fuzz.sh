#!/usr/bin/env bash
# Looks for bytes that break it: installs, builds the fuzz targets with Clang, libFuzzer,
# AddressSanitizer and UndefinedBehaviorSanitizer, drives each for a while and prints a table. From
# a bare Debian 12 machine, alone.
#   scripts/fuzz.sh [--seconds N] [--target NAME ...]
# The status is 0 if nothing broke, 1 if something did, 2 if it could not be built. A target ends
# with the first input that breaks it, which is kept in build/fuzz/broken: mend it, and add the
# input to tests/fuzz/corpus/NAME under a name of its own. What is new and harmless is kept in
# build/fuzz/corpus, and the next run begins with it.
#   --seconds N    for each target; default 60
#   --target NAME  this one only; again for more: config, documents, embedding_answer, evidence,
#                  graph, guards, keys, metrics_page, requests, tokenizer, vectors, verifier
#   --help
set -euo pipefail
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# 1 says that something broke.
die() {
  echo "$(basename "$0"): $*" >&2
  exit 2
}

seconds=60
targets=()
while [ $# -gt 0 ]; do
  case $1 in
    --seconds | --target)
      [ -n "${2:-}" ] || die "$1 takes a value; --help tells"
      if [ "$1" = --seconds ]; then seconds=$2; else targets+=("$2"); fi
      shift
      ;;
    --help) usage && exit 0 ;;
    *) die "unknown option $1; --help tells" ;;
  esac
  shift
done
case $seconds in *[!0-9]* | 0) die "--seconds takes a whole number above 0" ;; esac

cd "$root"
if [ ${#targets[@]} -eq 0 ]; then
  for source in tests/fuzz/*_fuzz.cc; do
    targets+=("$(basename "$source" _fuzz.cc)")
  done
fi
for target in "${targets[@]}"; do
  [ -f "tests/fuzz/${target}_fuzz.cc" ] || die "there is no target $target; --help tells"
done
scripts/install.sh --lint || die "cannot install"
scripts/build.sh fuzz "${targets[@]/#/fuzz_}" || die "cannot build"

export ASAN_OPTIONS=strict_string_checks=1:detect_stack_use_after_return=1
export UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1

# What libFuzzer says at its end: figure NAME LOG
figure() { sed -n "s/^stat::$1: *//p" "$2"; }

# Its weighing of inputs by rare features takes most of the time where there are many, its look for
# leaks after each run the rest; leaks are found by the tests under AddressSanitizer.
driver=(-timeout=10 -rss_limit_mb=2048 -entropic=0 -detect_leaks=0 -print_final_stats=1)

broken=0
printf '%-18s %12s %12s %8s\n' target runs 'new corpus' broken
for target in "${targets[@]}"; do
  found=build/fuzz/corpus/$target
  output=build/log/fuzz-$target.log
  mkdir -p "$found" build/fuzz/broken
  code=0
  "build/fuzz/bin/fuzz_$target" "$found" "tests/fuzz/corpus/$target" \
    "${driver[@]}" "-max_total_time=$seconds" \
    "-artifact_prefix=build/fuzz/broken/$target-" >"$output" 2>&1 </dev/null || code=$?
  printf '%-18s %12s %12s %8s\n' "$target" "$(figure number_of_executed_units "$output")" \
    "$(figure new_units_added "$output")" "$((code != 0))"
  [ "$code" -eq 0 ] && continue
  broken=$((broken + 1))
  grep -E 'does not hold|runtime error|^SUMMARY|^==.*ERROR|Test unit written' "$output" |
    sed 's/^/  /' || tail -n 5 "$output"
done
[ "$broken" -eq 0 ]
