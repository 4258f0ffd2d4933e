#!/usr/bin/env bash
# Configures and builds one preset of CMakePresets.json:
#   scripts/build.sh [PRESET=release] [TARGET...]
# The programs come out in build/PRESET/bin. `scripts/install.sh` comes first on a new machine.
#   --help
set -euo pipefail
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

case ${1:-} in
  --help) usage && exit 0 ;;
  -*) die "unknown option $1; --help tells" ;;
esac
preset=${1:-release}
shift $(($# > 0))

cd "$root"
step "configure ($preset)" cmake --preset "$preset" "-DSEMCACHED_MODEL_DIR=$SEMCACHED_MODEL_DIR"
step "build ($preset: ${*:-everything}; $(jobs) at once)" \
  cmake --build --preset "$preset" -j "$(jobs)" ${1:+--target "$@"}
