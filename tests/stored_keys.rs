//! API keys that the host looks up: what is asked of it, what its answer is worth, and for how long.
#![cfg(not(target_arch = "wasm32"))]
#![expect(clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

use portcullis::{Answer, Ask, Guard, Json, Need, Outcome, Policy, Request, Revoked, Trust, UnixTime};

const POLICY: &str = r#"{ "policy": "stored", "revision": 1, "permissions": ["read", "write"],
    "roles": { "reader": { "permits": ["read"] }, "writer": { "permits": ["write"] } },
    "routes": [{ "route": "GET /data", "permission": "read" }, { "route": "PUT /data", "permission": "write" }] }"#;
/// TEST ONLY, with its checksum and its hash.
const KEY: &str = "wicket_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAA3mYHeB";
const NOW: i64 = 1_790_000_000;

fn at(seconds: i64) -> UnixTime {
    UnixTime::from_seconds(NOW + seconds)
}

fn guard(more: &str) -> Guard {
    let trust = format!(r#"{{ "apiKeyStore": {{ "prefix": "wicket", "idPrefix": "key:"{more} }} }}"#);
    Guard::new(Policy::parse(POLICY).expect("a policy"), Trust::parse(&trust).expect("a trust")).expect("a guard")
}

fn check(guard: &Guard, key: &str, seconds: i64) -> Outcome {
    guard.check(&Request::new("GET", "/data").header("x-api-key", key), at(seconds))
}

fn need(outcome: Outcome) -> Need {
    let Outcome::Need(need) = outcome else { panic!("{outcome:?}") };
    need
}

fn entry(text: &str) -> Answer {
    let Ok(Json::Object(entry)) = Json::parse(text.as_bytes()) else { panic!("an object: {text}") };
    Answer::ApiKey(Some(entry))
}

/// `permitted` or the reason.
fn reason(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Allow(grant) => grant.event(None).reason,
        Outcome::Reject(refused) => refused.event(None).reason,
        Outcome::Need(need) => panic!("{need:?}"),
    }
}

/// What becomes of the key at that moment, where the host is asked and answers so.
fn asked(guard: &Guard, seconds: i64, answer: Answer) -> &'static str {
    reason(guard.resume(need(check(guard, KEY, seconds)), answer))
}

const READER: &str = r#"{ "id": "k1", "roles": ["reader"] }"#;

#[test]
fn the_host_is_asked_by_the_hash_and_never_told_the_key() {
    let guard = guard("");
    let waits = need(check(&guard, KEY, 0));
    let Ask::ApiKey { hash } = waits.ask() else { panic!("{waits:?}") };
    assert_eq!(hash, "sha256:rj5X-IEzufs3MtKv-c2DAoc1Do_jXIlmx3cqTGpb4MM");
    assert!(!format!("{waits:?}").contains("AAAA"));
    assert_eq!(reason(guard.resume(waits, entry(READER))), "permitted");
}

#[test]
fn a_key_of_another_form_asks_nobody() {
    let guard = guard("");
    let refused = |key: &str| reason(check(&guard, key, 0));
    assert_eq!(refused("wicket_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAA3mYHeC"), "api_key_checksum");
    assert_eq!(refused("wicket_A"), "api_key_malformed");
    assert_eq!(refused("other_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAA3mYHeB"), "api_key_unknown");
}

#[test]
fn an_answer_is_asked_for_each_time_where_nothing_else_is_said() {
    let guard = guard("");
    for _ in 0..3 {
        assert_eq!(asked(&guard, 0, entry(READER)), "permitted");
    }
    assert_eq!(asked(&guard, 0, Answer::ApiKey(None)), "api_key_unknown");
}

