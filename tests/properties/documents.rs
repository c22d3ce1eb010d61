//! Any policy and trust document: it loads or says what is wrong, and a guard of what loads serves every request.

use std::sync::LazyLock;

use portcullis::json::Object;
use portcullis::{ConfigError, Guard, Json, Policy, Trust};
use proptest::prelude::*;
use proptest::sample::Index;

use crate::json::{json, near_json, text};
use crate::requests::{CASES, SUITES};
use crate::suite::{Case, Config};
use crate::{cases, process};

/// The documents of the vectors, those that load and those that do not, with the cases that they serve.
static CONFIGS: LazyLock<Vec<(Config, Vec<&Case<'static>>)>> = LazyLock::new(|| {
    let mut configs: Vec<(Config, Vec<&Case<'static>>)> = Vec::new();
    for case in CASES.iter() {
        let config = case.config();
        match configs.iter_mut().find(|(own, _)| own.policy == config.policy && own.trust == config.trust) {
            Some((_, cases)) => cases.push(case),
            None => configs.push((config, vec![case])),
        }
    }
    configs.extend(SUITES.iter().flat_map(|suite| suite.documents()).map(|documents| (documents.config, Vec::new())));
    configs
});

/// A change of a document at some place.
#[derive(Debug, Clone)]
enum Change {
    Put(Json),
    Remove,
    Double,
    Rename(String),
    /// What stands at another place.
    Copy(Index),
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        json().prop_map(Change::Put),
        Just(Change::Remove),
        Just(Change::Double),
        text().prop_map(Change::Rename),
        any::<Index>().prop_map(Change::Copy),
    ]
}

/// How many values stand in a value, itself among them.
fn size(json: &Json) -> usize {
    1 + match json {
        Json::Array(items) => items.iter().map(size).sum(),
        Json::Object(members) => members.iter().map(|(_, value)| size(value)).sum(),
        _ => 0,
    }
}

/// The value at that place, counted through the document.
fn at<'a>(json: &'a Json, place: &mut usize) -> Option<&'a Json> {
    if *place == 0 {
        return Some(json);
    }
    *place -= 1;
    match json {
        Json::Array(items) => items.iter().find_map(|item| at(item, place)),
        Json::Object(members) => members.iter().find_map(|(_, value)| at(value, place)),
        _ => None,
    }
}

/// The document with a change at that place.
fn changed(json: &Json, place: &mut usize, change: &Change, whole: &Json) -> Vec<(Option<String>, Json)> {
    if *place == 0 {
        *place = usize::MAX;
        return match change {
            Change::Put(new) => vec![(None, new.clone())],
            Change::Remove => Vec::new(),
            Change::Double => vec![(None, json.clone()), (None, json.clone())],
            Change::Rename(name) => vec![(Some(name.clone()), json.clone())],
            Change::Copy(other) => vec![(None, at(whole, &mut other.index(size(whole))).cloned().unwrap_or_default())],
        };
    }
    *place -= 1;
    let value = match json {
        Json::Array(items) => Json::Array(
            items.iter().flat_map(|item| changed(item, place, change, whole)).map(|(_, item)| item).collect(),
        ),
        Json::Object(members) => {
            let mut object = Object::new();
            for (name, value) in members.iter() {
                for (renamed, value) in changed(value, place, change, whole) {
                    object.set(renamed.unwrap_or_else(|| name.to_owned()), value);
                }
            }
            object.into()
        }
        leaf => leaf.clone(),
    };
    vec![(None, value)]
}

/// The text with some changes; a text that is no JSON has a piece cut out.
fn mutated(text: &str, changes: &[(Index, Change)]) -> String {
    let Ok(mut json) = Json::parse(text.as_bytes()) else {
        let cut = changes.first().map_or(0, |(place, _)| place.index(text.len() + 1));
        return text.chars().enumerate().filter(|(place, _)| *place != cut).map(|(_, character)| character).collect();
    };
    for (place, change) in changes {
        let found = changed(&json, &mut place.index(size(&json)), change, &json).pop();
        json = found.map(|(_, json)| json).unwrap_or_default();
    }
    json.to_text()
}

fn load(policy: &str, trust: Option<&str>, loaders: &[String]) -> Result<Guard, ConfigError> {
    process::guard(&Config { policy: policy.to_owned(), trust: trust.map(str::to_owned), loaders: loaders.to_vec() })
}

/// An error is a word and a place; it shows no value.
fn inspect(error: &ConfigError, text: &str) {
    assert!(!error.code().is_empty() && !error.to_string().contains('\n'), "{error}");
    // Each part of the path is a name or a number of the document.
    for name in error.path.split(['.', '[', ']', '"']).filter(|name| name.len() > 24) {
        assert!(text.contains(name), "{error}");
    }
}

proptest! {
    #![proptest_config(cases(5_000))]

    #[test]
    fn no_text_panics(text in prop_oneof![any::<String>(), near_json(), json().prop_map(|value| value.to_text())]) {
        let _ = Policy::parse(&text);
        let _ = Trust::parse(&text);
    }
}

proptest! {
    #![proptest_config(cases(3_000))]

    #[test]
    fn no_change_of_a_document_panics(
        index in any::<Index>(),
        of_policy in prop::collection::vec((any::<Index>(), change()), 0..3),
        of_trust in prop::collection::vec((any::<Index>(), change()), 0..3),
    ) {
        let (config, cases) = CONFIGS.get(index.index(CONFIGS.len())).expect("a config");
        let policy = mutated(&config.policy, &of_policy);
        let trust = config.trust.as_ref().map(|trust| mutated(trust, &of_trust));
        match load(&policy, trust.as_deref(), &config.loaders) {
            Err(error) => inspect(&error, &format!("{policy}\n{}\n{}", trust.unwrap_or_default(), config.loaders.join("\n"))),
            Ok(guard) => for case in cases.iter().take(5) {
                let _ = process::found(&guard, case);
            }
        }
    }
}
