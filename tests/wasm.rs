//! The vectors through the boundary, called as JavaScript calls it: numbers, text and the shared buffer.
//! Where the core asks for a signature, the platform's Web Cryptography verifies it.
#![cfg(all(target_arch = "wasm32", feature = "wasm"))]
#![expect(clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

#[path = "vectors/expectation.rs"]
mod expectation;
#[path = "wasm/gate.rs"]
mod gate;
#[path = "wasm/in_flight.rs"]
mod in_flight;
#[path = "wasm/misuse.rs"]
mod misuse;
#[cfg(feature = "full")]
#[path = "wasm/reload.rs"]
mod reload;
#[path = "wasm/short_way.rs"]
mod short_way;
#[path = "vectors/suite.rs"]
mod suite;
#[path = "wasm/web_crypto.rs"]
mod web_crypto;

use std::collections::BTreeMap;

use expectation::Comparison;
use gate::{ALLOW, Gate, Host, NEED, TIME, parse, text, write};
use portcullis::Json;
use portcullis::wasm::{guard as core, questions};
use suite::{Asked, Case, Config, Documents, Step, Suite};
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
    api_key,
    api_key_store,
    api_key_store_documents,
    assignments,
    binding_documents,
    break_glass,
    certificate,
    challenge,
    claims,
    condition_documents,
    conditions,
    credential,
    discovery,
    documents,
    dpop,
    dpop_proof,
    elevated,
    elevated_rules,
    evaluate,
    explain,
    fields,
    gates,
    guest,
    id_token,
    introspection,
    jwks,
    key_sets,
    lists,
    ownership,
    padding,
    peers_auth0,
    peers_fast_jwt,
    peers_jose,
    pem,
    presets,
    refusals,
    request,
    revocation,
    roles,
    rules,
    separation,
    signature,
    subjects,
    token,
);

/// The suite of that name. To parse them all takes an unoptimised build seconds, in which a browser does not answer.
fn suite_of(name: &str) -> Suite {
    let head = format!("{{\n  \"suite\": \"{name}\",");
    Suite::parse(SUITES.iter().find(|text| text.starts_with(&head)).expect("a suite of that name"))
}

async fn run(text: &str) {
    let suite = Suite::parse(text);
    let mut comparison = Comparison::default();
    // A question leaves nothing behind in a guard.
    let mut decision_points: BTreeMap<&str, Gate> = BTreeMap::new();
    for case in suite.cases() {
        let made = || Gate::create(&case.config()).expect("the config of a case loads");
        if is_for_this_core(&case) && case.asks_alone() {
            run_case(&case, decision_points.entry(case.config_name).or_insert_with(made), &mut comparison).await;
        } else if is_for_this_core(&case) {
            run_case(&case, &made(), &mut comparison).await;
        } else {
            comparison.compare(&case.name, &left_out(&case.config()), &code_of(&case.config()));
        }
    }
    for documents in suite.documents() {
        let Documents { name, config, error, is_full } = documents;
        if is_full && !IS_WHOLE {
            comparison.compare(&name, &left_out(&config), &code_of(&config));
        } else {
            comparison.compare(&name, error, &Gate::create(&config).err().unwrap_or_default());
        }
    }
    comparison.assert_all_equal();
}

/// Else it leaves out what stands in `portcullis/full` alone, and documents that ask for it do not load.
const IS_WHOLE: bool = cfg!(feature = "full");

fn is_for_this_core(case: &Case<'_>) -> bool {
    IS_WHOLE || !case.is_full()
}

/// How it says so: of `apiKeyStore` it has not even the name.
fn left_out(config: &Config) -> Json {
    let is_unknown = config.trust.as_ref().is_some_and(|trust| trust.contains("\"apiKeyStore\":"));
    Json::from(if is_unknown { "unknown_member" } else { "unsupported" })
}

fn code_of(config: &Config) -> Json {
    let error = Gate::create(config).err();
    error.and_then(|error| error.member("code").cloned()).unwrap_or_default()
}

