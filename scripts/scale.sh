#!/usr/bin/env bash
# How large it may grow: installs, builds, fills a real server over its Unix socket with 384-d vectors
# of many categories and namespaces, and reports memory and disk by component, the rate of filling,
# lookups among all that, how long graphs take, and how soon it is back after a stop. From a bare
# Debian 12 machine, alone; nothing else should run beside it.
#   scripts/scale.sh [--entries N] [--categories N] [--namespaces N] [--index auto|flat|hnsw]
#                    [--durability memory|process|durable] [--response-bytes N] [--keep DIR]
#                    [--json FILE]
# The status is 0 if all was measured, 2 if something was not.
#   --entries N         default 100000: some minutes. A million in one category is
#                       --entries 1000000 --categories 1 --namespaces 1; ten million want 17 GiB of
#                       memory and 54 GB of disk to be free, which is asked before anything begins
#   --categories N      entries are spread over them evenly; default 10
#   --namespaces N      tenants in each category, evenly too; default 10
#   --index TYPE        of all categories; default auto
#   --durability CLASS  of all categories; default process
#   --response-bytes N  of each answer; default 2000
#   --keep DIR          work in DIR, which is made or empty, and leave it; else in $TMPDIR, cleared
#   --json FILE         all figures, as one JSON object
#   --help
set -euo pipefail
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

die() {
  echo "$(basename "$0"): $*" >&2
  exit 2
}

entries=100000
categories=10
namespaces=10
index=auto
durability=process
response_bytes=2000
keep=
json=

# number OPTION VALUE  prints the value if it is a whole number above 0.
number() {
  [[ ${2:-} =~ ^[1-9][0-9]*$ ]] || die "$1 takes a whole number above 0, not \"${2:-}\""
  echo "$2"
}

while [ $# -gt 0 ]; do
  case $1 in
    --help) usage && exit 0 ;;
    --entries) entries=$(number "$@") ;;
    --categories) categories=$(number "$@") ;;
    --namespaces) namespaces=$(number "$@") ;;
    --response-bytes) response_bytes=$(number "$@") ;;
    --index)
      index=${2:-}
      [[ $index =~ ^(auto|flat|hnsw)$ ]] || die "--index takes auto, flat or hnsw, not \"$index\""
      ;;
    --durability)
      durability=${2:-}
      [[ $durability =~ ^(memory|process|durable)$ ]] ||
        die "--durability takes memory, process or durable, not \"$durability\""
      ;;
    --keep)
      [ -n "${2:-}" ] || die "--keep takes a directory"
      keep=$(realpath -m "$2")
      ;;
    --json)
      [ -n "${2:-}" ] || die "--json takes a file"
      json=$(realpath -m "$2")
      ;;
    *) die "unknown option $1; --help tells" ;;
  esac
  shift 2
done

cd "$root"
if [ -n "$keep" ]; then
  mkdir -p "$keep"
  [ -z "$(ls -A "$keep")" ] || die "$keep is not empty; name another directory"
  run=$keep
else
  # Not below build/: what ends here may take tens of gigabytes, and $TMPDIR says where those are.
  run=$(mktemp -d -t semcached-scale.XXXXXX)
  trap 'rm -rf "$run"' EXIT
fi

scripts/install.sh >&2 || die "cannot install"
scripts/build.sh release semcached semcachectl semcached-bench >&2 || die "cannot build"
arguments=()
if [ -n "$json" ]; then arguments+=(--json "$json"); fi
code=0
python3 -B bench/scale_run.py --bin "$root/build/release/bin" --run "$run" --entries "$entries" \
  --categories "$categories" --namespaces "$namespaces" --index "$index" \
  --durability "$durability" --response-bytes "$response_bytes" "${arguments[@]}" </dev/null ||
  code=$?
if [ -n "$keep" ]; then echo "kept: $keep" >&2; fi
exit "$code"
