#!/usr/bin/env bash
# What `cmake --install` leaves is whole: programs that find their libraries, a configuration that a
# start would take, and a second install that keeps what an operator edited.
#   install_test.sh BUILD_DIR
set -euo pipefail
build=$1
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT

install_it() { DESTDIR=$root cmake --install "$build" --prefix /usr >"$root/log"; }

install_it
for file in usr/bin/semcached usr/bin/semcachectl usr/bin/semcached-bench \
  usr/lib/systemd/system/semcached.service usr/lib/sysusers.d/semcached.conf \
  usr/share/doc/semcached/docs/installing.md etc/semcached/categories/code.yaml \
  usr/share/semcached/proto/semcached/v1/semantic_cache.proto; do
  [ -f "$root/$file" ] || { echo "not installed: $file" && exit 1; }
done
for program in semcached semcachectl semcached-bench; do
  env -u LD_LIBRARY_PATH "$root/usr/bin/$program" --version
done

# The configuration names the model where it was installed; here that is below $root.
config=$root/etc/semcached/semcached.yaml
sed -i "s|/usr/share|$root/usr/share|" "$config"
"$root/usr/bin/semcached" --config "$config" --check-config
sed -n 's/^ExecStart[A-Za-z]*=\([^ ]*\) .*/\1/p' "$root/usr/lib/systemd/system/semcached.service" |
  while read -r program; do
    [ -x "$root$program" ] || { echo "the unit starts $program, which was not installed" && exit 1; }
  done

for file in "$config" "$root/etc/semcached/categories/code.yaml"; do
  echo "# edited" >>"$file"
done
rm "$root/etc/semcached/categories/math.yaml"
install_it
for file in "$config" "$root/etc/semcached/categories/code.yaml"; do
  grep -qx '# edited' "$file" || { echo "overwritten: $file" && exit 1; }
done
[ ! -e "$root/etc/semcached/categories/math.yaml" ] || { echo "a removed category came back" && exit 1; }
