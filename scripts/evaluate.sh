#!/usr/bin/env bash
# How true the hits are: installs, builds, starts real servers, asks them, prints a report and, last,
# one table of bars. From a bare Debian 12 machine, alone.
#   scripts/evaluate.sh [--quick] [--data DIR] [--json FILE] [--write-docs] [--keep]
# The status is 0 if every bar holds, 1 if one does not, 2 if something could not be measured.
#   --quick       fewer pairs and tries: minutes become one
#   --data DIR    evaluation data (pairs.tsv); default $SEMCACHED_DATA_DIR; without: the project's
#                 own small set, and the report says so
#   --json FILE   the bars: an array of {"name","value","unit","limit","holds","method"}
#   --write-docs  put the report into docs/evaluation.md, and its plots beside
#   --keep        leave servers' directories, reports and plots; says where
#   --help
set -euo pipefail
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

quick=
data=${SEMCACHED_DATA_DIR:-}
json=
write_docs=
keep=
while [ $# -gt 0 ]; do
  case $1 in
    --quick) quick=1 ;;
    --data)
      data=${2:?--data takes a directory}
      shift
      ;;
    --json)
      json=$(realpath -m "${2:?--json takes a file}")
      shift
      ;;
    --write-docs) write_docs=1 ;;
    --keep) keep=1 ;;
    --help) usage && exit 0 ;;
    *) die "unknown option $1; --help tells" ;;
  esac
  shift
done
if [ -n "$data" ]; then
  [ -r "$data/pairs.tsv" ] || die "$data/pairs.tsv: cannot be read; --data takes its directory"
  data=$(realpath "$data")
fi

cd "$root"
bin=$root/build/release/bin
scratch eval

# What is measured, in the order of the report; those parts that this checkout has.
all_parts=(truth verifier budget)

find_parts() {
  local part
  cmake --build --preset release --target help >"$run/targets" 2>>"$log"
  for part in "${all_parts[@]}"; do
    if grep -q "^semcached-eval-$part:" "$run/targets"; then parts+=("$part"); fi
  done
}

understands() { "$bin/semcached-eval-$1" --help | grep -q -- "$2"; }

# measure PART  leaves PART.md and PART.json; what the program says while it runs goes through.
measure() {
  local part=$1 begin=$SECONDS arguments=(--json "$run/$1.json")
  if [ -n "$data" ]; then arguments+=(--data "$data"); fi
  if [ -n "$quick" ] && understands "$part" --quick; then arguments+=(--quick); fi
  if understands "$part" --svg; then arguments+=(--svg "$run/plots"); fi
  if understands "$part" --work; then
    mkdir "$run/$part"
    arguments+=(--work "$run/$part")
  fi
  echo "== semcached-eval-$part" >&2
  # It may end otherwise because a bar does not hold; without its figures it has failed.
  "$bin/semcached-eval-$part" "${arguments[@]}" >"$run/$part.md" </dev/null || true
  echo "== semcached-eval-$part: $((SECONDS - begin)) s" >&2
  [ -s "$run/$part.json" ] || echo "$part" >>"$run/failed"
}

unset SEMCACHED_DATA_DIR
scripts/install.sh
scripts/build.sh release semcached
parts=()
find_parts
scripts/build.sh release semcached-eval-join "${parts[@]/#/semcached-eval-}"
for part in "${parts[@]}"; do measure "$part"; done

arguments=()
if [ -n "$json" ]; then arguments+=(--json "$json"); fi
if [ -n "$write_docs" ]; then arguments+=(--page docs/evaluation.md); fi
code=0
"$bin/semcached-eval-join" "$run" "${parts[@]}" "${arguments[@]}" || code=$?
if [ -n "$write_docs" ] && [ -d "$run/plots" ]; then
  mkdir -p docs/evaluation
  cp "$run"/plots/*.svg docs/evaluation/
fi
if [ -s "$run/failed" ]; then
  echo "not measured: $(tr '\n' ' ' <"$run/failed")" >&2
  code=2
fi
exit "$code"
