#!/usr/bin/env bash
# Makes target/conformance/wasm/: the door of the conformance suites, compiled as guard.wasm is, and its glue.
set -euo pipefail
# shellcheck source=scripts/env.sh
. "$(dirname "${BASH_SOURCE[0]}")/../../scripts/env.sh"
cd "$repository"

use_wasm_toolchain
RUSTFLAGS=$(wasm_rustflags)
export RUSTFLAGS

cargo build --quiet --example conformance --profile wasm --target "$wasm_target" \
  --no-default-features --features wasm,conformance --target-dir target/wasm
wasm-bindgen "target/wasm/$wasm_target/wasm/examples/conformance.wasm" --target web --omit-default-module-path \
  --out-name core --out-dir target/conformance/wasm
