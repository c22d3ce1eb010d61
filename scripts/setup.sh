#!/usr/bin/env bash
# Puts in place what the build and the tests need. May be run again at any time; what is there stays.
#
#   scripts/setup.sh [wasm] [wasm-pack] [chromium] [firefox] [redis] [node-modules]      nothing named: all of them
#
# wasm          a compiler for wasm32, wasm-bindgen at the version of Cargo.lock, wasm-opt
# wasm-pack     the runner of the Rust tests inside Node and Chromium
# chromium      a browser and its driver
# firefox       another browser, which needs no driver
# redis         redis-server, which the tests start themselves on a free port
# node-modules  the npm packages of www/ and tests/web/; node-modules/www only those of www/ (www/demo/setup.mjs
#               and `make bench` fetch their own)
#
# Programs go to PORTCULLIS_TOOLS (default ~/.cache/portcullis), one folder for each version, shared by all clones.
# Only Debian's packages go elsewhere. PORTCULLIS_WASM_TOOLCHAIN=rustup|debian forces one way to the compiler.
set -euo pipefail
# shellcheck source=scripts/env.sh
. "$(dirname "${BASH_SOURCE[0]}")/env.sh"

say() { printf 'setup: %s\n' "$*"; }
fail() {
  printf 'setup: cannot go on: %s\n' "$*" >&2
  exit 1
}

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

installed() { # <Debian package>...
  local package
  for package in "$@"; do
    [ "$(dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || return 1
  done
}

# apt_install <package>...: what is there already needs no root. Nothing is removed for it, because rustc-web
# conflicts with the plain rustc.
apt_install() {
  installed "$@" && return
  [ "$(id -u)" = 0 ] || command -v sudo >/dev/null || fail "the Debian packages $* are needed, and this user is not root and has no sudo"
  say "installing Debian packages: $*"
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends --no-remove "$@" >"$tools/apt.log" 2>&1 || {
    tail -n 15 "$tools/apt.log" >&2
    return 1
  }
}

# apt_offers <package>: after a fresh look at what there is.
apt_offers() {
  installed "$1" && return
  as_root apt-get update -q >/dev/null 2>&1 || say 'apt-get update failed; going on with the lists that are here'
  apt-cache show "$1" >/dev/null 2>&1
}

need_program() { # <program> <what to do>
  command -v "$1" >/dev/null || fail "$1 is not installed; $2"
}

# ---- wasm ----

setup_wasm() {
  setup_compiler
  setup_wasm_bindgen
  setup_wasm_opt
}

setup_compiler() {
  case ${PORTCULLIS_WASM_TOOLCHAIN:-} in
    rustup) setup_rustup || fail 'the compiler on PATH has no wasm32 target, and rustup cannot add it' ;;
    debian) setup_debian ;;
    '')
      if [ "$(wasm_way)" = none ] && ! setup_rustup; then
        say "trying Debian's compiler"
        setup_debian
      fi
      ;;
    *) fail "PORTCULLIS_WASM_TOOLCHAIN is \"$PORTCULLIS_WASM_TOOLCHAIN\"; it may be rustup or debian" ;;
  esac
  say "compiler for $wasm_target: $(use_wasm_toolchain && rustc --version) ($(wasm_way))"
}

setup_rustup() {
  has_target rustc && return
  if ! command -v rustup >/dev/null; then
    say 'there is no rustup'
    return 1
  fi
  say "rustup target add $wasm_target"
  rustup target add "$wasm_target" && has_target rustc
}

