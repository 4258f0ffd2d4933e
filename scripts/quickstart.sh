#!/usr/bin/env bash
# From a bare Debian 12 machine to answers: installs, builds, serves on a Unix socket and loopback
# TCP, sends the demo queries of every category through it twice, prints the table, stops.
#   scripts/quickstart.sh [--keep] [--index-type auto|hnsw|flat]
# Fails if there is no semantic hit, or if an answer of another tenant, an expired one or a planted
# near-opposite is served.
#   --keep         leave the server up, reflection on; the last line is one JSON object:
#                  {"grpc_unix","grpc_tcp","admin","http","pid"}
#   --index-type   of every category, in place of what its file says
#   --help
set -euo pipefail
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

keep=
index_type=
while [ $# -gt 0 ]; do
  case $1 in
    --keep) keep=1 ;;
    --index-type)
      index_type=${2:-}
      case $index_type in auto | hnsw | flat) ;; *) die "--index-type takes auto, hnsw or flat" ;; esac
      shift
      ;;
    --help) usage && exit 0 ;;
    *) die "unknown option $1; --help tells" ;;
  esac
  shift
done

cd "$root"
bin=$root/build/release/bin
run=$(mktemp -d "${TMPDIR:-/tmp}/semcached.XXXXXX")
ready=$run/ready.json
server=

# SIGTERM drains the server; one that does not end, or ends badly, is a failure.
stop_server() {
  local tenths
  kill -TERM "$server" 2>/dev/null || true
  for ((tenths = 0; tenths < 300; tenths++)); do
    if ! kill -0 "$server" 2>/dev/null; then
      wait "$server"
      return
    fi
    sleep 0.1
  done
  kill -KILL "$server"
  echo "the server did not stop within 30 s" >&2
  return 1
}

clean_up() {
  if [ -n "$server" ]; then stop_server || true; fi
  rm -rf "$run"
}
trap clean_up EXIT
trap 'exit 130' INT TERM

# The index type of one category file, whichever way its index is written.
set_index_type() {
  sed -i -e '/^index:/,/^[^ #]/{/^  type:/d}' -e "s/^index:.*/index:/" "$1"
  grep -q '^index:' "$1" || echo 'index:' >>"$1"
  sed -i "s/^index:.*/index:\n  type: $index_type/" "$1"
}

write_config() {
  mkdir "$run/categories"
  cp config/categories/*.yaml "$run/categories/"
  if [ -n "$index_type" ]; then
    local file
    for file in "$run"/categories/*.yaml; do set_index_type "$file"; done
  fi
  cat >"$run/semcached.yaml" <<YAML
# Made by scripts/quickstart.sh; config/semcached.yaml explains every key.
listen:
  unix: "$run/data.sock"
  tcp: 127.0.0.1:0
admin:
  unix: "$run/admin.sock"
http: 127.0.0.1:0
reflection: true
store:
  path: "$run/store"
categories: "$run/categories"
embedders:
  default:
    type: onnx
    model: "$SEMCACHED_MODEL_DIR/all-MiniLM-L6-v2.onnx"
    tokenizer: "$SEMCACHED_MODEL_DIR/tokenizer.json"
YAML
}

# Its own session, so that it outlives this terminal when it is kept.
start_server() {
  setsid "$bin/semcached" --config "$run/semcached.yaml" --ready-file "$ready" \
    >"$run/server.log" 2>&1 </dev/null &
  server=$!
}

# The file appears, whole, once every listener listens.
await_ready() {
  local tenths
  for ((tenths = 0; tenths < 600; tenths++)); do
    [ ! -s "$ready" ] || return 0
    kill -0 "$server" 2>/dev/null || break
    sleep 0.1
  done
  echo "the server did not get ready; its log:"
  cat "$run/server.log"
  return 1
}

address() {
  sed -n "s/.*\"$1\": *\"\([^\"]*\)\".*/\1/p" "$ready"
}

scripts/install.sh
scripts/build.sh release semcached semcachectl semcached-bench
step "configuration ($run)" write_config
start_server
step "server" await_ready

code=0
"$bin/semcached-bench" tour --queries demo/queries.tsv \
  --unix "$(address grpc_unix)" --tcp "$(address grpc_tcp)" </dev/null || code=$?

if [ "$code" -ne 0 ]; then
  echo "the tour failed ($code); the end of the server's log:"
  tail -n 30 "$run/server.log"
elif [ -n "$keep" ]; then
  trap - EXIT
  echo "the server stays up; configuration and log in $run; stop it with: kill $server"
  cat "$ready"
  exit 0
fi
step "stop" stop_server || code=1
server=
exit "$code"
