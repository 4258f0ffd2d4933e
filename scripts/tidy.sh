#!/usr/bin/env bash
# clang-tidy 14 with the checks of .clang-tidy, on the .cc files that changed:
#   scripts/tidy.sh [--all] [BASE]
# Changed means: since BASE, or since the branch left origin/main, or else in the last commit; what
# is not committed counts too. A changed header is checked through the .cc of its name.
#   --all    every .cc file
#   --help
# SEMCACHED_TIDY_SECONDS (default none) ends the run after so long: what is not checked by then is
# counted in the last line and is no failure.
set -euo pipefail
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

all=
base=
while [ $# -gt 0 ]; do
  case $1 in
    --all) all=1 ;;
    --help) usage && exit 0 ;;
    -*) die "unknown option $1; --help tells" ;;
    *) base=$1 ;;
  esac
  shift
done
command -v clang-tidy-14 >/dev/null || die "no clang-tidy-14: scripts/install.sh --lint"
cd "$root"

every_file() { find src tests bench -name '*.cc' | sort; }

# Paths that differ from the base, in the commits or in the working tree.
changed_files() {
  local from=$base
  [ -n "$from" ] || from=$(git merge-base HEAD origin/main 2>/dev/null || true)
  if [ -z "$from" ] || [ "$from" = "$(git rev-parse HEAD)" ]; then
    from=$(git rev-parse --verify --quiet HEAD~1 || git hash-object -t tree /dev/null)
  fi
  git diff --name-only --diff-filter=d "$from" --
  git ls-files --others --exclude-standard
}

sources_of() {
  local path
  while read -r path; do
    case $path in
      src/*.cc | tests/*.cc | bench/*.cc) echo "$path" ;;
      include/semcached/*.h) echo "src/${path#include/semcached/}" | sed 's/\.h$/.cc/' ;;
      *.h) echo "${path%.h}.cc" ;;
    esac
  done
}

existing() {
  local path
  while read -r path; do
    if [ -f "$path" ]; then echo "$path"; fi
  done
}

if [ -n "$all" ]; then
  mapfile -t files < <(every_file)
else
  mapfile -t files < <(changed_files | sources_of | existing | sort -u)
fi
[ ${#files[@]} -gt 0 ] || { echo "tidy: no file changed" && exit 0; }

# Clang's own build: clang-tidy reads its flags, and generated headers have to be there.
if [ ! -f build/asan/compile_commands.json ]; then
  step "configure (asan)" cmake --preset asan "-DSEMCACHED_MODEL_DIR=$SEMCACHED_MODEL_DIR"
fi
step "generated headers" cmake --build --preset asan -j "$(jobs)" --target semcached_proto

# The findings of one file, in one piece.
check() {
  local findings
  # What is in no target has no flags: say so rather than guess.
  grep -qF "/$1\"" build/asan/compile_commands.json || { echo "$1: in no target" && return 1; }
  findings=$(clang-tidy-14 --quiet -p build/asan "$1" 2>/dev/null) && return
  printf '%s\n' "$findings"
  return 1
}

deadline=$((SECONDS + ${SEMCACHED_TIDY_SECONDS:-86400}))
most=$(jobs)
failed=0 started=0 finished=0
for file in "${files[@]}"; do
  [ "$SECONDS" -lt "$deadline" ] || break
  check "$file" &
  started=$((started + 1))
  if [ $((started - finished)) -eq "$most" ]; then
    wait -n || failed=$((failed + 1))
    finished=$((finished + 1))
  fi
done
for (( ; finished < started; finished++)); do
  wait -n || failed=$((failed + 1))
done
echo "tidy: $started of ${#files[@]} files checked, $failed with findings"
[ "$failed" -eq 0 ]
