#!/usr/bin/env bash
# Lints the container files as far as that goes without a container engine:
#   docker/check.sh
# Every COPY source is in the tree and not ignored, every instruction is known, the steps of a stage
# exist, and the runtime packages of the Dockerfile are those that the built programs link to. With
# a docker client that has compose, the compose file is resolved as well.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
file=docker/Dockerfile
bin=build/release/bin
errors=0

complain() {
  echo "$file: $*"
  errors=$((errors + 1))
}

# One instruction a line, comments gone.
instructions() {
  sed -e '/^ *#/d' -e '/^ *$/d' "$file" | sed -e ':join' -e '/\\$/N; s/ *\\\n */ /; t join'
}

check_copy() {
  local words source
  read -ra words <<<"$1"
  for source in "${words[@]:0:${#words[@]}-1}"; do
    [ -e "$source" ] || complain "COPY $source: no such file"
    ! git check-ignore --quiet "$source" || complain "COPY $source: ignored by git"
  done
}

programs=("$bin/semcached" "$bin/semcachectl" "$bin/semcached-bench")

# The files of the libraries which the programs name themselves; what those need, apt knows.
linked_libraries() {
  local name
  for name in $(objdump -p "${programs[@]}" | sed -n 's/^ *NEEDED *//p' | sort -u); do
    ldd "${programs[@]}" | awk -v name="$name" '$1 == name && $2 == "=>" { print $3; exit }'
  done
}

# ... and the packages that hold them; the model's runtime is in none.
linked_packages() {
  linked_libraries | xargs -r readlink -f | while read -r path; do
    { dpkg-query -S "$path" 2>/dev/null || dpkg-query -S "${path#/usr}" 2>/dev/null || true; } | cut -d: -f1
  done | sort -u | grep -vxE 'libc6|libgcc-s1|libstdc\+\+6' || true
}

installed_packages() {
  instructions | sed -n '/^FROM.* AS /,/^FROM/d; /apt-get install/p' |
    grep -oE ' lib[a-z0-9.+-]+' | tr -d ' ' | sort -u
}

while read -r instruction rest; do
  case $instruction in
    FROM)
      case $rest in debian:bookworm-slim*) ;; *) complain "FROM $rest: another base than Debian 12" ;; esac
      ;;
    COPY) case $rest in --from=*) ;; *) check_copy "$rest" ;; esac ;;
    RUN | ENV | WORKDIR | USER | VOLUME | STOPSIGNAL | HEALTHCHECK | ENTRYPOINT) ;;
    *) complain "unknown instruction $instruction" ;;
  esac
done < <(instructions)

user=$(instructions | sed -n 's/^USER //p' | tail -n 1)
case $user in '' | root* | 0*) complain "runs as root" ;; esac

if [ -x "$bin/semcached" ] && [ -x "$bin/semcachectl" ] && [ -x "$bin/semcached-bench" ]; then
  missing=$(comm -23 <(linked_packages) <(installed_packages))
  [ -z "$missing" ] || complain "not installed, but linked to: $(tr '\n' ' ' <<<"$missing")"
else
  echo "$file: the programs are not built; their libraries are not compared"
fi

if docker compose version >/dev/null 2>&1; then
  docker compose -f docker/compose.yaml config --quiet || errors=$((errors + 1))
fi

echo "container files: $errors errors"
[ "$errors" -eq 0 ]
