#!/usr/bin/env bash
# Makes a wasm file and the glue beside it, core.js, which www/build.mjs puts into the npm package:
# scripts/build-wasm.sh guard|server|full|issuer makes target/guard/guard.wasm, which is downloaded and small;
# target/server/server.wasm, the same for servers, which is fast; target/full/full.wasm, which has everything; or
# target/issuer/issuer.wasm, the sign-in side.
# Prints the size, and how far it is from the budget, which is an error to be over.
set -euo pipefail
# shellcheck source=scripts/env.sh
. "$(dirname "${BASH_SOURCE[0]}")/env.sh"
cd "$repository"

case ${1:-} in
  guard)
    features=wasm
    profile=wasm
    sha2_as_loops=yes
    budget_bytes=102400 # in gzip; the goal in the design is 100 KB
    ;;
  server)
    features=wasm
    profile=wasm-server
    sha2_as_loops=
    budget_bytes=150000
    ;;
  full)
    features=wasm,full
    profile=wasm-server
    sha2_as_loops=
    budget_bytes=260000
    ;;
  issuer)
    features=wasm-issuer
    profile=wasm-server
    sha2_as_loops=
    budget_bytes=200000
    ;;
  *)
    printf 'usage: scripts/build-wasm.sh guard|server|full|issuer\n' >&2
    exit 2
    ;;
esac
name=$1
output=target/$name
compiled=target/wasm/$wasm_target/$profile/portcullis.wasm

use_wasm_toolchain

# The flags name the folder that the crates are in, so they are fetched first.
cargo fetch --quiet --target "$wasm_target"
RUSTFLAGS=$(wasm_rustflags $sha2_as_loops)
# It keeps its panics, and so their places: those of the standard library too, where its source is installed.
if [ "$name" = issuer ]; then RUSTFLAGS+=" --remap-path-prefix=$(rustc --print sysroot)/lib/rustlib/src/rust=rust"; fi
export RUSTFLAGS

printf 'build: cargo, for %s, with %s\n' "$wasm_target" "$features"
cargo build --lib --profile "$profile" --target "$wasm_target" --no-default-features --features "$features" --target-dir target/wasm

# The names of functions are of use until the end of the first step of squeeze.mjs.
printf 'build: wasm-bindgen\n'
mkdir -p "$output"
wasm-bindgen "$compiled" --target web --omit-default-module-path --remove-producers-section --out-name core --out-dir "$output"

# The features are named one by one: --all-features writes encodings that Node 20 to 26 refuse.
opt() {
  wasm-opt --quiet --enable-bulk-memory --enable-bulk-memory-opt --enable-nontrapping-float-to-int --enable-sign-ext \
    --enable-mutable-globals --enable-reference-types --enable-multivalue "$@"
}

# Low memory is the far end of the stack, so no pointer to a thing stands there.
printf 'build: wasm-opt\n'
opt "$output/core_bg.wasm" --debuginfo --strip-target-features --emit-text --output "$output/named.wat"
# What issuer.wasm has to say it says with the standard library's formatting, which the others are without.
if [ "$name" = issuer ]; then mv "$output/named.wat" "$output/trapping.wat"; else node scripts/squeeze.mjs trap "$output/named.wat" "$output/trapping.wat"; fi
if [ "$name" = guard ]; then
  opt "$output/trapping.wat" -Oz --low-memory-unused --one-caller-inline-max-function-size=0 --flatten --rereloop -Oz -Oz -Oz --coalesce-locals-learning --vacuum --emit-text --output "$output/small.wat"
  # The order that compresses best is found by trying.
  smallest=
  for fading in 0.90 0.91 0.92 0.925 0.93 0.94 0.945 0.95 0.96; do
    for rarity in 0.40 0.42 0.45 0.50 0.55 0.57 0.60; do
      node scripts/squeeze.mjs order "$output/small.wat" "$output/ordered.wat" "$fading" "$rarity"
      opt "$output/ordered.wat" --output "$output/ordered.wasm"
      size=$(gzip -9 -n <"$output/ordered.wasm" | wc -c)
      if [ -z "$smallest" ] || [ "$size" -lt "$smallest" ]; then
        smallest=$size
        mv "$output/ordered.wasm" "$output/optimized.wasm"
      fi
    done
  done
else
  opt "$output/trapping.wat" -O3 --low-memory-unused --output "$output/optimized.wasm"
fi

node --input-type=module - "$output/optimized.wasm" "$name" "$budget_bytes" <<'JS'
import { readFileSync } from "node:fs";
import { argv, exit } from "node:process";
import { execFileSync } from "node:child_process";
import { brotliCompressSync } from "node:zlib";

const [path, name, budget] = argv.slice(2);
const wasm = readFileSync(path);
// The program that servers and package tools agree on; Node's own zlib trades size for speed.
const gzip = execFileSync("gzip", ["-9", "-n"], { input: wasm, maxBuffer: wasm.length }).length;
const show = (bytes) => bytes.toLocaleString("en");
const left = Number(budget) - gzip;
console.log(`build: ${name}.wasm is ${show(wasm.length)} bytes, gzip ${show(gzip)}, brotli ${show(brotliCompressSync(wasm).length)}`);
console.log(`build: its budget is ${show(Number(budget))} bytes gzip: ${left < 0 ? `${show(-left)} over it` : `${show(left)} left`}`);
if (left < 0) exit(1);
JS

# The name that make looks at comes last, so that a build that stopped half way is done again.
mv "$output/optimized.wasm" "$output/$name.wasm"
