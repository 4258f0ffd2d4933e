#!/usr/bin/env bash
# What adaptation to load saves, and what it costs: installs, builds, replays traces of arrivals
# against the real cache and a simulated model, asks a real server what pays and whether single
# flight holds, prints a report and, last, one table of bars. From a bare Debian 12 machine, alone.
#   scripts/adapt.sh [--quick] [--data DIR] [--live MINUTES] [--json FILE] [--write-docs] [--keep]
# The status is 0 if every bar holds, 1 if one does not, 2 if something could not be measured.
#   --quick       two seeds, fewer questions, one trace: a quarter of an hour becomes one to three minutes
#   --data DIR    evaluation data (pairs.tsv, queries.tsv, traces/); default $SEMCACHED_DATA_DIR;
#                 without: the project's own few questions and made arrivals, and the report says so
#   --live MINUTES  also play so many minutes of a trace in real time against a real server, beside the
#                 simulation; printed last, without a bar
#   --json FILE   the bars: an array of {"name","value","unit","limit","holds","method"}
#   --write-docs  put the report into docs/adaptation.md, and its plots beside
#   --keep        leave reports and plots; says where
#   --help
set -euo pipefail
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

not_measured() {
  echo "adapt.sh: $*" >&2
  exit 2
}

quick=
data=${SEMCACHED_DATA_DIR:-}
live=
json=
write_docs=
keep=
while [ $# -gt 0 ]; do
  case $1 in
    --quick) quick=1 ;;
    --data)
      [ -n "${2:-}" ] || not_measured "--data takes a directory"
      data=$2
      shift
      ;;
    --live)
      [[ ${2:-} =~ ^[1-9][0-9]*$ ]] || not_measured "--live takes a number of minutes"
      live=$2
      shift
      ;;
    --json)
      [ -n "${2:-}" ] || not_measured "--json takes a file"
      json=$(realpath -m "$2")
      shift
      ;;
    --write-docs) write_docs=1 ;;
    --keep) keep=1 ;;
    --help) usage && exit 0 ;;
    *) not_measured "unknown option $1; --help tells" ;;
  esac
  shift
done
if [ -n "$data" ]; then
  for file in pairs.tsv queries.tsv traces; do
    [ -r "$data/$file" ] || not_measured "$data/$file: cannot be read; --data takes its directory"
  done
  data=$(realpath "$data")
fi

cd "$root"
bin=$root/build/release/bin
scratch adapt

unset SEMCACHED_DATA_DIR
scripts/install.sh || not_measured "the packages cannot be installed"
scripts/build.sh release semcached semcachectl semcached-bench semcached-eval-adapt \
  semcached-eval-join ||
  not_measured "the programs cannot be built"

arguments=(--json "$run/adapt.json" --svg "$run/plots")
if [ -n "$data" ]; then arguments+=(--data "$data"); fi
if [ -n "$quick" ]; then arguments+=(--quick); fi
# It may end with 1 because a bar does not hold; without its figures it has failed.
"$bin/semcached-eval-adapt" "${arguments[@]}" >"$run/adapt.md" </dev/null || true
[ -s "$run/adapt.json" ] || not_measured "semcached-eval-adapt gave no figures"

echo "== a real server" >&2
python3 bench/live_bars.py "$run/live.json" "$bin" "$run/servers" "$SEMCACHED_MODEL_DIR" \
  >"$run/live.md" </dev/null || not_measured "the real server gave no figures"

arguments=()
if [ -n "$json" ]; then arguments+=(--json "$json"); fi
if [ -n "$write_docs" ]; then arguments+=(--page docs/adaptation.md); fi
code=0
"$bin/semcached-eval-join" "$run" adapt live "${arguments[@]}" || code=$?
if [ -n "$write_docs" ]; then
  mkdir -p docs/adaptation
  cp "$run"/plots/*.svg docs/adaptation/
fi
if [ -n "$live" ]; then
  echo "== $live minutes in real time" >&2
  python3 bench/live_replay.py "$bin" "$run/live-replay" "$SEMCACHED_MODEL_DIR" "$live" \
    ${data:+"$data"} </dev/null || not_measured "the replay in real time failed"
fi
exit "$code"
