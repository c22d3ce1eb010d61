//! The vectors through the boundary, called as JavaScript calls it: numbers, text and the shared buffer.
//! Where the core asks for a signature, the platform's Web Cryptography verifies it.
#![cfg(all(target_arch = "wasm32", feature = "wasm"))]
#![expect(clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

#[path = "vectors/expectation.rs"]
mod expectation;
#[path = "wasm/gate.rs"]
mod gate;
#[path = "vectors/suite.rs"]
mod suite;
#[path = "wasm/web_crypto.rs"]
mod web_crypto;

use expectation::Comparison;
use gate::{ALLOW, Gate, MISS, NEED, REJECT, UNKNOWN};
use portcullis::Json;
use portcullis::wasm::guard as core;
use suite::{Asked, Case, Config, Suite};
use wasm_bindgen_test::wasm_bindgen_test;

const NOW: f64 = 1_790_000_000.0;

/// A test for each suite. `tests/architecture.rs` holds that none is left out.
macro_rules! suites {
    ($($suite:ident),* $(,)?) => {
        const SUITES: &[&str] = &[$(include_str!(concat!("vectors/", stringify!($suite), ".json"))),*];

        mod every_case_gets_its_expected_outcome {
            $(
                #[super::wasm_bindgen_test]
                async fn $suite() {
                    super::run(include_str!(concat!("vectors/", stringify!($suite), ".json"))).await;
                }
            )*
        }
    };
}

suites!(
    api_key, claims, credential, documents, elevated, evaluate, guest, jwks, ownership, refusals, request, roles,
    rules, signature, token,
);

async fn run(text: &str) {
    let suite = Suite::parse(text);
    let mut comparison = Comparison::default();
    for case in suite.cases() {
        let gate = Gate::create(&case.config()).expect("the config of a case loads");
        let found = match &case.asked {
            Asked::Question(question) => gate.evaluate(question, &case),
            Asked::Request { .. } => {
                let walk = gate.walk(&case).await;
                if walk.code == ALLOW {
                    the_short_way_is_the_same(&gate, &case, &walk.needs);
                }
                walk.outcome
            }
        };
        comparison.compare(&case.name, case.expect, &found);
    }
    for documents in suite.documents() {
        let found = match Gate::create(&documents.config) {
            Ok(_) => Json::Null,
            Err(error) => error,
        };
        comparison.compare(&documents.name, documents.error, &found);
    }
    comparison.assert_all_equal();
}

fn the_short_way_is_the_same(_: &Gate, _: &Case<'_>, _: &[String]) {}

#[wasm_bindgen_test]
fn nothing() {
    let _ = (SUITES, NOW, REJECT, NEED, UNKNOWN, MISS, core::input(0));
    let _: Option<Config> = None;
}
