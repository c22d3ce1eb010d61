//! What holds for every input, tried on many: the same ones at each run. `PROPTEST_RNG_SEED=7` tries others, and
//! `PROPTEST_CASES=2560` ten times as many: 256 is as it is.
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
    let told = Config::default();
    Config {
        cases: count.saturating_mul(told.cases) / 256,
        rng_seed: if told.rng_seed == RngSeed::Random { RngSeed::Fixed(1) } else { told.rng_seed },
        failure_persistence: None,
        max_local_rejects: u32::MAX,
        max_global_rejects: u32::MAX,
        ..told
    }
}
