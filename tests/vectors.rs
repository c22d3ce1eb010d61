//! The language-neutral vectors, natively. The other runners compare the same bytes.
#![cfg(not(target_arch = "wasm32"))]
#![expect(clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

#[path = "vectors/expectation.rs"]
mod expectation;
#[path = "vectors/process.rs"]
mod process;
#[path = "vectors/suite.rs"]
mod suite;

use expectation::Comparison;
use portcullis::Guard;

#[test]
fn every_case_gets_its_expected_outcome() {
    let mut comparison = Comparison::default();
    for suite in process::suites() {
        for case in suite.cases() {
            let guard = process::guard(&case.config()).expect("the config of a case loads");
            comparison.compare(&case.name, case.expect, &process::found(&guard, &case));
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

/// A server shares one guard among its threads.
#[test]
fn a_guard_is_shared_among_threads() {
    fn is_shared<T: Send + Sync>() {}
    is_shared::<Guard>();
}
