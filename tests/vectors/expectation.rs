//! What a vector expects, byte for byte.

use portcullis::Json;
use portcullis::json::Object;

/// An allowed outcome, `Allowed` of `types.d.ts`, in the form that the vectors expect.
pub(crate) fn allowed(outcome: Json, event: &Json) -> Json {
    let Json::Object(mut found) = outcome else { panic!("an outcome is an object") };
    found.set("reason", event.member("reason").cloned().unwrap_or_default());
    let dropped = event.member("token").and_then(|token| token.member("dropped"));
    if let Some(dropped) = dropped.filter(|dropped| **dropped != Json::Null) {
        found.set("dropped", dropped.clone());
    }
    if let Some(key) = event.member("apiKey") {
        found.set("apiKey", key.clone());
    }
    if let Some(grant) = event.member("breakGlass") {
        found.set("breakGlass", grant.clone());
    }
    found.into()
}

/// A refused outcome, `Rejected` of `types.d.ts`, in the form that the vectors expect.
pub(crate) fn refused(outcome: &Json, reason: &str) -> Json {
    let member = |name| outcome.member(name).cloned().unwrap_or_default();
    let mut found = Object::new();
    found.set("allowed", member("allowed"));
    found.set("status", member("status"));
    found.set("headers", member("headers"));
    found.set("body", member("problem").to_text());
    found.set("reason", reason);
    found.into()
}

/// An explanation, without its summary where the vector leaves that open.
pub(crate) fn explained(explanation: Json, expected: &Json) -> Json {
    let Json::Object(found) = explanation else { panic!("an explanation is an object") };
    let mut compared = Object::new();
    for (name, value) in found.iter().filter(|(name, _)| *name != "summary" || expected.member(name).is_some()) {
        compared.set(name, value.clone());
    }
    compared.into()
}

/// The error of a document, without its message, which may change.
pub(crate) fn error(document: &str, path: &str, code: &str) -> Json {
    let mut found = Object::new();
    found.set("document", document);
    found.set("path", path);
    found.set("code", code);
    found.into()
}

/// What differed, in how many comparisons.
#[derive(Default)]
pub(crate) struct Comparison {
    count: usize,
    differences: Vec<String>,
}

impl Comparison {
    pub(crate) fn compare(&mut self, name: &str, expected: &Json, found: &Json) {
        self.count += 1;
        let (expected, found) = (expected.to_text(), found.to_text());
        if expected != found {
            self.differences.push(format!("{name}:\n  expected {expected}\n  found    {found}"));
        }
    }

    pub(crate) fn assert_all_equal(self) {
        let Self { count, differences } = self;
        assert!(count > 0, "no vectors");
        assert!(differences.is_empty(), "{} of {count} vectors differ:\n{}", differences.len(), differences.join("\n"));
    }
}
