//! What holds for every input, tried on many: the same ones at each run. `PROPTEST_RNG_SEED=7` tries others, and
//! `TIMES=10` ten times as many.
#![cfg(not(target_arch = "wasm32"))]
#![expect(clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

#[path = "properties/authzen.rs"]
mod authzen;
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
#[path = "properties/reference.rs"]
mod reference;
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
    let times = std::env::var("TIMES").ok().and_then(|times| times.parse().ok()).unwrap_or(1);
    Config {
        cases: count.saturating_mul(times),
        rng_seed: RngSeed::Fixed(1),
        failure_persistence: None,
        max_local_rejects: u32::MAX,
        max_global_rejects: u32::MAX,
        ..Config::default()
    }
}
