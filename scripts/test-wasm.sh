#!/usr/bin/env bash
# Runs the wasm-bindgen tests with wasm-pack: scripts/test-wasm.sh node|chrome
set -euo pipefail
# shellcheck source=scripts/env.sh
. "$(dirname "${BASH_SOURCE[0]}")/env.sh"
cd "$repository"

use_wasm_toolchain
export CARGO_TARGET_DIR=$repository/target/wasm
case ${1:-} in
  node) where=(--node) ;;
  chrome)
    where=(--headless --chrome --chromedriver "$CHROMEDRIVER")
    # Without it the tests that do not say where they run are left out.
    export WASM_BINDGEN_USE_BROWSER=1
    export WASM_BINDGEN_TEST_TIMEOUT=300 # seconds for all tests; 20 are few for an unoptimised build
    ;;
  *)
    printf 'usage: scripts/test-wasm.sh node|chrome\n' >&2
    exit 2
    ;;
esac

log=$CARGO_TARGET_DIR/test-$1.log
mkdir -p "$CARGO_TARGET_DIR"
# What guard.wasm is made of, and what full.wasm is.
for features in wasm wasm,full; do
  # no-install: the tools are those of setup.sh, and wasm-pack fetches none of its own.
  wasm-pack test "${where[@]}" --mode no-install -- --no-default-features --features "$features" --test wasm 2>&1 | tee "$log"

  # wasm-pack exits 0 where no test ran at all.
  if ! grep -q '^test result: ok\. [1-9][0-9]* passed' "$log"; then
    printf 'test: wasm-pack ran no test in %s with %s\n' "$1" "$features" >&2
    exit 1
  fi
done
