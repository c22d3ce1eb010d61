//! What holds for every input, tried on many: the same ones at each run. `PROPTEST_CASES=100000` hunts longer, and
//! `PROPTEST_RNG_SEED=7` elsewhere.
#![cfg(not(target_arch = "wasm32"))]
#![expect(clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

#[path = "properties/documents.rs"]
mod documents;
#[path = "vectors/expectation.rs"]
mod expectation;
#[path = "properties/json.rs"]
mod json;
#[path = "properties/order.rs"]
mod order;
#[path = "vectors/process.rs"]
mod process;
#[path = "properties/requests.rs"]
mod requests;
#[path = "properties/roles.rs"]
mod roles;
#[path = "vectors/suite.rs"]
mod suite;
#[path = "properties/tokens.rs"]
mod tokens;

use proptest::test_runner::{Config, RngSeed};

/// Runs a property on that many inputs.
fn cases(count: u32) -> Config {
    let chosen = |name| std::env::var_os(name).is_some();
    let told = Config::default();
    Config {
        cases: if chosen("PROPTEST_CASES") { told.cases } else { count },
        rng_seed: if chosen("PROPTEST_RNG_SEED") { told.rng_seed } else { RngSeed::Fixed(1) },
        failure_persistence: None,
        max_local_rejects: u32::MAX,
        max_global_rejects: u32::MAX,
        ..told
    }
}
