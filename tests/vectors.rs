//! The language-neutral vectors, natively. The other runners compare the same bytes.
#![cfg(not(target_arch = "wasm32"))]

use std::sync::Arc;

use portcullis::{Answer, Ask, ConfigError, Guard, Json, Outcome, Policy, Request, Trust, UnixTime};

const LOADED: &str = "fails";

#[test]
fn every_vector_gets_its_expected_outcome() {
    let mut failures = Vec::new();
    let mut count = 0;
    let mut files: Vec<_> = std::fs::read_dir("tests/vectors")
        .expect("the vectors")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .collect();
    files.sort();
    for path in files {
        let text = std::fs::read(&path).expect("a readable suite");
        let Ok(suite) = Json::parse(&text) else { panic!("{} is not strict JSON", path.display()) };
        let Some(name) = suite.member("suite").and_then(Json::as_str) else { continue };
        for case in items(&suite, "cases") {
            count += 1;
            check(name, &suite, case, &mut failures);
        }
        for document in items(&suite, "documents") {
            count += 1;
            check_document(name, document, &mut failures);
        }
    }
    assert!(count > 0, "no vectors");
    assert!(failures.is_empty(), "{} of {count} vectors differ:\n{}", failures.len(), failures.join("\n"));
}

fn items<'a>(json: &'a Json, name: &str) -> &'a [Json] {
    json.member(name).and_then(Json::as_array).unwrap_or(&[])
}

fn text<'a>(json: &'a Json, name: &str) -> &'a str {
    json.member(name).and_then(Json::as_str).unwrap_or_else(|| panic!("{name} is missing"))
}

fn guard(config: &Json) -> Result<Guard, ConfigError> {
    let document = |name: &str| match config.member(name) {
        Some(Json::String(text)) => Some(text.clone()),
        Some(other) => Some(other.to_text()),
        None => None,
    };
    let policy = Policy::parse(&document("policy").expect("a policy"))?;
    let kinds: Vec<String> = config
        .member("loaders")
        .and_then(Json::as_array)
        .map(|kinds| kinds.iter().filter_map(Json::as_str).map(str::to_owned).collect())
        .unwrap_or_else(|| if config.member("error").is_some() { Vec::new() } else { declared_types(config) });
    let trust = document("trust").map_or_else(|| Ok(Trust::nobody()), |text| Trust::parse(&text))?;
    let kinds: Vec<&str> = kinds.iter().map(String::as_str).collect();
    Guard::with_loaders(policy, trust, &kinds)
}

/// Every declared resource type has a loader, where a suite does not say otherwise.
fn declared_types(config: &Json) -> Vec<String> {
    let resources = config.member("policy").and_then(|policy| policy.member("resources")).and_then(Json::as_object);
    resources.map(|resources| resources.iter().map(|(name, _)| name.to_owned()).collect()).unwrap_or_default()
}

fn check(suite_name: &str, suite: &Json, case: &Json, failures: &mut Vec<String>) {
    let name = text(case, "name");
    let config = suite.member("configs").and_then(|configs| configs.member(text(case, "config"))).expect("its config");
    let guard = match guard(config) {
        Ok(guard) => guard,
        Err(error) => return failures.push(format!("{suite_name}/{name}: its config does not load: {error}")),
    };
    let Some(Json::Integer(now)) = case.member("now") else { panic!("{name}: now is missing") };
    let now = UnixTime::from_seconds(*now);
    let expect = case.member("expect").expect("an expectation");
    if let Some(question) = case.member("ask") {
        let found = guard.evaluate_json(question, now).to_text();
        if found != expect.to_text() {
            failures.push(format!("{suite_name}/{name}:\n  expected {}\n  found    {found}", expect.to_text()));
        }
        return;
    }
    let found = outcome(&guard, case, now).to_text();
    if found != expect.to_text() {
        failures.push(format!("{suite_name}/{name}:\n  expected {}\n  found    {found}", expect.to_text()));
    }
}

/// The outcome in the form that the vectors expect.
fn outcome(guard: &Guard, case: &Json, now: UnixTime) -> Json {
    let request = case.member("request").expect("a request");
    let mut built = Request::new(text(request, "method"), text(request, "url"));
    for pair in items(request, "headers") {
        let [Json::String(name), Json::String(value)] = pair.as_array().expect("a pair") else { panic!("a pair") };
        built = built.header(name, value);
    }
    let justification = case.member("context").and_then(|context| context.member("justification"));
    if let Some(text) = justification.and_then(Json::as_str) {
        built = built.justified_by(text);
    }
    let mut outcome = guard.check(&built, now);
    for _ in 0..10 {
        let need = match outcome {
            Outcome::Need(need) => need,
            Outcome::Allow(grant) => {
                let event = grant.event(guard, None);
                let Json::Object(mut found) = grant.to_json(guard) else { panic!("an object") };
                found.set("reason", event.reason);
                return found.into();
            }
            Outcome::Reject(refused) => {
                let event = refused.event(guard, None);
                let rejection = refused.rejection();
                let mut headers = portcullis::json::Object::new();
                for (name, value) in rejection.headers() {
                    headers.set(name, value);
                }
                let mut found = portcullis::json::Object::new();
                found.set("allowed", false);
                found.set("status", i64::from(rejection.status()));
                found.set("headers", headers);
                found.set("body", rejection.body());
                found.set("reason", event.reason);
                return found.into();
            }
        };
        let answer = match need.ask() {
            Ask::Keys { url } => {
                let found = case.member("keys").and_then(|keys| keys.member(url));
                Answer::Keys(found.map(|set| match set {
                    Json::String(text) => text.clone().into_bytes(),
                    other => other.to_text().into_bytes(),
                }))
            }
            Ask::Signature { .. } => panic!("natively every algorithm is verified in process"),
            Ask::Resource { kind, id } => {
                let found = case.member("resources").and_then(|kinds| kinds.member(kind)?.member(id));
                match found {
                    Some(Json::String(word)) if word == LOADED => Answer::Failed,
                    Some(Json::Object(attributes)) => Answer::Resource(Some(attributes.clone())),
                    _ => Answer::Resource(None),
                }
            }
        };
        outcome = guard.resume(need, answer);
    }
    panic!("the loop does not end");
}

fn check_document(suite_name: &str, document: &Json, failures: &mut Vec<String>) {
    let name = text(document, "name");
    let expected = document.member("error").expect("an error");
    let found = match guard(document) {
        Ok(_) => "null".to_owned(),
        Err(error) => {
            let mut found = portcullis::json::Object::new();
            found.set("document", error.document.name());
            found.set("path", error.path.as_str());
            found.set("code", error.code());
            Json::from(found).to_text()
        }
    };
    if found != expected.to_text() {
        failures.push(format!("{suite_name}/{name}:\n  expected {}\n  found    {found}", expected.to_text()));
    }
    // Arc keeps guards cheap to share; a Guard must stay Send and Sync for servers.
    fn is_shared<T: Send + Sync>() {}
    is_shared::<Arc<Guard>>();
}
