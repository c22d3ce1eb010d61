# shellcheck shell=bash
# Sourced by the other scripts and by the Makefile: where the tools are that setup.sh has put in place, and which
# compiler builds for wasm32. Changes PATH for what follows and nothing on disk.

repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
tools=${PORTCULLIS_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/portcullis}
wasm_target=wasm32-unknown-unknown

# The versions that the project is built and tested with. wasm-bindgen's CLI reads what its library wrote, so
# the two must be of one version; Cargo.lock says which.
wasm_bindgen_version=$(sed -n '/^name = "wasm-bindgen"$/{n;s/^version = "\(.*\)"$/\1/p;}' "$repository/Cargo.lock" 2>/dev/null || true)
wasm_pack_version=0.15.1
binaryen_version=132.0.0

wasm_bindgen_root=$tools/wasm-bindgen-$wasm_bindgen_version
wasm_pack_root=$tools/wasm-pack-$wasm_pack_version
binaryen_root=$tools/binaryen-$binaryen_version

# has_target <rustc>: whether this compiler has a standard library for wasm32.
has_target() {
  local library
  library=$("$1" --print target-libdir --target "$wasm_target" 2>/dev/null) && compgen -G "$library/libstd-*.rlib" >/dev/null
}

# The folder of the toolchain that is made of Debian's compiler. It is named after the compiler's build, because a
# library that another build compiled cannot be linked; and after the recipe in setup.sh, whose number changes with it.
debian_toolchain() {
  local package
  package=$(dpkg-query --show --showformat='${Version}' rustc-web 2>/dev/null) || return 1
  printf '%s/debian-rust-%s-recipe-2\n' "$tools" "${package//[^A-Za-z0-9.]/-}"
}

debian_ready() {
  local toolchain
  toolchain=$(debian_toolchain) && has_target "$toolchain/bin/rustc"
}

# PORTCULLIS_WASM_TOOLCHAIN=rustup|debian forces a way; else the compiler on PATH is taken where it has the target.
wasm_way() {
  if [ -n "${PORTCULLIS_WASM_TOOLCHAIN:-}" ]; then
    printf '%s\n' "$PORTCULLIS_WASM_TOOLCHAIN"
  elif has_target rustc; then
    printf 'rustup\n'
  elif debian_ready; then
    printf 'debian\n'
  else
    printf 'none\n'
  fi
}

# use_wasm_toolchain: from here on `cargo` and `rustc` are those that build for wasm32.
use_wasm_toolchain() {
  case $(wasm_way) in
    rustup) ;;
    debian)
      local toolchain
      toolchain=$(debian_toolchain) || return 1
      PATH=$toolchain/bin:$PATH
      export SYSROOT=$toolchain # clippy-driver does not go through the wrapper of rustc
      unset RUSTC RUSTUP_TOOLCHAIN
      ;;
    *)
      printf 'No compiler here can build for %s. Run scripts/setup.sh wasm.\n' "$wasm_target" >&2
      return 1
      ;;
  esac
}

# wasm_rustflags [<SHA-2 as loops>]: how what is shipped is compiled. SHA-2 as loops is 3 KB less in gzip than unrolled.
# Panic messages name files: let them not name the folders of whoever builds.
wasm_rustflags() {
  local cargo flags registry
  cargo=${CARGO_HOME:-$HOME/.cargo}
  flags=${1:+--cfg sha2_backend_soft=\"compact\"}
  flags+=" --remap-path-prefix=$cargo=cargo --remap-path-prefix=$repository=portcullis"
  # The last that fits counts.
  for registry in "$cargo"/registry/src/*; do flags+=" --remap-path-prefix=$registry=crates"; done
  printf '%s\n' "$flags${RUSTFLAGS:+ $RUSTFLAGS}"
}

# first_of <program>...: the path of the first of them that is installed.
first_of() {
  local program
  for program in "$@"; do
    command -v "$program" && return
  done
  return 1
}

# A program at its right version that stands on PATH already is not installed a second time, so these come first
# only where setup.sh has made them.
for directory in "$wasm_bindgen_root/bin" "$wasm_pack_root/bin" "$binaryen_root/node_modules/.bin"; do
  if [ -d "$directory" ]; then PATH=$directory:$PATH; fi
done
export PATH

# Read by the tests in tests/web, by tests/redis.rs and by wasm-bindgen-test-runner. A value that is set already stays.
if [ -z "${CHROMIUM:-}" ] && CHROMIUM=$(first_of chromium chromium-browser google-chrome google-chrome-stable); then
  export CHROMIUM
fi
if [ -z "${CHROMEDRIVER:-}" ] && CHROMEDRIVER=$(first_of chromedriver); then
  export CHROMEDRIVER
fi
if [ -z "${FIREFOX:-}" ] && FIREFOX=$(first_of firefox-esr firefox); then
  export FIREFOX
fi
if [ -z "${REDIS_SERVER:-}" ] && REDIS_SERVER=$(first_of redis-server); then
  export REDIS_SERVER
fi
