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
use portcullis::{Guard, Json, Outcome};
use suite::Case;

#[test]
fn every_case_gets_its_expected_outcome() {
    let mut comparison = Comparison::default();
    for suite in process::suites() {
        for case in suite.cases() {
            let guard = process::guard(&case.config()).expect("the config of a case loads");
            comparison.compare(&case.name, case.expect, &found(&guard, &case));
        }
    }
    comparison.assert_all_equal();
}

#[test]
fn every_document_loads_or_says_what_is_wrong() {
    let mut comparison = Comparison::default();
    for suite in process::suites() {
        for documents in suite.documents() {
            let found = match process::guard(&documents.config) {
                Ok(_) => Json::Null,
                Err(error) => expectation::error(error.document.name(), &error.path, error.code()),
            };
            comparison.compare(&documents.name, documents.error, &found);
        }
    }
    comparison.assert_all_equal();
}

fn found(guard: &Guard, case: &Case<'_>) -> Json {
    match process::answer(guard, case) {
        Err(decision) => decision,
        Ok(Outcome::Allow(grant)) => expectation::allowed(grant.to_json(guard), grant.event(guard, None).reason),
        Ok(Outcome::Reject(refused)) => {
            let rejection = refused.rejection();
            let found = expectation::refused(&rejection.to_json(), refused.event(guard, None).reason);
            assert_eq!(found.member("body").and_then(Json::as_str), Some(rejection.body().as_str()), "{}", case.name);
            found
        }
        Ok(Outcome::Need(need)) => panic!("{}: the loop does not end at {need:?}", case.name),
    }
}

/// A server shares one guard among its threads.
#[test]
fn a_guard_is_shared_among_threads() {
    fn is_shared<T: Send + Sync>() {}
    is_shared::<Guard>();
}