# Debian carries a current compiler for its browsers, with the source of the standard library, but without that
# library for wasm32. It is built here once, into a sysroot of our own that borrows the rest from /usr.
setup_debian() {
  debian_ready && return
  command -v apt-get >/dev/null || fail "this system has no apt; install Rust with rustup, then \"rustup target add $wasm_target\""
  apt_offers rustc-web || fail "this system's apt offers no rustc-web; install Rust with rustup, then \"rustup target add $wasm_target\""
  apt_install rustc-web cargo-web rust-web-src rust-web-clippy || fail "apt could not install rustc-web; if rustc, cargo or rustup is installed as a Debian package, remove that first"

  local host llvm linker program
  host=$(/usr/bin/rustc --version --verbose | sed -n 's/^host: //p')
  llvm=$(/usr/bin/rustc --version --verbose | sed -n 's/^LLVM version: \([0-9]*\).*/\1/p')
  linker=/usr/bin/lld-$llvm
  # An older linker may not read the objects of a newer LLVM.
  [ -x "$linker" ] || apt_install "lld-$llvm" || fail "rustc-web is built on LLVM $llvm, and apt could not install lld-$llvm"

  local toolchain
  toolchain=$(debian_toolchain)
  say "building the standard library for $wasm_target (about a minute)"
  local scratch=$toolchain.building
  rm -rf "$scratch" "$toolchain"
  mkdir -p "$scratch/crate/src" "$scratch/bin" "$scratch/lib/rustlib/$host/bin" "$scratch/lib/rustlib/$wasm_target/lib"
  printf '#![no_std]\n' >"$scratch/crate/src/lib.rs"
  cat >"$scratch/crate/Cargo.toml" <<'TOML'
[package]
name = "portcullis-sysroot"
version = "0.0.0"
edition = "2024"

[profile.release]
panic = "abort"

[workspace]
TOML
  # Without the bitcode every later build with `lto = true` fails: "Can't find section .llvmbc". Panic messages name
  # files, and are not to name the folders of whoever builds.
  (
    cd "$scratch/crate"
    unset CARGO_BUILD_TARGET CARGO_TARGET_DIR CARGO_ENCODED_RUSTFLAGS RUSTC_WRAPPER RUSTC_WORKSPACE_WRAPPER
    RUSTC=/usr/bin/rustc RUSTC_BOOTSTRAP=1 RUSTFLAGS="-Cembed-bitcode=yes --remap-path-prefix=${CARGO_HOME:-$HOME/.cargo}=cargo" /usr/bin/cargo build --quiet --release \
      --target "$wasm_target" -Zbuild-std=std,panic_abort,panic_unwind,proc_macro,test
  ) || fail 'the standard library does not build (above)'
  find "$scratch/crate/target/$wasm_target/release/deps" -name '*.rlib' ! -name 'libportcullis_sysroot-*' \
    -exec cp {} "$scratch/lib/rustlib/$wasm_target/lib/" \;
  rm -rf "$scratch/crate"

  ln -s "/usr/lib/rustlib/$host/lib" "$scratch/lib/rustlib/$host/lib"
  ln -s "$linker" "$scratch/lib/rustlib/$host/bin/rust-lld" # rustc looks for its linker beside its library
  ln -s /usr/bin/cargo /usr/bin/cargo-clippy "$scratch/bin/"
  for program in rustc rustdoc; do
    printf '#!/bin/sh\nexec /usr/bin/%s --sysroot "%s" "$@"\n' "$program" "$toolchain" >"$scratch/bin/$program"
    chmod +x "$scratch/bin/$program"
  done
  mv "$scratch" "$toolchain"
  debian_ready || fail "the toolchain in $toolchain is not whole"
}

# cargo_install <crate> <version> <folder>: without --locked, because a crate's own lock file may name a version that
# has been withdrawn since.
cargo_install() {
  need_program cargo 'install Rust with rustup'
  say "installing $1 $2 (some minutes)"
  nice cargo install --quiet --root "$3" "$1" --version "=$2" || fail "cargo could not install $1 $2"
}

has_version() { # <program> <version>
  case " $("$1" --version 2>/dev/null) " in *" $2 "*) ;; *) return 1 ;; esac
}

setup_wasm_bindgen() {
  [ -n "$wasm_bindgen_version" ] || fail 'Cargo.lock names no wasm-bindgen'
  if ! has_version wasm-bindgen "$wasm_bindgen_version" || ! command -v wasm-bindgen-test-runner >/dev/null; then
    cargo_install wasm-bindgen-cli "$wasm_bindgen_version" "$wasm_bindgen_root"
  fi
  say "wasm-bindgen $wasm_bindgen_version"
}

