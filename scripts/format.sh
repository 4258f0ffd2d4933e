#!/usr/bin/env bash
# Checks that clang-format 14 would change nothing:
#   scripts/format.sh [--fix]
#   --fix    change it
#   --help
set -euo pipefail
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

mode=(--dry-run -Werror)
case ${1:-} in
  '') ;;
  --fix) mode=(-i) ;;
  --help) usage && exit 0 ;;
  *) die "unknown option $1; --help tells" ;;
esac
# Other versions format differently.
command -v clang-format-14 >/dev/null || die "no clang-format-14: scripts/install.sh --lint"

cd "$root"
mapfile -t files < <(find include src tests bench -name '*.cc' -o -name '*.h' | sort)
clang-format-14 "${mode[@]}" "${files[@]}"
echo "format: ${#files[@]} files"