#[test]
fn an_answer_is_remembered_for_as_long_as_is_said_and_no_longer() {
    let guard = guard(r#", "maxAge": 60"#);
    assert_eq!(asked(&guard, 0, entry(READER)), "permitted");
    assert_eq!(reason(check(&guard, KEY, 59)), "permitted");
    assert_eq!(asked(&guard, 60, Answer::ApiKey(None)), "api_key_unknown");
    assert_eq!(asked(&guard, 60, entry(READER)), "permitted", "that nobody knows it is not remembered");
}

/// A host that takes its time must not make what it said count for longer.
#[test]
fn the_time_counts_from_the_request_that_asked() {
    let guard = guard(r#", "maxAge": 60"#);
    let early = need(check(&guard, KEY, 0));
    need(check(&guard, KEY, 50));
    assert_eq!(reason(guard.resume(early, entry(READER))), "permitted");
    need(check(&guard, KEY, 60));
}

#[test]
fn a_clock_that_went_back_has_the_host_asked_again() {
    let guard = guard(r#", "maxAge": 60"#);
    assert_eq!(asked(&guard, 0, entry(READER)), "permitted");
    need(check(&guard, KEY, -1));
}

#[test]
fn no_answer_outlives_the_key() {
    let guard = guard(r#", "maxAge": 60"#);
    let ends = format!(r#"{{ "id": "k1", "roles": ["reader"], "notAfter": {} }}"#, NOW + 10);
    assert_eq!(asked(&guard, 0, entry(&ends)), "permitted");
    assert_eq!(reason(check(&guard, KEY, 9)), "permitted");
    assert_eq!(asked(&guard, 10, entry(&ends)), "api_key_expired");
}

#[test]
fn what_is_long_is_not_remembered() {
    let guard = guard(r#", "maxAge": 60"#);
    let roles = vec!["\"reader\""; 500].join(",");
    assert_eq!(asked(&guard, 0, entry(&format!(r#"{{ "id": "k1", "roles": [{roles}] }}"#))), "permitted");
    need(check(&guard, KEY, 1));
}

/// The oldest goes first.
#[test]
fn no_more_than_512_answers_are_remembered() {
    let guard = guard(r#", "maxAge": 60"#);
    let keys: Vec<String> = (0..513).map(key_of).collect();
    for key in &keys {
        assert_eq!(reason(guard.resume(need(check(&guard, key, 0)), entry(READER))), "permitted");
    }
    let is_remembered = |key: &String| matches!(check(&guard, key, 1), Outcome::Allow(_));
    assert_eq!(keys.iter().filter(|key| is_remembered(key)).count(), 512);
    assert!(keys.first().is_some_and(|key| !is_remembered(key)));
}

/// A key of the right form, TEST ONLY.
fn key_of(number: u32) -> String {
    const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let checked = format!("wicket_{number:030}");
    let hash = <sha2::Sha256 as sha2::Digest>::digest(checked.as_bytes());
    let mut number = hash.iter().take(4).fold(0_usize, |number, byte| (number << 8) | usize::from(*byte));
    let mut checksum = Vec::new();
    for _ in 0..6 {
        checksum.insert(0, DIGITS.get(number % 62).copied().map_or('0', char::from));
        number /= 62;
    }
    checked + &checksum.into_iter().collect::<String>()
}

#[test]
fn what_is_no_entry_lets_nobody_pass() {
    let guard = guard("");
    let entries = [
        "{}",
        r#"{ "id": "" }"#,
        r#"{ "id": 7 }"#,
        r#"{ "id": "k1", "roles": "reader" }"#,
        r#"{ "id": "k1", "roles": ["reader", 7] }"#,
        r#"{ "id": "k1", "permissions": null }"#,
        r#"{ "id": "k1", "roles": ["reader"], "notAfter": null }"#,
        r#"{ "id": "k1", "roles": ["reader"], "notAfter": "never" }"#,
        r#"{ "id": "k1", "roles": ["reader"], "notAfter": 1790000001.5 }"#,
        r#"{ "id": "k1", "roles": ["reader"], "notAfter": -1 }"#,
        r#"{ "id": "k1", "roles": ["reader"], "not_after": 0 }"#,
        r#"{ "id": "k1", "roles": ["reader"], "revoked": true }"#,
        r#"{ "id": "k1", "roles": ["reader"], "owner": "" }"#,
        r#"{ "id": "k1", "roles": ["reader"], "owner": null }"#,
        r#"{ "id": "k1", "assignments": [{ "role": "reader", "tenant": null }] }"#,
        r#"{ "id": "k1", "assignments": [{ "role": "reader", "until": 0 }] }"#,
    ];
    for text in entries {
        assert_eq!(asked(&guard, 0, entry(text)), "api_key_unavailable", "{text}");
    }
}

#[test]
fn another_answer_than_was_asked_for_lets_nobody_pass() {
    let guard = guard("");
    let answers = [
        Answer::Failed,
        Answer::Later,
        Answer::Signature(true),
        Answer::Fresh(true),
        Answer::Resource(None),
        Answer::Revocation(vec![None]),
    ];
    for answer in answers {
        assert_eq!(asked(&guard, 0, answer.clone()), "api_key_unavailable", "{answer:?}");
    }
}

#[test]
fn a_fact_refuses_what_is_remembered_and_what_is_looked_up() {
    let guard = guard(r#", "maxAge": 60"#);
    assert_eq!(asked(&guard, 0, entry(READER)), "permitted");
    let revoke = |id: &str| {
        let name = guard.revocation_name(Revoked::ApiKey, None, id).expect("a name");
        guard.revoke(&name, at(0), at(3600), at(0)).expect("room for a fact");
    };
    revoke("k1");
    assert_eq!(reason(check(&guard, KEY, 1)), "permitted", "the id is the principal's, prefix and all");
    revoke("key:k1");
    assert_eq!(reason(check(&guard, KEY, 1)), "api_key_revoked");
    assert_eq!(asked(&guard, 60, entry(READER)), "api_key_revoked");
}

#[test]
fn a_key_that_is_taken_back_while_the_host_looks_it_up_is_refused() {
    let guard = guard("");
    let waits = need(check(&guard, KEY, 0));
    let name = guard.revocation_name(Revoked::ApiKey, None, "key:k1").expect("a name");
    guard.revoke(&name, at(0), at(3600), at(0)).expect("room for a fact");
    assert_eq!(reason(guard.resume(waits, entry(READER))), "api_key_revoked");
}

#[test]
fn the_event_tells_whose_key_it_was_and_what_was_dropped() {
    let guard = guard(r#", "asserts": { "roles": ["reader"] }"#);
    let answer = r#"{ "id": "k1", "owner": "u1", "roles": ["reader", "writer"], "permissions": ["write"], "scopes": ["all"],
        "assignments": [{ "role": "writer", "tenant": "t1" }, { "role": "reader", "tenant": "t1" }], "notAfter": 1790000010 }"#;
    let outcome = guard.resume(need(check(&guard, KEY, 0)), entry(answer));
    let Outcome::Allow(grant) = outcome else { panic!("{outcome:?}") };
    let principal = grant.principal();
    assert_eq!((principal.id(), principal.kind().name(), principal.issuer()), ("key:k1", "service", None));
    assert_eq!(principal.subject().roles, ["reader"]);
    assert_eq!(principal.subject().assignments.len(), 1);
    assert!(principal.subject().permissions.is_empty() && principal.subject().scopes.is_empty());
    let event = grant.event(None).to_json("");
    let told = event.member("apiKey").map(Json::to_text).expect("the key");
    assert_eq!(
        told,
        r#"{"owner":"u1","expires":1790000010,"dropped":{"roles":["writer","writer"],"permissions":["write"],"scopes":["all"]}}"#
    );
    assert!(!event.to_text().contains("rj5X") && !event.to_text().contains("wicket"));
}
