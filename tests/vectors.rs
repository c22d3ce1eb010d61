//! The language-neutral vectors, natively. The other runners compare the same bytes.
#![cfg(not(target_arch = "wasm32"))]
#![expect(clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

#[path = "vectors/expectation.rs"]
mod expectation;
#[path = "vectors/process.rs"]
mod process;
#[path = "vectors/suite.rs"]
mod suite;

use std::collections::BTreeMap;

use expectation::Comparison;
use portcullis::json::Object;
use portcullis::{Guard, Json};
use suite::Step;

#[test]
fn every_case_gets_its_expected_outcome() {
    let mut comparison = Comparison::default();
    for suite in process::suites() {
        // A question leaves nothing behind in a guard.
        let mut decision_points: BTreeMap<&str, Guard> = BTreeMap::new();
        for case in suite.cases() {
            let made = || process::guard(&case.config()).unwrap_or_else(|error| panic!("{}: {error}", case.name));
            let mut own = None;
            let guard = if case.asks_alone() {
                decision_points.entry(case.config_name).or_insert_with(made)
            } else {
                own.insert(made())
            };
            for (step, found) in case.steps.iter().zip(process::found(guard, &case)) {
                comparison.compare(&step.name, &expected(step), &found);
            }
        }
    }
    comparison.assert_all_equal();
}

#[test]
fn every_document_loads_or_says_what_is_wrong() {
    let mut comparison = Comparison::default();
    for suite in process::suites() {
        for documents in suite.documents() {
            comparison.compare(&documents.name, documents.error, &process::error(&documents.config));
        }
    }
    comparison.assert_all_equal();
}

/// What is expected of a step, with what the host is to be asked where the vector says.
fn expected(step: &Step<'_>) -> Json {
    match (step.expect, step.expected_asks()) {
        (Json::Object(expected), Some(asked)) => {
            let mut expected: Object = expected.clone();
            expected.set("asked", asked.clone());
            expected.into()
        }
        (expected, _) => expected.clone(),
    }
}

/// A server shares one guard among its threads.
#[test]
fn a_guard_is_shared_among_threads() {
    fn is_shared<T: Send + Sync>() {}
    is_shared::<Guard>();
}