async fn run_case<'a>(case: &Case<'a>, gate: &Gate, comparison: &mut Comparison) {
    let mut host = Host::default();
    let mut kept = short_way::Kept::default();
    for step in &case.steps {
        gate.push(step);
        let found = match &step.asked {
            Asked::Question(question) => gate.evaluate(question, step),
            Asked::Why(question) => expectation::explained(gate.explain(question, step), step.expect),
            Asked::List { question, elevated } => gate.list(question, *elevated, step),
            Asked::Request { .. } => {
                let short = kept.answer(gate, step);
                let walk = gate.walk(step, &mut host).await;
                kept.compare(gate, step, short, &walk);
                if walk.code == ALLOW && case.steps.len() == 1 {
                    short_way::answers_as_the_full_one(gate, step, &walk.needs);
                }
                walk.outcome
            }
        };
        let unsupported = Json::from("unsupported");
        let is_unsupported = !IS_WHOLE && matches!(step.asked, Asked::List { .. });
        comparison.compare(&step.name, if is_unsupported { &unsupported } else { step.expect }, &found);
        if let Some(asked) = step.expected_asks() {
            comparison.compare(&step.name, asked, &host.asked.clone().into());
        }
    }
}

/// Else the suites above would prove nothing of Web Cryptography.
#[wasm_bindgen_test]
fn the_host_is_asked_for_each_algorithm_that_it_verifies() {
    let mut asked: Vec<String> = Vec::new();
    for case in suite_of("signature").cases() {
        let gate = Gate::create(&case.config()).expect("the config of a case loads");
        let step = case.first();
        if gate.check(&gate.fields(&step.asked), gate::moment(step)) == NEED {
            let need = parse(&core::need(gate.number));
            assert_eq!(text(&need, "need"), "signature", "{}", case.name);
            asked.push(gate.signed().algorithm);
        }
    }
    asked.sort();
    asked.dedup();
    let mut hosted = vec!["ES256", "ES384", "ES512", "PS256", "PS384", "PS512", "RS256", "RS384", "RS512"];
    if !IS_WHOLE {
        hosted.insert(3, "EdDSA");
    }
    assert_eq!(asked, hosted);
}

#[wasm_bindgen_test]
fn can_answers_as_evaluate_does() {
    let suites: Vec<Suite> = SUITES.iter().map(|text| Suite::parse(text)).collect();
    let mut answers = [0, 0];
    for case in suites.iter().flat_map(Suite::cases).filter(is_for_this_core) {
        let Step { asked: Asked::Question(question), .. } = case.first() else { continue };
        let is_justified = question.member("context").and_then(|context| context.member("justification")).is_some();
        let Some(permission) = permission(question).filter(|_| !is_justified) else { continue };
        // It hands over no context, nor what an action or a resource says beside its attributes.
        let says_more = ["action", "resource"].into_iter().filter_map(|name| question.member(name)).any(|own| {
            own.member("properties").is_some_and(|_| question.member("action") == Some(own))
                || own.member("id").is_some()
        });
        if question.member("context").is_some() || says_more {
            continue;
        }
        let Some(subject) = question.member("subject").map(Json::to_text) else { continue };
        let gate = Gate::create(&case.config()).expect("the config of a case loads");
        let subject = questions::subject(gate.number, write(subject.as_bytes()));
        if subject == 0 {
            continue;
        }
        let properties = question.member("resource").and_then(|resource| resource.member("properties"));
        let instance = properties.map(|properties| gate.instance(&permission, properties)).unwrap_or_default();
        let permission = questions::permission(gate.number, write(permission.as_bytes()));
        let length = write(instance.as_bytes());
        let can = questions::can(gate.number, subject, permission, length, gate::moment(case.first()));
        // Twice, because what hangs on the subject alone is remembered; and no answer where the time matters.
        for _ in 0..2 {
            let timeless = questions::can(gate.number, subject, permission, length, f64::NAN);
            assert!(timeless == can || timeless == TIME, "{}: {can}, {timeless}", case.name);
        }
        assert_eq!(case.first().expect.member("decision"), Some(&Json::Bool(can == ALLOW)), "{}: {can}", case.name);
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
