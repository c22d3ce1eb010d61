//! The order in which a document says things never changes an answer.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use portcullis::json::Object;
use portcullis::{Guard, Json};
use proptest::prelude::*;

use crate::expectation::Comparison;
use crate::json::{numbers, reordered, shuffle};
use crate::requests::{CASES, SUITES};
use crate::suite::{Asked, Case, Config};
use crate::{cases, process};

/// Lists of a policy that are sets. Not `acr`, which stands in a challenge as it is written.
const OF_POLICY: &[&str] = &["actions", "permissions", "permits", "inherits", "rules", "routes"];
/// The same for what explains: it tells a grant by its place in `permits`.
const OF_EXPLAINED: &[&str] = &["actions", "permissions", "inherits", "rules", "routes"];
/// Lists of a trust document that are sets.
const OF_TRUST: &[&str] = &["issuers", "apiKeys", "keys", "audience", "algorithms"];

/// The outcomes with the documents as they are.
static UNSHUFFLED: LazyLock<Vec<Json>> = LazyLock::new(|| found_by(|case| case.config()));

/// What is found of each case by a guard of these documents. A question leaves nothing behind in a guard, so those of
/// one config share theirs.
fn found_by(config: impl Fn(&Case<'_>) -> Config) -> Vec<Json> {
    let mut decision_points: BTreeMap<(&str, &str, bool), Guard> = BTreeMap::new();
    let mut found = Vec::new();
    for case in CASES.iter() {
        let made = || process::guard(&config(case)).expect("it loads");
        let mut own = None;
        let guard = if case.asks_alone() {
            let suite = case.name.split('/').next().unwrap_or("");
            decision_points.entry((suite, case.config_name, names_places(case))).or_insert_with(made)
        } else {
            own.insert(made())
        };
        // A principal's attributes stand in the order of `claims.attributes`.
        found.push(Json::from(Json::Array(process::found(guard, case)).to_canonical_text()));
    }
    found
}

fn names_places(case: &Case<'_>) -> bool {
    matches!(case.first().asked, Asked::Why(_) | Asked::List { .. })
}

/// The same document with the lists of those names in another order, too.
fn shuffled(text: &str, lists: &[&str], seed: u64) -> String {
    let mut below = numbers(seed);
    match Json::parse(text.as_bytes()) {
        Ok(json) => reordered(&with_lists(&json, lists, &mut below), &mut below).to_text(),
        Err(_) => text.to_owned(),
    }
}

fn with_lists(json: &Json, lists: &[&str], below: &mut impl FnMut(usize) -> usize) -> Json {
    match json {
        Json::Array(items) => Json::Array(items.iter().map(|item| with_lists(item, lists, below)).collect()),
        Json::Object(members) => {
            let mut object = Object::new();
            for (name, value) in members.iter() {
                let mut value = with_lists(value, lists, below);
                if let (true, Json::Array(items)) = (lists.contains(&name), &mut value) {
                    shuffle(items, below);
                }
                object.set(name, value);
            }
            object.into()
        }
        leaf => leaf.clone(),
    }
}

/// A smaller seed is no simpler, so none is looked for.
fn seeds(count: u32) -> ProptestConfig {
    ProptestConfig { max_shrink_iters: 0, ..cases(count) }
}

proptest! {
    #![proptest_config(seeds(2))]

    #[test]
    fn shuffled_documents_give_the_same_answers(seed in any::<u64>()) {
        let mut comparison = Comparison::default();
        let found = found_by(|case| {
            let config = case.config();
            Config {
                policy: shuffled(&config.policy, if names_places(case) { OF_EXPLAINED } else { OF_POLICY }, seed),
                trust: config.trust.map(|trust| shuffled(&trust, OF_TRUST, seed)),
                loaders: config.loaders.into_iter().rev().collect(),
            }
        });
        for ((case, expected), found) in CASES.iter().zip(UNSHUFFLED.iter()).zip(found) {
            comparison.compare(&case.name, expected, &found);
        }
        comparison.assert_all_equal();
    }
}

proptest! {
    #![proptest_config(seeds(20))]

    #[test]
    fn reordered_documents_have_the_same_error(seed in any::<u64>()) {
        let mut comparison = Comparison::default();
        for documents in SUITES.iter().flat_map(|suite| suite.documents()) {
            let config = documents.config;
            let found = process::error(&Config {
                policy: shuffled(&config.policy, &[], seed),
                trust: config.trust.map(|trust| shuffled(&trust, &[], seed)),
                loaders: config.loaders,
            });
            comparison.compare(&documents.name, documents.error, &found);
        }
        comparison.assert_all_equal();
    }
}
