//! Another policy is put in force: what was given under the one before is not known any more.

use portcullis::wasm::{answers, guard as core, questions, upkeep};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::gate::{ALLOW, Gate, MISS, REJECT, UNKNOWN, outcome, parse, text, write};
use crate::suite::Config;

const NOW: f64 = 1_790_000_000.0;
const REPLACE_POLICY: u32 = 30;
const REQUEST: &[u8] = b"GET\n/articles\n\n\n\n\n";

fn gate(revision: u32, members: &str) -> Gate {
    let policy = format!(
        r#"{{ "policy": "site", "revision": {revision}, "permissions": ["read"],
            "roles": {{ "reader": {{ "permits": ["read"] }} }}, {members} }}"#
    );
    let trust = r#"{ "guest": { "roles": ["reader"] } }"#;
    Gate::create(&Config { policy, trust: Some(trust.to_owned()), loaders: Vec::new() }).expect("it loads")
}

const READ: &str = r#""routes": [{ "route": "GET /articles", "permission": "read" }]"#;

fn replace(gate: &Gate, other: &Gate) -> String {
    upkeep::upkeep(gate.number, REPLACE_POLICY, other.number, NOW)
}

#[wasm_bindgen_test]
fn what_was_given_under_another_policy_is_a_miss() {
    let gate = gate(1, READ);
    assert_eq!(core::check(gate.number, write(REQUEST), NOW), ALLOW);
    let (principal, route) = (answers::outcome_handle(gate.number, 0), answers::outcome_handle(gate.number, 1));
    let subject = questions::subject(gate.number, write(br#"{ "id": "u1", "roles": ["reader"] }"#));
    let permission = questions::permission(gate.number, write(b"read"));
    assert_eq!(core::check_known(gate.number, principal, route, NOW), ALLOW);
    assert_eq!(questions::can(gate.number, subject, permission, 0, NOW), ALLOW);

    let later =
        self::gate(2, r#""rules": [{ "id": "closed", "effect": "deny", "permissions": ["read"] }], "routes": []"#);
    assert_eq!(replace(&gate, &later), ".");
    assert_eq!(core::check(later.number, 0, NOW), UNKNOWN, "the guard that brought it is gone");
    assert_eq!(core::check_known(gate.number, principal, route, NOW), MISS);
    assert_eq!(questions::can(gate.number, subject, permission, 0, NOW), MISS);
    assert_eq!(outcome(gate.number), "", "the last outcome was of the other policy");
    assert_eq!(core::check(gate.number, write(REQUEST), NOW), REJECT);
    let again = questions::subject(gate.number, write(br#"{ "id": "u1", "roles": ["reader"] }"#));
    assert!(again > subject, "a handle is never used twice");
    assert_eq!(questions::can(gate.number, again, permission, 0, NOW), REJECT);
}

#[wasm_bindgen_test]
fn handles_are_given_anew_behind_those_that_were_forgotten() {
    let gate = gate(1, READ);
    let handles = |count: u32| {
        (0..count)
            .map(|_| {
                assert_eq!(core::check(gate.number, write(REQUEST), NOW), ALLOW);
                (answers::outcome_handle(gate.number, 0), answers::outcome_handle(gate.number, 1))
            })
            .collect::<Vec<_>>()
    };
    let before = handles(3);
    assert_eq!(replace(&gate, &self::gate(2, READ)), ".");
    // More than there is room for: each is a way of its own until another takes its place.
    let after = handles(2049);
    for (principal, route) in &before {
        assert_eq!(core::check_known(gate.number, *principal, *route, NOW), MISS);
    }
    let (first, kept) = after.split_first().expect("there are some");
    assert_eq!(core::check_known(gate.number, first.0, first.1, NOW), MISS);
    for (principal, route) in kept {
        assert_eq!(core::check_known(gate.number, *principal, *route, NOW), ALLOW);
    }
}

#[wasm_bindgen_test]
fn a_policy_that_is_refused_changes_nothing() {
    let gate = gate(2, READ);
    assert_eq!(core::check(gate.number, write(REQUEST), NOW), ALLOW);
    let (principal, route) = (answers::outcome_handle(gate.number, 0), answers::outcome_handle(gate.number, 1));
    let refused = parse(&replace(&gate, &self::gate(1, READ)));
    let error = refused.member("error").expect("an error");
    assert_eq!((text(error, "path"), text(error, "code")), ("revision", "revision_not_newer"));
    assert!(!text(error, "message").is_empty());
    assert_eq!(core::check_known(gate.number, principal, route, NOW), ALLOW);
    for nobody in [0, 1_000_000, u32::MAX] {
        assert_eq!(upkeep::upkeep(gate.number, REPLACE_POLICY, nobody, NOW), "");
    }
}