setup_wasm_opt() {
  if ! has_version wasm-opt "${binaryen_version%%.*}"; then
    need_node
    say "installing wasm-opt from the npm package binaryen $binaryen_version"
    mkdir -p "$binaryen_root"
    npm install --silent --no-save --no-package-lock --ignore-scripts --prefix "$binaryen_root" "binaryen@$binaryen_version" ||
      fail "npm could not install binaryen $binaryen_version"
  fi
  say "wasm-opt ${binaryen_version%%.*}"
}

# ---- wasm-pack ----

setup_wasm_pack() {
  has_version wasm-pack "$wasm_pack_version" || cargo_install wasm-pack "$wasm_pack_version" "$wasm_pack_root"
  say "wasm-pack $wasm_pack_version"
}

# ---- chromium ----

setup_chromium() {
  if [ -z "${CHROMIUM:-}" ] || [ -z "${CHROMEDRIVER:-}" ]; then
    local advice='put a Chromium and the chromedriver of its version on PATH, or name them in CHROMIUM and CHROMEDRIVER'
    command -v apt-get >/dev/null || fail "this system has no apt; $advice"
    apt_offers chromium-driver || fail "this system's apt offers no chromium-driver; $advice"
    apt_install chromium chromium-driver || fail "apt could not install chromium; $advice"
    CHROMIUM=$(first_of chromium) || fail "apt installed no chromium; $advice"
    CHROMEDRIVER=$(first_of chromedriver) || fail "apt installed no chromedriver; $advice"
  fi
  say "Chromium: $CHROMIUM, driver: $CHROMEDRIVER"
}

# ---- firefox ----

setup_firefox() {
  if [ -z "${FIREFOX:-}" ]; then
    local advice='put a Firefox on PATH, or name it in FIREFOX'
    command -v apt-get >/dev/null || fail "this system has no apt; $advice"
    apt_offers firefox-esr || fail "this system's apt offers no firefox-esr; $advice"
    apt_install firefox-esr || fail "apt could not install firefox-esr; $advice"
    FIREFOX=$(first_of firefox-esr) || fail "apt installed no firefox-esr; $advice"
  fi
  say "Firefox: $FIREFOX"
}

# ---- redis ----

setup_redis() {
  if [ -z "${REDIS_SERVER:-}" ]; then
    local advice='put a redis-server of version 6.2 or later on PATH, or name it in REDIS_SERVER'
    command -v apt-get >/dev/null || fail "this system has no apt; $advice"
    apt_offers redis-server || fail "this system's apt offers no redis-server; $advice"
    apt_install redis-server || fail "apt could not install redis-server; $advice"
    REDIS_SERVER=$(first_of redis-server) || fail "apt installed no redis-server; $advice"
  fi
  say "Redis: $REDIS_SERVER"
}

# ---- node-modules ----

need_node() {
  need_program npm 'install Node 20 or later'
  local node
  node=$(node --version)
  node=${node#v}
  [ "${node%%.*}" -ge 20 ] || fail "Node is $node; 20 or later is needed"
}

setup_node_modules() { # <folder>...
  need_node
  local folder lock
  for folder in "$@"; do
    lock=$repository/$folder/package-lock.json
    [ -f "$lock" ] || continue
    # npm writes its hidden lock file last, so it is as old as the installation.
    if [ "$lock" -nt "$repository/$folder/node_modules/.package-lock.json" ]; then
      say "npm ci in $folder"
      (cd "$repository/$folder" && npm ci --no-audit --no-fund --loglevel=error) || fail "npm ci failed in $folder"
    fi
    say "npm packages of $folder"
  done
}

mkdir -p "$tools"
if [ $# = 0 ]; then set -- wasm wasm-pack chromium firefox redis node-modules; fi
for component in "$@"; do
  case $component in
    wasm) setup_wasm ;;
    wasm-pack) setup_wasm_pack ;;
    chromium) setup_chromium ;;
    firefox) setup_firefox ;;
    redis) setup_redis ;;
    node-modules) setup_node_modules www tests/web ;;
    node-modules/*) setup_node_modules "${component#node-modules/}" ;;
    *) fail "there is no \"$component\" to set up; there are wasm, wasm-pack, chromium, firefox, redis and node-modules" ;;
  esac
done
