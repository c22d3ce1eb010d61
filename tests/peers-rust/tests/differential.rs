//! The guard beside jsonwebtoken's `decode`. `SEED=7` tries other tokens, and `TIMES=10` ten times as many.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{SystemTime, UNIX_EPOCH};

use portcullis_peers::draft::{Draft, SITES};
use portcullis_peers::intended::{INTENDED, explaining};
use portcullis_peers::mutations;
use portcullis_peers::random::Random;
use portcullis_peers::verifiers::{Ours, Peer, Verdict};
use serde_json::json;

/// What was found. A class is needed where it alone explains a difference.
#[derive(Default)]
struct Findings {
    compared: usize,
    accepted: usize,
    refused: usize,
    explained: BTreeMap<&'static str, usize>,
    needed: BTreeSet<&'static str>,
    unexplained: Vec<String>,
    other_subjects: Vec<String>,
}

impl Findings {
    fn sort(&mut self, name: &str, topics: &[&'static str], ours: &Verdict, theirs: &Verdict) {
        self.compared += 1;
        if ours.accepts() == theirs.accepts() {
            *(if ours.accepts() { &mut self.accepted } else { &mut self.refused }) += 1;
            if ours.subject != theirs.subject {
                self.other_subjects.push(name.to_owned());
            }
            return;
        }
        let classes: Vec<_> = explaining(ours, topics).collect();
        match classes.as_slice() {
            [] => self.unexplained.push(format!("{name}: we {}, they {}", ours.reason, theirs.reason)),
            [only] => drop(self.needed.insert(only.name)),
            _ => {}
        }
        // Of several the first, so that each difference is counted once.
        if let Some(first) = classes.first() {
            *self.explained.entry(first.name).or_default() += 1;
        }
    }

    /// For `make conformance`.
    fn write(&self) {
        let deviations: Vec<_> = INTENDED
            .iter()
            .filter_map(|class| Some((class, self.explained.get(class.name)?)))
            .map(|(class, count)| json!({ "case": class.name, "reason": class.why, "count": count }))
            .collect();
        let summary = json!({
            "suite": "differential: jsonwebtoken (crate)",
            "cases": self.compared,
            "passed": self.compared - self.unexplained.len(),
            "deviations": deviations,
        });
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/conformance");
        std::fs::create_dir_all(folder).expect("a folder");
        let text = serde_json::to_string_pretty(&summary).expect("JSON");
        std::fs::write(format!("{folder}/differential_jsonwebtoken_crate.json"), text).expect("a file");
    }
}

fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok()?.parse().ok()
}

/// The peer reads the clock itself, so the tokens are of this moment.
fn moment() -> i64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_secs();
    i64::try_from(now).expect("a moment")
}

/// For each key the issuer's own token, each mutation alone, and pairs of them that the seed chooses.
fn compare() -> Findings {
    let pairs = 150 * number("TIMES").unwrap_or(1);
    let mut findings = Findings::default();
    for (place, site) in (0_u64..).zip(SITES) {
        let now = moment();
        let mutations = mutations::all(now);
        let mut random = Random::seeded(number("SEED").unwrap_or(1) + place);
        let (ours, peer) = (Ours::of(*site), Peer::of(*site));
        let own: Vec<_> = mutations.iter().filter(|mutation| mutation.applies(*site)).collect();
        let mut chosen: Vec<Vec<_>> = vec![vec![]];
        chosen.extend(own.iter().map(|mutation| vec![*mutation]));
        chosen.extend((0..pairs).map(|_| vec![*random.pick(&own), *random.pick(&own)]));
        for mutations in chosen.iter().filter(|chosen| !is_twice(chosen)) {
            let mut draft = Draft::honest(*site, now);
            for mutation in mutations {
                mutation.apply(&mut draft, &mut random);
            }
            let topics: Vec<_> = mutations.iter().map(|mutation| mutation.topic).collect();
            let names: Vec<_> = mutations.iter().map(|mutation| mutation.name.as_str()).collect();
            let token = draft.text();
            let name = format!("{}: {}", site.name, names.join(" and "));
            findings.sort(&name, &topics, &ours.verdict(&token, now), &peer.verdict(&token));
        }
    }
    findings
}

fn is_twice(chosen: &[&mutations::Mutation]) -> bool {
    matches!(chosen, [one, other] if one.name == other.name)
}

#[test]
fn every_difference_is_meant() {
    let findings = compare();
    findings.write();
    let Findings { compared, unexplained, .. } = &findings;
    assert!(unexplained.is_empty(), "{} of {compared}\n{}", unexplained.len(), unexplained.join("\n"));
    assert_eq!(findings.other_subjects, Vec::<String>::new(), "whom both believe has one subject");
    let idle: Vec<_> = INTENDED.iter().map(|class| class.name).filter(|name| !findings.needed.contains(name)).collect();
    assert_eq!(idle, Vec::<&str>::new(), "each class explains something");
    assert!(findings.accepted > 200 && findings.refused > 500, "{} and {}", findings.accepted, findings.refused);
}

#[test]
fn a_difference_that_nobody_meant_is_found() {
    let believed = |subject: &str| Verdict { subject: Some(subject.to_owned()), reason: "permitted".to_owned() };
    let doubted = |reason: &str| Verdict { subject: None, reason: reason.to_owned() };
    let mut findings = Findings::default();
    findings.sort("a forged token", &["tampered"], &believed("root"), &doubted("InvalidSignature"));
    findings.sort("a member twice", &["unknown twice"], &doubted("expired"), &believed("u1"));
    findings.sort("another subject", &[], &believed("root"), &believed("u1"));
    assert_eq!((findings.unexplained.len(), findings.other_subjects.len()), (2, 1));
}

#[test]
fn every_row_that_is_about_tokens_is_there() {
    let rows: BTreeSet<u8> = mutations::all(0).iter().map(|mutation| mutation.row).collect();
    for row in [1, 2, 4, 6, 7, 9, 10, 11, 16, 17, 18, 19, 21, 22, 23, 24, 25, 26, 34] {
        assert!(rows.contains(&row), "row {row}");
    }
}
