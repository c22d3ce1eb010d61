//! What is pushed while a request waits for a resource counts when the resource is there.
#![cfg(not(target_arch = "wasm32"))]
#![expect(clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

use portcullis::json::Object;
use portcullis::{Answer, Ask, Guard, Need, Outcome, Policy, Request, Revoked, Trust, UnixTime};

const POLICY: &str = r#"{ "policy": "waiting", "revision": 1,
    "resources": { "article": { "actions": ["update"], "owner": "author_id" } },
    "roles": { "author": { "permits": [{ "permission": "article:update", "owner": true }] } },
    "routes": [{ "route": "PUT /articles/{id}", "permission": "article:update" }] }"#;
const API_KEY: &str = "TEST-ONLY-0123456789-0123456789-0123456789";
const TRUST: &str = r#"{
    "issuers": [{ "issuer": "https://id.example", "audience": "api", "introspection":
        { "endpoint": "https://id.example/introspect", "clientId": "api", "clientSecret": "TEST ONLY" } }],
    "apiKeys": [{ "id": "u1", "roles": ["author"],
        "hash": "sha256:DhomfmKQK7qRxBUmqqpxWzR7zYr1s4A2i8QpIte-ABQ" }] }"#;
const ANSWER: &str = r#"{ "active": true, "sub": "u1", "aud": "api", "iss": "https://id.example",
    "iat": 1789999000, "jti": "t1", "roles": ["author"] }"#;

fn now() -> UnixTime {
    UnixTime::from_seconds(1_790_000_000)
}

fn guard() -> Guard {
    let (policy, trust) = (Policy::parse(POLICY).expect("a policy"), Trust::parse(TRUST).expect("a trust"));
    Guard::with_loaders(policy, trust, &["article"]).expect("a guard")
}

fn need(outcome: Outcome) -> Need {
    let Outcome::Need(need) = outcome else { panic!("{outcome:?}") };
    need
}

/// The request of a token, when the issuer has answered and the resource is to be loaded.
fn waits_by_token(guard: &Guard) -> Need {
    let request = Request::new("PUT", "/articles/7").header("authorization", "Bearer opaque");
    let asked = need(guard.check(&request, now()));
    assert!(matches!(asked.ask(), Ask::Introspection { .. }));
    loading(need(guard.resume(asked, Answer::Introspection(Some(ANSWER.as_bytes().to_vec())))))
}

fn waits_by_api_key(guard: &Guard) -> Need {
    loading(need(guard.check(&Request::new("PUT", "/articles/7").header("x-api-key", API_KEY), now())))
}

fn loading(need: Need) -> Need {
    assert!(matches!(need.ask(), Ask::Resource { .. }));
    need
}

/// The end of a request whose resource is the subject's own: `permitted`, or the reason.
fn end(guard: &Guard, need: Need) -> &'static str {
    let mut article = Object::new();
    article.set("author_id", "u1");
    match guard.resume(need, Answer::Resource(Some(article))) {
        Outcome::Allow(grant) => grant.event(None).reason,
        Outcome::Reject(refused) => refused.event(None).reason,
        Outcome::Need(need) => panic!("{need:?}"),
    }
}

fn revoke(guard: &Guard, what: Revoked, value: &str) {
    let name = guard.revocation_name(what, None, value).expect("a name");
    guard.revoke(&name, now(), UnixTime::from_seconds(1_790_000_600), now()).expect("room for a fact");
}

#[test]
fn nothing_pushed_refuses_nobody() {
    let guard = guard();
    assert_eq!(end(&guard, waits_by_token(&guard)), "permitted");
    assert_eq!(end(&guard, waits_by_api_key(&guard)), "permitted");
}

#[test]
fn a_token_that_is_taken_back_meanwhile_is_refused() {
    let guard = guard();
    revoke(&guard, Revoked::Subject, "another");
    let waits = waits_by_token(&guard);
    revoke(&guard, Revoked::Subject, "u1");
    assert_eq!(end(&guard, waits), "revoked");
}

#[test]
fn another_s_fact_refuses_nobody() {
    let guard = guard();
    revoke(&guard, Revoked::Subject, "another");
    let waits = waits_by_token(&guard);
    revoke(&guard, Revoked::Jti, "t2");
    assert_eq!(end(&guard, waits), "permitted");
}

/// Until the first fact nobody notes what could take a token back.
#[test]
fn where_the_first_fact_comes_meanwhile_nobody_can_say() {
    let guard = guard();
    let waits = waits_by_token(&guard);
    revoke(&guard, Revoked::Subject, "u1");
    assert_eq!(end(&guard, waits), "revocation_unavailable");
    let asked = guard.check(&Request::new("PUT", "/articles/7").header("authorization", "Bearer opaque"), now());
    let Outcome::Reject(refused) = asked else { panic!("{asked:?}") };
    assert_eq!(refused.event(None).reason, "revoked");
}

#[test]
fn an_api_key_that_is_taken_back_meanwhile_is_refused() {
    let guard = guard();
    let waits = waits_by_api_key(&guard);
    revoke(&guard, Revoked::ApiKey, "u1");
    assert_eq!(end(&guard, waits), "api_key_revoked");
}
