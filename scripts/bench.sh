#!/usr/bin/env bash
# How fast it is: installs, builds, measures the index beside other indexes, whole calls beside
# empty ones, lookups by text beside the embedder alone and lookups during changes beside the mere
# loss of CPU time, prints a report and, last, one table of bars. From a bare Debian 12 machine, alone.
#   scripts/bench.sh [--quick] [--data DIR] [--json FILE] [--write-docs] [--only PART]
# The status is 0 if every bar holds, 1 if one does not, 2 if something could not be measured.
#   --quick        up to 10,000 entries and fewer calls: some ten minutes in place of more than an hour
#   --data DIR     evaluation data (pairs.tsv, queries.tsv) whose texts are looked up, and embedded
#                  for the index and the calls, five minutes the first time; default
#                  $SEMCACHED_DATA_DIR; without: the project's own queries, and synthetic vectors
#   --json FILE    the bars: an array of {"name","value","unit","limit","holds","method"}
#   --write-docs   put the report of each part into docs/performance/PART.md, with its plots: a full
#                  one, without --quick
#   --only PART    index, calls, text, changes or start alone
#   --help
set -euo pipefail
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# 1 says that a bar does not hold; whatever else ends this has measured nothing.
die() {
  echo "$(basename "$0"): $*" >&2
  exit 2
}

quick=
data=${SEMCACHED_DATA_DIR:-}
json=
write_docs=
parts=(index calls text changes start)
while [ $# -gt 0 ]; do
  case $1 in
    --quick) quick=1 ;;
    --data)
      data=${2:-}
      [ -n "$data" ] || die "--data takes a directory"
      shift
      ;;
    --json)
      [ -n "${2:-}" ] || die "--json takes a file"
      json=$(realpath -m "$2")
      shift
      ;;
    --write-docs) write_docs=1 ;;
    --only)
      case ${2:-} in
        index | calls | text | changes | start) parts=("$2") ;;
        *) die "--only takes index, calls, text, changes or start" ;;
      esac
      shift
      ;;
    --help) usage && exit 0 ;;
    *) die "unknown option $1; --help tells" ;;
  esac
  shift
done
if [ -n "$write_docs" ]; then
  # What the page says now would be lost to less.
  [ -z "$quick" ] || die "--write-docs takes full figures: not with --quick"
fi
if [ -n "$data" ]; then
  [ -r "$data/queries.tsv" ] || die "$data/queries.tsv: cannot be read; --data takes its directory"
  data=$(realpath "$data")
fi

cd "$root"
bin=$root/build/release/bin
run=$(mktemp -d -t semcached-bench.XXXXXX)
server=
unmeasured=()

stop_server() {
  [ -n "$server" ] || return 0
  kill -TERM "$server" 2>/dev/null || true
  wait "$server" 2>/dev/null || true
  server=
}

clean_up() {
  stop_server
  rm -rf "$run"
}
trap clean_up EXIT
trap 'exit 130' INT TERM

measure_index() {
  local arguments=(--json "$run/index.json" --plots "$run/performance")
  if [ -n "$data" ]; then arguments+=(--data "$data"); fi
  if [ -n "$quick" ]; then arguments+=(--quick --sizes "1000,10000"); fi
  local code=0
  "$bin/semcached-bench-index" "${arguments[@]}" >"$run/index.md" </dev/null || code=$?
  # 1: a bar does not hold, which the table says.
  [ "$code" -le 1 ] || unmeasured+=(index)
}

measure_text() {
  local arguments=(--json "$run/text.json")
  if [ -n "$data" ]; then arguments+=(--data "$data"); fi
  if [ -n "$quick" ]; then arguments+=(--quick --rounds 3 --texts 256); fi
  local code=0
  "$bin/semcached-bench-text" "${arguments[@]}" >"$run/text.md" </dev/null || code=$?
  # 1: a bar does not hold, which the table says.
  [ "$code" -le 1 ] || unmeasured+=(text)
}

