#!/usr/bin/env bash
# Makes target/guard/guard.wasm and the glue beside it, core.js, which www/build.mjs puts into the npm package.
# Prints the size of guard.wasm, and fails where it is over the budget.
set -euo pipefail
# shellcheck source=scripts/env.sh
. "$(dirname "${BASH_SOURCE[0]}")/env.sh"
cd "$repository"

budget_bytes=102400 # of guard.wasm in gzip; the goal in the design is 100 KB
output=target/guard
compiled=target/wasm/$wasm_target/wasm/portcullis.wasm

use_wasm_toolchain

# SHA-2 as loops: 3 KB less in gzip than unrolled, and no slower to verify a token with.
# Panic messages name files: let them not name the folders of whoever builds.
export RUSTFLAGS="--cfg sha2_backend_soft=\"compact\" --remap-path-prefix=${CARGO_HOME:-$HOME/.cargo}=cargo --remap-path-prefix=$repository=portcullis${RUSTFLAGS:+ $RUSTFLAGS}"

printf 'build: cargo, for %s\n' "$wasm_target"
cargo build --lib --profile wasm --target "$wasm_target" --no-default-features --features wasm --target-dir target/wasm

printf 'build: wasm-bindgen\n'
mkdir -p "$output"
wasm-bindgen "$compiled" --target web --omit-default-module-path --remove-name-section --remove-producers-section \
  --out-name core --out-dir "$output"

# The features are named one by one: --all-features writes encodings that Node 20 to 26 refuse.
printf 'build: wasm-opt\n'
wasm-opt -Oz --one-caller-inline-max-function-size=0 \
  --enable-bulk-memory --enable-bulk-memory-opt --enable-nontrapping-float-to-int --enable-sign-ext \
  --enable-mutable-globals --enable-reference-types --enable-multivalue \
  "$output/core_bg.wasm" --output "$output/optimized.wasm"

node --input-type=module - "$output/optimized.wasm" "$budget_bytes" <<'JS'
import { readFileSync } from "node:fs";
import { argv, exit } from "node:process";
import { brotliCompressSync, gzipSync } from "node:zlib";

const [path, budget] = argv.slice(2);
const wasm = readFileSync(path);
const gzip = gzipSync(wasm, { level: 9 }).length;
const show = (bytes) => bytes.toLocaleString("en");
console.log(`build: guard.wasm is ${show(wasm.length)} bytes, gzip ${show(gzip)}, brotli ${show(brotliCompressSync(wasm).length)}`);
if (gzip > Number(budget)) {
  console.error(`build: that is over the budget of ${show(Number(budget))} bytes gzip`);
  exit(1);
}
JS

# The name that make looks at comes last, so that a build that stopped half way is done again.
mv "$output/optimized.wasm" "$output/guard.wasm"
