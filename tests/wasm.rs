//! The vectors through the boundary, called as JavaScript calls it: numbers, text and the shared buffer.
//! Where the core asks for a signature, the platform's Web Cryptography verifies it.
#![cfg(all(target_arch = "wasm32", feature = "wasm"))]
#![expect(clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

#[path = "vectors/expectation.rs"]
mod expectation;
#[path = "wasm/gate.rs"]
mod gate;
#[path = "wasm/misuse.rs"]
mod misuse;
#[path = "wasm/short_way.rs"]
mod short_way;
#[path = "vectors/suite.rs"]
mod suite;
#[path = "wasm/web_crypto.rs"]
mod web_crypto;

use expectation::Comparison;
use gate::{ALLOW, Gate, NEED, parse, text, write};
use portcullis::Json;
use portcullis::wasm::guard as core;
use suite::{Asked, Suite};
use wasm_bindgen_test::wasm_bindgen_test;

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
                    short_way::answers_as_the_full_one(&gate, &case, &walk.needs);
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

/// Else the suites above would prove nothing of Web Cryptography.
#[wasm_bindgen_test]
fn the_host_is_asked_for_each_algorithm_that_it_verifies() {
    let suites: Vec<Suite> = SUITES.iter().map(|text| Suite::parse(text)).collect();
    let mut asked: Vec<String> = Vec::new();
    for case in suites.iter().filter(|suite| suite.name == "signature").flat_map(Suite::cases) {
        let gate = Gate::create(&case.config()).expect("the config of a case loads");
        if gate.check(&gate.fields(&case.asked), gate::moment(&case)) == NEED {
            let need = parse(&core::need(gate.number));
            assert_eq!(text(&need, "need"), "signature", "{}", case.name);
            asked.push(text(&need, "algorithm").to_owned());
        }
    }
    asked.sort();
    asked.dedup();
    assert_eq!(asked, ["ES256", "ES384", "ES512", "PS256", "PS384", "PS512", "RS256", "RS384", "RS512"]);
}

#[wasm_bindgen_test]
fn can_answers_as_evaluate_does() {
    let suites: Vec<Suite> = SUITES.iter().map(|text| Suite::parse(text)).collect();
    let mut answers = [0, 0];
    for case in suites.iter().flat_map(Suite::cases) {
        let Asked::Question(question) = &case.asked else { continue };
        let is_justified = question.member("context").and_then(|context| context.member("justification")).is_some();
        let Some(permission) = permission(question).filter(|_| !is_justified) else { continue };
        let Some(subject) = question.member("subject").map(Json::to_text) else { continue };
        let gate = Gate::create(&case.config()).expect("the config of a case loads");
        let subject = core::subject(gate.number, write(subject.as_bytes()));
        if subject == 0 {
            continue;
        }
        let permission = core::permission(gate.number, write(permission.as_bytes()));
        let properties = question.member("resource").and_then(|resource| resource.member("properties"));
        let length = write(properties.map(Json::to_text).unwrap_or_default().as_bytes());
        let can = core::can(gate.number, subject, permission, length, gate::moment(&case));
        assert_eq!(case.expect.member("decision"), Some(&Json::Bool(can == ALLOW)), "{}: {can}", case.name);
        if let Some(count) = usize::try_from(can).ok().and_then(|can| answers.get_mut(can)) {
            *count += 1;
        }
    }
    assert!(answers.iter().all(|count| *count >= 10), "both answers are there: {answers:?}");
}

/// The permission of a question, where it has the form of one.
fn permission(question: &Json) -> Option<String> {
    let action = question.member("action")?;
    let action = action.as_str().or_else(|| action.member("name")?.as_str())?;
    let Some(resource) = question.member("resource") else { return Some(action.to_owned()) };
    let kind = resource.member("type")?.as_str()?;
    Some(if action.starts_with(&format!("{kind}:")) { action.to_owned() } else { format!("{kind}:{action}") })
}
