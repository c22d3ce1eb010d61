#!/usr/bin/env bash
# Makes target/conformance/wasm/ and wasm-full/: the door of the conformance suites, compiled as guard.wasm and full.wasm
# are, and its glue.
set -euo pipefail
# shellcheck source=scripts/env.sh
. "$(dirname "${BASH_SOURCE[0]}")/../../scripts/env.sh"
cd "$repository"

use_wasm_toolchain
RUSTFLAGS=$(wasm_rustflags)
export RUSTFLAGS

make_door() { # <name> <features>
  cargo build --quiet --example conformance --profile wasm --target "$wasm_target" \
    --no-default-features --features "$2,conformance" --target-dir target/wasm
  wasm-bindgen "target/wasm/$wasm_target/wasm/examples/conformance.wasm" --target web --omit-default-module-path \
    --out-name core --out-dir "target/conformance/$1"
}
make_door wasm wasm
make_door wasm-full wasm,full