# start_server [POLICY]  a server with a category of that policy, else with room for all that the
# workloads insert, started anew and empty. Fails if it does not get ready.
start_server() {
  local policy=${1:-'quota: {max_entries: 2000000, max_memory: 8GiB, max_disk: 16GiB}'}
  stop_server
  rm -rf "$run/server"
  mkdir -p "$run/server/categories"
  printf 'category: code\n%s\n' "$policy" >"$run/server/categories/code.yaml"
  cat >"$run/server/semcached.yaml" <<YAML
listen:
  unix: "$run/server/data.sock"
admin:
  unix: "$run/server/admin.sock"
http: 127.0.0.1:0
default_category: code
store:
  path: "$run/server/store"
memory_limit: 8GiB
disk_limit: 16GiB
categories: "$run/server/categories"
embedders:
  default:
    type: onnx
    model: "$SEMCACHED_MODEL_DIR/all-MiniLM-L6-v2.onnx"
    tokenizer: "$SEMCACHED_MODEL_DIR/tokenizer.json"
YAML
  "$bin/semcached" --config "$run/server/semcached.yaml" --ready-file "$run/server/ready.json" \
    2>"$run/server/log" </dev/null &
  server=$!
  local tenths
  for ((tenths = 0; tenths < 300; tenths++)); do
    if [ -s "$run/server/ready.json" ]; then return 0; fi
    kill -0 "$server" 2>/dev/null || break
    sleep 0.1
  done
  cat "$run/server/log" >&2
  echo "the server did not get ready" >&2
  return 1
}

# load NAME WORKLOAD CALLERS ENTRIES CALLS  leaves calls/NAME.json, if it can be measured.
load() {
  local http
  loads+=("$1")
  echo "== $1" >&2
  start_server || return 0
  http=$(python3 -c 'import json,sys; print(json.load(open(sys.argv[1]))["http"])' "$run/server/ready.json") || return 0
  "$bin/semcached-bench" load --target "$run/server/data.sock" --http "${http#http://}" \
    --workload "$2" --callers "$3" --entries "$4" --calls "$5" --warm-up 2000 --runs 5 \
    ${vectors[@]+"${vectors[@]}"} --settle --baseline rpc --json >"$run/calls/$1.json" </dev/null ||
    echo "$1: semcached-bench ended with $?" >&2
}

measure_calls() {
  local calls=20000 entries=100000 loads=() vectors=()
  if [ -n "$quick" ]; then calls=4000 entries=10000; fi
  mkdir "$run/calls"
  if [ -n "$data" ]; then
    mkdir "$run/vectors"
    "$bin/semcached-bench-index" --data "$data" --sizes "$entries" --queries 2000 --write "$run/vectors" \
      </dev/null || { unmeasured+=(calls) && return 0; }
    vectors=(--vectors "$run/vectors/entries.f32" --miss-vectors "$run/vectors/misses.f32")
  fi
  load miss-10000 miss 1 10000 "$calls"
  load exact-hit exact-hit 1 10000 "$calls"
  load many-10000 lookup 32 10000 "$calls"
  load many-exact-hit exact-hit 32 10000 "$calls"
  load insert insert 1 1000 "$calls"
  if [ -z "$quick" ]; then
    load miss-100000 miss 1 100000 "$calls"
    load many-100000 lookup 32 100000 "$calls"
  fi
  stop_server
  # It knows which of the runs that ended can be believed.
  python3 bench/load_bars.py "$run/calls" "$run/calls.json" "${loads[@]}" >"$run/calls.md" ||
    unmeasured+=(calls)
}

# during CASE POLICY  what lookups notice of a change, on a server with a category of that policy.
during() {
  local arguments=("$run/changes.json" "$1" "$bin/semcached-bench" "$run/server/ready.json")
  echo "== $1" >&2
  start_server "$2" || return 1
  arguments+=("$server")
  if [ -n "$quick" ]; then arguments+=(3 5); fi
  python3 bench/changes_bars.py "${arguments[@]}" >>"$run/changes.md" </dev/null
}

