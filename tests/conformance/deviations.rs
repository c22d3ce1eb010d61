//! Where we say otherwise than Wycheproof, and why: `deviations.json`, a list of
//! `{ "reason", "verdict", "suites": { "<suite>": "<cases>" } }` with the cases as numbers and ranges, `1-4 7`.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::report::Row;
use crate::set::{parsed, text};

/// The cases of a suite that are listed and have not come up yet.
pub(crate) struct Listed(BTreeMap<u64, Deviation>);

struct Deviation {
    verdict: String,
    reason: String,
}

impl Listed {
    pub(crate) fn of(suite: &str) -> Self {
        let mut listed = BTreeMap::new();
        for (own, case, deviation) in all() {
            if own == suite && listed.insert(case, deviation).is_some() {
                panic!("deviations.json: {suite} has {case} twice");
            }
        }
        Self(listed)
    }

    /// Counts a case. `result` is Wycheproof's word; where that is `acceptable` it is decided here, and so listed.
    pub(crate) fn settle(&mut self, row: &mut Row, case: u64, result: &str, agrees: bool, verdict: &str) {
        let number = case.to_string();
        match self.0.remove(&case) {
            Some(deviation) if agrees => row.fail(&number, &format!("needs no deviation: {}", deviation.reason)),
            Some(deviation) if deviation.verdict == verdict => row.deviate(&number, &deviation.reason),
            None if agrees => row.pass(),
            _ => row.fail(&number, &format!("Wycheproof says {result}, and the verdict is {verdict}")),
        }
    }

    pub(crate) fn finish(self, row: &mut Row) {
        for (case, deviation) in self.0 {
            row.complain(format!("{case}: there is no such case to deviate from: {}", deviation.reason));
        }
    }
}

fn all() -> Vec<(String, u64, Deviation)> {
    let mut all = Vec::new();
    for entry in parsed(include_str!("deviations.json")).as_array().expect("a list") {
        for (suite, cases) in entry.get("suites").and_then(Value::as_object).expect("suites") {
            for range in cases.as_str().expect("numbers and ranges").split(' ') {
                let (first, last) = range.split_once('-').unwrap_or((range, range));
                let number = |text: &str| text.parse::<u64>().expect("a number");
                for case in number(first)..=number(last) {
                    let (verdict, reason) = (text(entry, "verdict").to_owned(), text(entry, "reason").to_owned());
                    all.push((suite.clone(), case, Deviation { verdict, reason }));
                }
            }
        }
    }
    all
}

#[test]
fn each_deviation_is_of_a_suite() {
    let suites = [crate::wycheproof_sets::suites(), crate::keys::suites()].concat();
    for (suite, ..) in all() {
        assert!(suites.contains(&suite), "deviations.json: there is no suite {suite}");
    }
}
