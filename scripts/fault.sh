#!/usr/bin/env bash
# Whether it keeps its word: installs, builds, injects faults into a real server, judges every answer
# and prints a table. From a bare Debian 12 machine, alone.
#   scripts/fault.sh [--quick | --nightly | --release] [--case NAME ...] [--seed N] [--json FILE]
# The status is 0 if all held, 1 if something did not, 2 if it could not be built, 77 if none of the
# cases could be run.
#   --quick      few rounds of each case, some three minutes; the default, and part of scripts/test.sh
#   --nightly    as many as a night allows
#   --release    as many as a release needs
#   --case NAME  this case only; again for more: kill, stop, pause, restart, flood, points, syncs,
#                power, slow-disk, clock, memory, neighbour, overload, idle, pings, damage, graphs,
#                quota, disk, vectors, scopes, timing, broken-files, reloads
#   --seed N     of all randomness; default: another each time, and printed
#   --json FILE  the bars: an array of {"name","value","unit","limit","holds","method"}
#   --data DIR   taken and not needed: the questions are made up
#   --help
set -euo pipefail
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# 1 says that something did not hold.
die() {
  echo "$(basename "$0"): $*" >&2
  exit 2
}

arguments=()
while [ $# -gt 0 ]; do
  case $1 in
    --quick | --nightly | --release) arguments+=("$1") ;;
    --case | --seed)
      [ -n "${2:-}" ] || die "$1 takes a value; --help tells"
      arguments+=("$1" "$2")
      shift
      ;;
    --json)
      [ -n "${2:-}" ] || die "--json takes a file"
      arguments+=(--json "$(realpath -m "$2")")
      shift
      ;;
    --data)
      [ -n "${2:-}" ] || die "--data takes a directory"
      shift
      ;;
    --help) usage && exit 0 ;;
    *) die "unknown option $1; --help tells" ;;
  esac
  shift
done

cd "$root"
scripts/install.sh || die "cannot install"
scripts/build.sh release semcached semcachectl semcached-fault || die "cannot build"
SEMCACHED_BIN_DIR=$root/build/release/bin exec build/release/bin/semcached-fault "${arguments[@]}"
