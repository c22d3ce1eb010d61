//! The conformance suites: Wycheproof's signatures and MACs, and the examples of the RFCs. `make conformance` runs
//! them and prints the table; the other verifiers are then asked the same cases by tests/web/conformance.test.mjs.
#![cfg(not(target_arch = "wasm32"))]
#![expect(clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

#[path = "conformance/der.rs"]
mod der;
#[path = "conformance/deviations.rs"]
mod deviations;
#[path = "conformance/edges.rs"]
mod edges;
#[path = "conformance/keys.rs"]
mod keys;
#[path = "conformance/report.rs"]
mod report;
#[path = "conformance/rfc.rs"]
mod rfc;
#[path = "conformance/set.rs"]
mod set;
#[path = "conformance/wycheproof.rs"]
mod wycheproof_sets;
