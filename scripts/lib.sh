#!/usr/bin/env bash
# Sourced by its neighbours: where things are, and steps that print one line each.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
export root

# Where the embedding model and its runtime live; outside the tree, so that a clean clone keeps them.
: "${HOME:=$(getent passwd "$(id -u)" 2>/dev/null | cut -d: -f6)}"
export HOME=${HOME:-/root}
export SEMCACHED_MODEL_DIR=${SEMCACHED_MODEL_DIR:-$HOME/.cache/semcached/model}

# The noise of every step of this script.
log=$root/build/log/$(basename "$0" .sh).log
mkdir -p "$(dirname "$log")"
: >"$log"

die() {
  echo "$(basename "$0"): $*" >&2
  exit 1
}

# The comment at the head of the script is its help.
usage() {
  sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0"
}

# step TITLE COMMAND...  runs it into the log; prints the title and the seconds it took, and where
# it fails the end of the log.
step() {
  local title=$1 begin=$SECONDS code=0
  shift
  printf '%-60s' "$title"
  echo "== $title: $*" >>"$log"
  "$@" >>"$log" 2>&1 </dev/null || code=$?
  if [ "$code" -ne 0 ]; then
    printf 'FAILED (%d) after %d s\n' "$code" $((SECONDS - begin))
    echo "---- the last lines of $log"
    tail -n 30 "$log"
    return "$code"
  fi
  printf '%4d s\n' $((SECONDS - begin))
}

# scratch NAME  makes the directory $run, which goes with the script, unless $keep is set: then it says
# where it is. Several runs at once do not meet.
scratch() {
  run=$(mktemp -d -t "semcached-$1.XXXXXX")
  trap drop_scratch EXIT
  trap 'exit 130' INT TERM
}
drop_scratch() {
  if [ -n "${keep:-}" ]; then
    echo "kept: $run" >&2
  else
    rm -rf "$run"
  fi
}

# retry COMMAND...  three times, since networks fail.
retry() {
  local pause
  for pause in 2 8 0; do
    "$@" && return 0
    [ "$pause" -eq 0 ] || {
      echo "failed, again in $pause s: $*" >&2
      sleep "$pause"
    }
  done
  return 1
}

# Compilers at work at once: one a core, and 2 GiB of memory for each.
jobs() {
  local cores memory_kib fit
  cores=$(nproc)
  memory_kib=$(sed -n 's/^MemTotal: *\([0-9]*\) kB/\1/p' /proc/meminfo 2>/dev/null || true)
  fit=$((${memory_kib:-4194304} / 2097152))
  [ "$fit" -ge 1 ] || fit=1
  [ "$cores" -le "$fit" ] && echo "$cores" || echo "$fit"
}
