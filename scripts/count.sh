#!/usr/bin/env bash
# Counts the instructions of hot functions, which no noise of the machine moves, and compares them with
# what bench/micro/instructions.tsv says:
#   scripts/count.sh [--write]
# The status is 1 if one takes over a tenth more. Needs valgrind (scripts/install.sh --lint) and a CPU
# with AVX2, whose code valgrind knows; AVX-512 it does not. What libraries choose by the CPU differs:
# reads from the store took a fifth more on one machine than on another, and the file has the more.
#   --write   put what was counted into the file
#   --help
set -euo pipefail
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

write=
while [ $# -gt 0 ]; do
  case $1 in
    --write) write=1 ;;
    --help) usage && exit 0 ;;
    *) die "unknown option $1; --help tells" ;;
  esac
  shift
done
command -v valgrind >/dev/null || die "no valgrind: scripts/install.sh --lint"
cd "$root"
grep -qw avx2 /proc/cpuinfo || { echo "count: this CPU has no AVX2, nothing was counted" && exit 0; }
scripts/build.sh release semcached-counted

table=bench/micro/instructions.tsv
times=200
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# What one call of the function takes.
count() {
  local total
  valgrind --tool=callgrind --collect-atstart=no --toggle-collect='semcached::Counted*' \
    --callgrind-out-file="$scratch/out" build/release/bin/semcached-counted "$1" $times 2>"$scratch/log" ||
    die "$1: $(tail -n 3 "$scratch/log")"
  total=$(sed -n 's/.*Collected : *\([0-9]*\).*/\1/p' "$scratch/log")
  [ "${total:-0}" -gt 0 ] || die "$1: valgrind counted nothing"
  echo $((total / times))
}

more=0
printf '%-24s %12s %12s %8s\n' function before now change
printf 'function\tinstructions\n' >"$scratch/table"
for function in $(build/release/bin/semcached-counted); do
  before=$(awk -v name="$function" '$1 == name { print $2 }' "$table")
  now=$(count "$function")
  printf '%s\t%s\n' "$function" "$now" >>"$scratch/table"
  if [ -z "$before" ]; then
    printf '%-24s %12s %12d\n' "$function" new "$now"
    more=$((more + 1))
    continue
  fi
  printf '%-24s %12d %12d %+7d%%\n' "$function" "$before" "$now" $((100 * (now - before) / before))
  [ $((10 * now)) -le $((11 * before)) ] || more=$((more + 1))
done
if [ -n "$write" ]; then
  cp "$scratch/table" "$table"
  echo "written: $table"
  exit 0
fi
[ "$more" -eq 0 ] || die "$more functions are new or take over a tenth more than $table says; if that is meant: scripts/count.sh --write"