measure_changes() {
  {
    echo "# Lookups during changes"
    echo
    echo "1,000 lookups a second in an open loop over a Unix socket, half of them hits; medians over the rounds, microseconds"
    echo "from when a lookup should have been sent. The control burns the CPU time that the change took, at the same priorities."
    echo "Waits are those of lookups for the server's own locks during the changes; the longest is since its start."
    echo
    echo "| during | alone, p50 / p99 | changing | control | p99 to control | CPU, % of a core, normal + low | waits | over 200 us | longest, us |"
    echo "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
  } >"$run/changes.md"
  during eviction 'quota: {max_entries: 20000}' || unmeasured+=(changes)
  during expiry 'quota: {max_entries: 100000}' || unmeasured+=(changes)
  during rebuild 'index: {type: hnsw}' || unmeasured+=(changes)
  stop_server
}

# Fills a server, stops it, and looks how soon it answers again.
measure_start() {
  local entries sizes=(100000 1000000)
  if [ -n "$quick" ]; then sizes=(100000); fi
  {
    echo "# Warm start"
    echo
    echo "Random vectors of 384 dimensions in one scope, files in the page cache; seconds from the start of the"
    echo "process, medians of three starts."
    echo
    echo "| entries | listening | 99 % can be found | slowest |"
    echo "| ---: | ---: | ---: | ---: |"
  } >"$run/start.md"
  for entries in "${sizes[@]}"; do
    echo "== start with $entries" >&2
    if ! start_server || ! "$bin/semcached-bench" load --target "$run/server/data.sock" --workload exact-hit \
      --entries "$entries" --calls 100 --json >/dev/null </dev/null; then
      unmeasured+=(start)
      return 0
    fi
    stop_server
    python3 bench/start_bars.py "$run/start.json" "$bin/semcached" "$bin/semcachectl" \
      "$run/server/semcached.yaml" "$entries" >>"$run/start.md" || unmeasured+=(start)
  done
}

# write_page PART  puts its report into its page, if all of it was measured.
write_page() {
  local page=docs/performance/$1.md what code=0
  for what in ${unmeasured[@]+"${unmeasured[@]}"}; do
    [ "$what" != "$1" ] || { echo "$page stays as it was" >&2 && return 0; }
  done
  "$bin/semcached-eval-join" "$run" "$1" --page "$page" >/dev/null || code=$?
  # 1: a bar does not hold, which the page says.
  if [ "$code" -gt 1 ]; then
    unmeasured+=("$1")
  elif [ "$1" = index ]; then
    cp "$run"/performance/*.svg docs/performance/ || unmeasured+=("$1")
  fi
}

unset SEMCACHED_DATA_DIR
scripts/install.sh --bench || die "cannot install"
scripts/build.sh release semcached semcachectl semcached-bench semcached-bench-index semcached-bench-text \
  semcached-eval-join ||
  die "cannot build"
for part in "${parts[@]}"; do
  begin=$SECONDS
  echo "== $part" >&2
  "measure_$part"
  echo "== $part: $((SECONDS - begin)) s" >&2
done

for part in "${parts[@]}"; do
  [ -s "$run/$part.json" ] || unmeasured+=("$part")
done
arguments=()
if [ -n "$json" ]; then arguments+=(--json "$json"); fi
if [ -n "$write_docs" ]; then
  for part in "${parts[@]}"; do write_page "$part"; done
fi
code=0
"$bin/semcached-eval-join" "$run" "${parts[@]}" "${arguments[@]}" || code=$?
if [ "${#unmeasured[@]}" -gt 0 ]; then
  echo "not measured, or in part, or not written: $(printf '%s\n' "${unmeasured[@]}" | sort -u | paste -sd ' ')" >&2
  code=2
fi
exit "$code"
